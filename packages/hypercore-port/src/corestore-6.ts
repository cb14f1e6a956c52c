/**
 * The encodings of Hypercore 10's oplog, which hypercore-storage keeps for its own migration (migrations/0/messages.js).
 *
 * @packageDocumentation
 */

import type { Bytes, Manifest, TreeNode } from '@coreyard/hypercore-types'
import messages from 'hypercore-storage/migrations/0/messages.js'

/** A buffer, and the range of it that is still to be read: from byte `start` to byte `end` (exclusive). */
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
  /** The position of the header in the file `header`, in bytes. If it is set, nothing else is. */
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
    /** How many blocks are kept from before the upgrade. */
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
