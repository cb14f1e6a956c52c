// What peers ask of each other and the proofs they answer with. How proofs are made and verified is Hypercore's
// (lib/merkle-tree.js).

import type { Manifest } from './manifest.js'
import type { TreeNode } from './storage/records.js'

/** What a proof is to be of. */
export interface ProofRequest {
  /** A block, given that the other side has `nodes` levels of the tree above it. */
  block?: { index: number; nodes: number } | null | undefined
  /** A node of the tree. */
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

/** A tree that a proof leads to. */
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
  /** 32 bytes: the tree hash. */
  hash(): Uint8Array
}
