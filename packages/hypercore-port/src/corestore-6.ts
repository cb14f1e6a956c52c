/**
 * The encodings of Hypercore 10's oplog, which hypercore-storage keeps for its own migration (migrations/0/messages.js).
 *
 * @packageDocumentation
 */

import type { Bytes, Manifest, TreeNode } from '@coreyard/hypercore-types'
import messages from 'hypercore-storage/migrations/0/messages.js'

/** Bytes, and how far they are read. */
export interface OplogState {
  start: number
  end: number
  readonly buffer: Uint8Array
}

export interface OplogUserData {
  readonly key: string
  readonly value: Uint8Array | null
}

export interface OplogHeader {
  /** Where the header is in the file `header`; nothing else is set then. */
  readonly external: { readonly start: number; readonly length: number } | null
  readonly key: Uint8Array
  readonly manifest: Manifest | null
  readonly keyPair: { readonly publicKey: Bytes | null; readonly secretKey: Bytes | null } | null
  readonly userData: readonly OplogUserData[]
  readonly tree: {
    readonly fork: number
    readonly length: number
    readonly rootHash: Uint8Array | null
    readonly signature: Uint8Array | null
  }
}

export interface OplogEntry {
  readonly userData: OplogUserData | null
  readonly treeNodes: readonly TreeNode[] | null
  readonly treeUpgrade: {
    readonly fork: number
    /** How many blocks are those of before. */
    readonly ancestors: number
    readonly length: number
    readonly signature: Uint8Array | null
  } | null
  readonly bitfield: { readonly drop: boolean; readonly start: number; readonly length: number } | null
}

interface Messages {
  readonly oplog: {
    readonly header: { decode(state: OplogState): OplogHeader }
    readonly entry: { decode(state: OplogState): OplogEntry }
  }
}

const { oplog } = messages as Messages

export const oplogHeader = oplog.header
export const oplogEntry = oplog.entry
