// The Merkle tree of a Hypercore 10: the nodes of its file, 40 bytes each (the size as eight bytes, little-endian, then the hash)
// at 40 times their number, zero where there is none; and those that are in the oplog still. Checked as far as they say
// something about one another.
import type { TreeNode } from '@coreyard/hypercore-types'
import type { StorageError } from '@coreyard/storage'
import b4a from 'b4a'
import flat from 'flat-tree'
import crypto from 'hypercore-crypto'
import type { CachedFile } from './cached-file.js'
import { type CoreState, isBelow } from './core-state.js'
import { damaged } from './damage.js'

const NODE_BYTES = 40
/** How many nodes of the file are looked at together, to pass over where there are none. */
const RUN = 1024
const NOTHING = new Uint8Array(RUN * NODE_BYTES)

export class CoreTree {
  readonly #file: CachedFile
  readonly #state: CoreState

  constructor(file: CachedFile, state: CoreState) {
    this.#file = file
    this.#state = state
  }

  /** `null` if it is not stored. */
  async get(index: number): Promise<TreeNode | null> {
    const { nodes, length, fileLength } = this.#state
    if (!isBelow(index, length)) return null
    const node = nodes.get(index)
    if (node !== undefined) return isBlank(node) ? null : node
    const offset = index * NODE_BYTES
    if (offset + NODE_BYTES > this.#file.size || !isBelow(index, fileLength)) return null
    const bytes = await this.#file.read(offset, NODE_BYTES)
    const size = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true)
    const read = { index, size: Number(size), hash: bytes.subarray(8) }
    return isBlank(read) ? null : read
  }

  /** A node that has to be there. */
  async expect(index: number): Promise<TreeNode> {
    return (await this.get(index)) ?? Promise.reject(this.damage(index, `tree node ${index} is missing`))
  }

  /** The roots at the core's length. Throws `STORAGE_CORRUPT` if they are not those that were signed. */
  async roots(): Promise<TreeNode[]> {
    const { length, rootHash } = this.#state
    const roots = await Promise.all(flat.fullRoots(2 * length).map((index) => this.expect(index)))
    const [first] = roots
    if (first !== undefined && rootHash !== null && !b4a.equals(crypto.tree(roots), rootHash)) {
      throw this.damage(first.index, 'the roots of the tree are not those that the oplog says')
    }
    return roots
  }

  /** Where a block begins among the blocks, in bytes. */
  async byteOffset(block: number): Promise<number> {
    const leaf = 2 * block
    let offset = 0
    for (const root of await this.roots()) {
      if (leaf <= flat.rightSpan(root.index)) return offset + (await this.#offsetBelow(root.index, leaf))
      offset += root.size
    }
    return offset
  }

  /** How many bytes below a node are left of a leaf that is below it, too. */
  async #offsetBelow(node: number, leaf: number): Promise<number> {
    if (node === leaf) return 0
    await this.#expectMatch(await this.expect(node))
    const [left, right] = flat.children(node)
    if (leaf < node) return this.#offsetBelow(left, leaf)
    return (await this.expect(left)).size + (await this.#offsetBelow(right, leaf))
  }

  /** All nodes by their numbers. Throws `STORAGE_CORRUPT` at one that does not match those below it. */
  async *nodes(): AsyncGenerator<TreeNode> {
    const end = 2 * this.#state.length - 1
    for (let start = 0; start < end; start += RUN) {
      if (await this.#isEmpty(start)) continue
      for (let index = start; index < Math.min(start + RUN, end); index++) {
        const node = await this.get(index)
        if (node === null) continue
        await this.#expectMatch(node)
        yield node
      }
    }
  }

  /** Throws `STORAGE_CORRUPT` if a leaf does not match the node above it: then it is not the block that is damaged. */
  async expectSoundLeaf(index: number): Promise<void> {
    const parent = await this.get(flat.parent(index))
    if (parent !== null) await this.#expectMatch(parent)
  }

  damage(index: number, what: string): StorageError {
    return damaged(this.#file.name, index * NODE_BYTES, what)
  }

  async #expectMatch({ index, size, hash }: TreeNode): Promise<void> {
    if (index % 2 === 0) return // a leaf
    const [left, right] = await Promise.all(flat.children(index).map((child) => this.get(child)))
    if (!left || !right) return
    if (size === left.size + right.size && b4a.equals(hash, crypto.parent(left, right))) return
    throw this.damage(index, `tree node ${index} does not match the two below it`)
  }

  async #isEmpty(start: number): Promise<boolean> {
    for (const index of this.#state.nodes.keys()) if (index >= start && index < start + RUN) return false
    const offset = start * NODE_BYTES
    const size = Math.min(RUN * NODE_BYTES, this.#file.size - offset)
    return size <= 0 || b4a.equals(await this.#file.read(offset, size), NOTHING.subarray(0, size))
  }
}

/** How Hypercore 10 stores that there is no node. */
function isBlank({ size, hash }: TreeNode): boolean {
  return size === 0 && hash.every((byte) => byte === 0)
}
