// Storages that the tests run on: plain memory, one that answers late and out of order, one that can do no more than
// read and write, one that fails on cue and one that loses power.

import type { RandomAccessStorage } from '../../src/index.js'

type Callback<T = void> = (error: Error | null, result: T) => void
type Random = () => number

/** A small, seedable random number generator (mulberry32), from 0 to 1. */
export function random(seed: number): Random {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

/** Bytes that grow as they are written. Shared by the storages that are opened on them one after the other. */
export class Bytes {
  #data = new Uint8Array(1 << 16)
  length = 0

  static from(data: Uint8Array): Bytes {
    const bytes = new Bytes()
    bytes.write(0, data)
    return bytes
  }

  read(offset: number, size: number): Uint8Array | null {
    return offset + size > this.length ? null : this.#data.slice(offset, offset + size)
  }

  write(offset: number, data: Uint8Array): void {
    const end = offset + data.length
    if (end > this.#data.length) {
      const grown = new Uint8Array(Math.max(end, this.#data.length * 2))
      grown.set(this.#data.subarray(0, this.length))
      this.#data = grown
    }
    this.#data.set(data, offset)
    this.length = Math.max(this.length, end)
  }

  truncate(size: number): void {
    if (size > this.length) {
      this.write(size, new Uint8Array(0))
      return
    }
    this.#data.fill(0, size, this.length)
    this.length = size
  }

  copy(): Uint8Array {
    return this.#data.slice(0, this.length)
  }
}

/** Memory that answers before its methods return. */
export class Memory implements RandomAccessStorage {
  readonly bytes: Bytes
  /** Reads so far. */
  reads = 0
  syncs = 0

  constructor(bytes = new Bytes()) {
    this.bytes = bytes
  }

  read(offset: number, size: number, callback: Callback<Uint8Array>): void {
    this.reads++
    const data = this.bytes.read(offset, size)
    if (data === null) callback(new Error('Could not satisfy length'), new Uint8Array(0))
    else callback(null, data)
  }

  write(offset: number, data: Uint8Array, callback: Callback): void {
    this.bytes.write(offset, data)
    callback(null)
  }

  stat(callback: Callback<{ size: number }>): void {
    callback(null, { size: this.bytes.length })
  }

  truncate(size: number, callback: Callback): void {
    this.bytes.truncate(size)
    callback(null)
  }

  sync(callback: Callback): void {
    this.syncs++
    callback(null)
  }
}

/** Memory that answers late, in any order. What has been called for happens when it answers, or before. */
export class Late implements RandomAccessStorage {
  readonly #memory: Memory
  readonly #random: Random
  #waiting: (() => void)[] = []

  constructor(bytes: Bytes, seed: number) {
    this.#memory = new Memory(bytes)
    this.#random = random(seed)
  }

  #later(run: () => void): void {
    if (this.#waiting.push(run) === 1) setImmediate(() => this.#answer())
  }

  #answer(): void {
    const waiting = this.#waiting
    this.#waiting = []
    waiting.sort(() => this.#random() - 0.5)
    for (const run of waiting) run()
  }

  read(offset: number, size: number, callback: Callback<Uint8Array>): void {
    this.#later(() => this.#memory.read(offset, size, callback))
  }

  write(offset: number, data: Uint8Array, callback: Callback): void {
    this.#later(() => this.#memory.write(offset, data, callback))
  }

  stat(callback: Callback<{ size: number }>): void {
    this.#later(() => this.#memory.stat(callback))
  }

  truncate(size: number, callback: Callback): void {
    this.#later(() => this.#memory.truncate(size, callback))
  }
}

/** Memory that can read and write, and nothing else. */
export class Bare implements RandomAccessStorage {
  readonly statable = false
  readonly truncatable = false
  readonly #memory: Memory

  constructor(bytes: Bytes) {
    this.#memory = new Memory(bytes)
  }

  read(offset: number, size: number, callback: Callback<Uint8Array>): void {
    this.#memory.read(offset, size, callback)
  }

  write(offset: number, data: Uint8Array, callback: Callback): void {
    this.#memory.write(offset, data, callback)
  }
}

/** Which call of a storage is to fail, counted from 0, and how. */
export interface Fault {
  readonly at: number
  readonly kind: 'ENOSPC' | 'EIO' | 'short'
  /** How many calls in a row fail. */
  readonly times: number
}

/** Memory in which chosen calls fail. A failing write may have written a part. */
export class Faulty implements RandomAccessStorage {
  readonly #memory: Memory
  fault: Fault | null
  /** Calls so far. */
  calls = 0
  failures = 0

  constructor(bytes: Bytes, fault: Fault | null) {
    this.#memory = new Memory(bytes)
    this.fault = fault
  }

  #fails(): Error | null {
    const call = this.calls++
    const { fault } = this
    if (fault === null || call < fault.at || call >= fault.at + fault.times) return null
    this.failures++
    return Object.assign(new Error(`${fault.kind}: simulated`), { code: fault.kind })
  }

  read(offset: number, size: number, callback: Callback<Uint8Array>): void {
    const error = this.#fails()
    if (error === null) this.#memory.read(offset, size, callback)
    else if (this.fault?.kind !== 'short') callback(error, new Uint8Array(0))
    else this.#memory.read(offset, size >>> 1, callback)
  }

  write(offset: number, data: Uint8Array, callback: Callback): void {
    const error = this.#fails()
    if (error === null) {
      this.#memory.write(offset, data, callback)
      return
    }
    if (this.fault?.kind === 'short')
      this.#memory.write(offset, data.subarray(0, data.length >>> 1), () => {})
    callback(error)
  }

  stat(callback: Callback<{ size: number }>): void {
    const error = this.#fails()
    if (error === null) this.#memory.stat(callback)
    else callback(error, { size: 0 })
  }

  truncate(size: number, callback: Callback): void {
    const error = this.#fails()
    if (error === null) this.#memory.truncate(size, callback)
    else callback(error)
  }

  sync(callback: Callback): void {
    const error = this.#fails()
    if (error === null) this.#memory.sync(callback)
    else callback(error)
  }
}

const SECTOR = 512

/**
 * A disk with a cache. What is written goes to the cache; a sync brings it to the disk. When the power goes, every sector
 * that was written since the last sync is, independently of all others, in one of the states it had since.
 */
export class PowerCut implements RandomAccessStorage {
  readonly #cache: Bytes
  readonly #disk: Bytes
  readonly #random: Random
  /** The states of each sector since the last sync. */
  readonly #versions = new Map<number, Uint8Array[]>()
  #sizes: number[] = []
  #cutAt: number
  /** How often a sync fails although the power is there, from 0 to 1. What was written since the last one stays unsafe. */
  failingSyncs = 0
  /** Calls that change something, so far. */
  calls = 0

  /** @param cutAt the call during which the power goes, counted from 0 */
  constructor(disk: Uint8Array, cutAt: number, seed: number) {
    this.#cache = Bytes.from(disk)
    this.#disk = Bytes.from(disk)
    this.#cutAt = cutAt
    this.#random = random(seed)
  }

  get isCut(): boolean {
    return this.calls > this.#cutAt
  }

  /** What is left on the disk. */
  survivors(): Uint8Array {
    this.#settle(this.#random)
    return this.#disk.copy()
  }

  read(offset: number, size: number, callback: Callback<Uint8Array>): void {
    if (this.isCut) {
      callback(noPower(), new Uint8Array(0))
      return
    }
    const data = this.#cache.read(offset, size)
    if (data === null) callback(new Error('Could not satisfy length'), new Uint8Array(0))
    else callback(null, data)
  }

  stat(callback: Callback<{ size: number }>): void {
    callback(this.isCut ? noPower() : null, { size: this.#cache.length })
  }

  write(offset: number, data: Uint8Array, callback: Callback): void {
    if (this.isCut) {
      callback(noPower())
      return
    }
    this.calls++
    this.#cache.write(offset, data)
    this.#note(offset, data.length)
    callback(this.isCut ? noPower() : null)
  }

  truncate(size: number, callback: Callback): void {
    if (this.isCut) {
      callback(noPower())
      return
    }
    this.calls++
    this.#cache.truncate(size)
    this.#sizes.push(size)
    callback(this.isCut ? noPower() : null)
  }

  sync(callback: Callback): void {
    if (this.isCut) {
      callback(noPower())
      return
    }
    this.calls++
    // Cut in the middle of a sync, some of it has happened.
    if (this.isCut) {
      callback(noPower())
      return
    }
    if (this.failingSyncs > 0 && this.#random() < this.failingSyncs) {
      callback(Object.assign(new Error('EIO: simulated'), { code: 'EIO' }))
      return
    }
    this.#settle(null)
    callback(null)
  }

  #note(offset: number, size: number): void {
    this.#sizes.push(this.#cache.length)
    for (let sector = Math.floor(offset / SECTOR); sector * SECTOR < offset + size; sector++) {
      const start = sector * SECTOR
      const state = this.#cache.read(start, Math.min(SECTOR, this.#cache.length - start)) ?? new Uint8Array(0)
      const states = this.#versions.get(sector)
      if (states === undefined) this.#versions.set(sector, [state])
      else states.push(state)
    }
  }

  /** Brings each sector to the disk: in its last state, or in one drawn at random. */
  #settle(draw: Random | null): void {
    for (const [sector, states] of this.#versions) {
      const chosen = draw === null ? states.length - 1 : Math.floor(draw() * (states.length + 1)) - 1
      const state = states[chosen]
      if (state !== undefined) this.#disk.write(sector * SECTOR, state)
    }
    const size = draw === null ? this.#sizes.length - 1 : Math.floor(draw() * (this.#sizes.length + 1)) - 1
    const chosen = this.#sizes[size]
    if (chosen !== undefined && chosen < this.#disk.length && draw === null) this.#disk.truncate(chosen)
    this.#versions.clear()
    this.#sizes = []
  }
}

function noPower(): Error {
  return Object.assign(new Error('The power is gone'), { code: 'ENOPOWER' })
}
