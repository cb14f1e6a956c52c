// A node of the tree: a slotted page whose form in memory is its form on disk (FORMAT.md, "Nodes"). Finding,
// inserting and removing cells in one node happens here; splitting, copying and linking nodes does not.

import { setU16, setU32, u16, u32 } from '../bytes/bytes.js'
import { crc32 } from '../bytes/checksum.js'
import { Page } from './page.js'

/** Bytes before the slots. */
export const NODE_HEADER = 28
/** The value length that marks a value stored out of line. */
export const OUT_OF_LINE = 0xffff
/** Bytes of a reference to a value stored out of line: page, length, checksum. */
export const REFERENCE = 12

/** Bytes of a leaf cell before the key. */
export const LEAF_CELL = 4
/** Bytes of a slot. */
export const SLOT = 2
const BRANCH_CELL = 6
const scratch = new Uint8Array(0x1_0000)

export class Node extends Page {
  /** The epoch this node was born in, which decides who else sees it. 0: read from the storage. */
  born: number
  /** Where the last cell was inserted, to recognise sequential inserts. */
  lastInsert = -1
  /** Its bytes are kept until a sync has made them safe: they do not change. */
  isKept = false
  /** On the list of nodes to merge with a neighbour. */
  sparse = false

  constructor(page: number, buf: Uint8Array, born: number, dirty: boolean) {
    super(page, buf, dirty)
    this.born = born
  }

  static create(page: number, size: number, span: number, height: number, born: number): Node {
    const buf = new Uint8Array(size)
    setU32(buf, 4, page)
    buf[12] = height
    setU16(buf, 14, span)
    setU32(buf, 20, size)
    return new Node(page, buf, born, true)
  }

  /** The same bytes as another node. `node` is not used any longer. */
  static move(node: Node, page: number, born: number): Node {
    setU32(node.buf, 4, page)
    return new Node(page, node.buf, born, true)
  }

  /** 0 for a leaf. */
  get height(): number {
    return this.buf[12] as number
  }

  /** Pages that the node takes. */
  get span(): number {
    return u16(this.buf, 14)
  }

  get count(): number {
    return u16(this.buf, 16)
  }

  /** Bytes taken by header, slots and cells. */
  get usedBytes(): number {
    return NODE_HEADER + this.count * 2 + this.buf.length - u32(this.buf, 20) - u32(this.buf, 24)
  }

  /** Puts number and checksum on a node that is about to be written. */
  seal(generation: number): void {
    setU32(this.buf, 8, generation)
    setU32(this.buf, 0, crc32(this.buf.subarray(4)))
  }

  /** The index of `key`, or `~i` where `i` is where it would be inserted. */
  search(key: Uint8Array): number {
    const b = this.buf
    const header = b[12] === 0 ? LEAF_CELL : BRANCH_CELL
    let low = 0
    let high = this.count
    // What the key is known to share with the cells on either side need not be compared again.
    let sharedLow = 0
    let sharedHigh = 0
    while (low < high) {
      const middle = (low + high) >>> 1
      const o = u16(b, NODE_HEADER + middle * 2)
      const length = u16(b, o)
      const start = o + header
      const n = Math.min(length, key.length)
      let i = Math.min(sharedLow, sharedHigh)
      while (i < n && b[start + i] === key[i]) i++
      const order = i < n ? (b[start + i] as number) - (key[i] as number) : length - key.length
      if (order === 0) return middle
      if (order < 0) {
        low = middle + 1
        sharedLow = i
      } else {
        high = middle
        sharedHigh = i
      }
    }
    return ~low
  }

  /** How the key of cell `i` compares with `key`, without making a view of it. */
  compareKey(i: number, key: Uint8Array): number {
    const b = this.buf
    const o = this.#slot(i)
    const start = o + (b[12] === 0 ? LEAF_CELL : BRANCH_CELL)
    const length = u16(b, o)
    const n = Math.min(length, key.length)
    for (let j = 0; j < n; j++) {
      const difference = (b[start + j] as number) - (key[j] as number)
      if (difference !== 0) return difference
    }
    return length - key.length
  }

  /** The index of the first cell that is not before `key`. */
  indexOf(key: Uint8Array): number {
    const i = this.search(key)
    return i >= 0 ? i : ~i
  }

  /** In a branch: the index of the child that holds `key`, or of the last if `key` is null. */
  childFor(key: Uint8Array | null): number {
    if (key === null) return this.count - 1
    const i = this.search(key)
    if (i >= 0) return i
    return ~i === 0 ? 0 : ~i - 1
  }

