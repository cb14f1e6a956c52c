// The requests of peers and the proofs that answer them. Hypercore makes and verifies proofs (lib/merkle-tree.js).

import type { Manifest } from './manifest.js'
import type { TreeNode } from './storage/records.js'

/** What to prove. */
export interface ProofRequest {
  /** A block, given that the other side has `nodes` levels of the tree above it. */
  block?: { index: number; nodes: number } | null | undefined
  /** A node of the tree, by its number in the flat tree. */
  hash?: { index: number; nodes: number } | null | undefined
  /** The block that holds a byte. */
  seek?: { bytes: number; padding?: number | undefined } | null | undefined
  /** A longer length: `length` blocks more than `start`. */
  upgrade?: { start: number; length: number } | null | undefined
}

/** A proof: tree nodes that lead to the signed root. */
export interface TreeProof {
  fork: number
  block: { index: number; value: Uint8Array | null; nodes: TreeNode[] } | null
  hash: { index: number; nodes: TreeNode[] } | null
  seek: { bytes: number; nodes: TreeNode[] } | null
  upgrade: {
    start: number
    length: number
    nodes: TreeNode[]
    additionalNodes: TreeNode[]
    signature: Uint8Array | null
  } | null
  manifest: Manifest | null
}

/** The tree that results from applying a proof. */
export interface TreeBatch {
  readonly fork: number
  /** In blocks. */
  readonly length: number
  /** In bytes. */
  readonly byteLength: number
  readonly roots: TreeNode[]
  readonly signature: Uint8Array | null
  /** Whether the proof makes the core longer. */
  readonly upgraded: boolean
  /** Returns the tree hash, 32 bytes. */
  hash(): Uint8Array
}
