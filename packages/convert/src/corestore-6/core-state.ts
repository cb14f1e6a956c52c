// The state of a Hypercore 10 after the entries of its oplog, which the other files may not contain yet.

import type { OplogEntry } from '@coreyard/hypercore-port/corestore-6'
import type { Bytes, Manifest, StoredKeyPair, TreeNode } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import flat from 'flat-tree'
import crypto from 'hypercore-crypto'
import type { Oplog } from './oplog.js'

/** Blocks that were added or removed since the bitfield was written. */
export interface BitRange {
  readonly start: number
  readonly length: number
  readonly drop: boolean
}

export class CoreState {
  readonly key: Bytes
  readonly discoveryKey: Bytes
  readonly manifest: Manifest | null
  readonly keyPair: StoredKeyPair | null
  readonly userData: Map<string, Uint8Array>
  /** Tree nodes that the tree file may lack. */
  readonly nodes = new Map<number, TreeNode>()
  readonly bits: BitRange[] = []
  length: number
  fork: number
  signature: Uint8Array | null
  /** Of the tree, as the header has it; `null` once an entry has changed the tree. */
  rootHash: Uint8Array | null
  /** What the tree file has of blocks from this one on is of an older fork. */
  fileLength = Number.POSITIVE_INFINITY

  constructor({ header, entries }: Oplog) {
    const { key, manifest, keyPair, userData, tree } = header
    this.key = b4a.from(key) as Bytes
    this.discoveryKey = crypto.discoveryKey(this.key)
    this.manifest = manifest
    const { publicKey = null, secretKey = null } = keyPair ?? {}
    this.keyPair = publicKey === null ? null : { publicKey, secretKey }
    this.userData = new Map()
    for (const { key: name, value } of userData) this.#setUserData(name, value)
    this.length = tree.length
    this.fork = tree.fork
    this.signature = tree.signature
    this.rootHash = tree.rootHash
    for (const entry of entries) this.#apply(entry)
  }

  #apply({ userData, treeNodes, treeUpgrade, bitfield }: OplogEntry): void {
    if (userData) this.#setUserData(userData.key, userData.value)
    if (treeUpgrade) {
      if (treeUpgrade.ancestors < this.length) this.#truncate(treeUpgrade.ancestors)
      this.length = treeUpgrade.length
      this.fork = treeUpgrade.fork
      this.signature = treeUpgrade.signature
      this.rootHash = null
    }
    for (const node of treeNodes ?? []) this.nodes.set(node.index, node)
    if (bitfield) this.bits.push(bitfield)
  }

  #truncate(length: number): void {
    this.fileLength = Math.min(this.fileLength, length)
    for (const index of this.nodes.keys()) if (!isBelow(index, length)) this.nodes.delete(index)
  }

  /** Hypercore 10 removes what has no value. */
  #setUserData(key: string, value: Uint8Array | null): void {
    if (value === null) this.userData.delete(key)
    else this.userData.set(key, value)
  }
}

/** Whether all blocks below a tree node are among the first `length`. */
export function isBelow(index: number, length: number): boolean {
  return flat.rightSpan(index) < 2 * length
}