  #slot(i: number): number {
    return u16(this.buf, NODE_HEADER + i * 2)
  }

  /** A view of the key of cell `i`; it changes with the node. */
  key(i: number): Uint8Array {
    const o = this.#slot(i)
    const start = o + (this.buf[12] === 0 ? LEAF_CELL : BRANCH_CELL)
    return this.buf.subarray(start, start + u16(this.buf, o))
  }

  child(i: number): number {
    return u32(this.buf, this.#slot(i) + 2)
  }

  setChild(i: number, page: number): void {
    setU32(this.buf, this.#slot(i) + 2, page)
  }

  isOutOfLine(i: number): boolean {
    return u16(this.buf, this.#slot(i) + 2) === OUT_OF_LINE
  }

  /** A view of the value of cell `i`, or of the reference to it; it changes with the node. */
  value(i: number): Uint8Array {
    const b = this.buf
    const o = this.#slot(i)
    const start = o + LEAF_CELL + u16(b, o)
    const length = u16(b, o + 2)
    return b.subarray(start, start + (length === OUT_OF_LINE ? REFERENCE : length))
  }

  /** Bytes of cell `i`, without its slot. */
  cellSize(i: number): number {
    return this.#sizeAt(this.#slot(i))
  }

  #sizeAt(o: number, b = this.buf): number {
    const keyLength = u16(b, o)
    if (b[12] !== 0) return BRANCH_CELL + keyLength
    const length = u16(b, o + 2)
    return LEAF_CELL + keyLength + (length === OUT_OF_LINE ? REFERENCE : length)
  }

  /** Overwrites the value of cell `i` if the new one has the same length and kind. */
  replaceValue(i: number, value: Uint8Array, length: number): boolean {
    const b = this.buf
    const o = this.#slot(i)
    if (u16(b, o + 2) !== length) return false
    b.set(value, o + LEAF_CELL + u16(b, o))
    return true
  }

  /** Inserts a leaf cell. `length` is the value's, or `OUT_OF_LINE`. False if it does not fit. */
  insertValue(i: number, key: Uint8Array, value: Uint8Array, length: number): boolean {
    const o = this.#open(i, LEAF_CELL + key.length + value.length)
    if (o === 0) return false
    const b = this.buf
    setU16(b, o, key.length)
    setU16(b, o + 2, length)
    b.set(key, o + LEAF_CELL)
    b.set(value, o + LEAF_CELL + key.length)
    return true
  }

  /** Inserts a branch cell. False if it does not fit. */
  insertChild(i: number, key: Uint8Array, page: number): boolean {
    const o = this.#open(i, BRANCH_CELL + key.length)
    if (o === 0) return false
    const b = this.buf
    setU16(b, o, key.length)
    setU32(b, o + 2, page)
    b.set(key, o + BRANCH_CELL)
    return true
  }

  /** Copies cell `j` of `from` to place `i`. False if it does not fit. */
  insertCell(i: number, from: Node, j: number): boolean {
    const start = from.#slot(j)
    const size = from.#sizeAt(start)
    const o = this.#open(i, size)
    if (o === 0) return false
    this.buf.set(from.buf.subarray(start, start + size), o)
    return true
  }

  /** Removes the cells from `from` up to, not including, `to`. */
  remove(from: number, to: number): void {
    const b = this.buf
    let freed = 0
    for (let i = from; i < to; i++) freed += this.cellSize(i)
    const count = this.count
    b.copyWithin(NODE_HEADER + from * 2, NODE_HEADER + to * 2, NODE_HEADER + count * 2)
    setU16(b, 16, count - (to - from))
    setU32(b, 24, u32(b, 24) + freed)
    this.lastInsert = -1
  }

  /** Makes room for a cell of `size` bytes at place `i`. Returns its offset, or 0 if the node is full. */
  #open(i: number, size: number): number {
    const b = this.buf
    const count = this.count
    const slots = NODE_HEADER + count * 2
    let top = u32(b, 20)
    if (top - slots < size + 2) {
      if (top - slots + u32(b, 24) < size + 2) return 0
      this.#compact()
      top = u32(b, 20)
    }
    const o = top - size
    const slot = NODE_HEADER + i * 2
    if (i < count) b.copyWithin(slot + 2, slot, slots)
    setU16(b, slot, o)
    setU16(b, 16, count + 1)
    setU32(b, 20, o)
    return o
  }

  /** Moves the cells together at the end of the page. */
  #compact(): void {
    const b = this.buf
    scratch.set(b)
    let top = b.length
    for (let i = 0; i < this.count; i++) {
      const o = this.#slot(i)
      const size = this.#sizeAt(o, scratch)
      top -= size
      b.set(scratch.subarray(o, o + size), top)
      setU16(b, NODE_HEADER + i * 2, top)
    }
    b.fill(0, NODE_HEADER + this.count * 2, top)
    setU32(b, 20, top)
    setU32(b, 24, 0)
  }
}
