// A storage that loses power.

import type { RandomAccessStorage } from '../storage/storage.js'
import { assertNoHole, Bytes } from './bytes.js'
import { random } from './random.js'

type Callback<T = void> = (error: Error | null, result: T) => void
type Random = () => number

const SECTOR = 512

/**
 * A disk with a cache. A write goes to the cache, and a sync moves it to the disk. When the power is cut, each sector of 512 bytes that was
 * written since the last sync is in one of the states that it had since then, independently of all other sectors.
 */
export class PowerCut implements RandomAccessStorage {
  readonly #cache: Bytes
  readonly #disk: Bytes
  readonly #random: Random
  /** The states of each sector since the last sync. */
  readonly #versions = new Map<number, Uint8Array[]>()
  #sizes: number[] = []
  #cutAt: number
  /** The probability, from 0 to 1, that a sync fails although the power is on. What was written since the last sync then stays unsafe. */
  failingSyncs = 0
  /**
   * Whether a failed sync loses data, as on Linux: each sector is either on the disk or lost, and is not written again. Later reads see
   * the disk.
   */
  forgets = false
  /**
   * The probability, from 0 to 1, that a write fails although the power is on. None of it, a part or all of it is written. A write that
   * does not fit into `capacity` always fails.
   */
  failingWrites = 0
  /** The size of the disk in bytes. Default: no limit. */
  capacity = Number.POSITIVE_INFINITY
  /** How many writes and syncs have failed while the power was on. */
  faults = 0
  /** How many writes, truncations and syncs there have been. */
  calls = 0

  /**
   * @param disk the bytes on the disk at the start
   * @param cutAt the power is cut during this write, truncation or sync, counted from 0
   * @param seed decides what fails and what survives: the same seed gives the same run
   */
  constructor(disk: Uint8Array, cutAt: number, seed: number) {
    this.#cache = Bytes.from(disk)
    this.#disk = Bytes.from(disk)
    this.#cutAt = cutAt
    this.#random = random(seed)
  }

  /** Whether the power has been cut. From then on, every call fails. */
  get isCut(): boolean {
    return this.calls > this.#cutAt
  }

  /** Returns the bytes on the disk after the power cut. */
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
    assertNoHole(this.#cache, offset)
    // The last write is torn at any byte.
    if (this.isCut) {
      this.#put(offset, data, this.#part(data.length))
      callback(noPower())
      return
    }
    const room = this.capacity - offset
    if (data.length > room) {
      this.#put(offset, data, Math.max(0, room))
      this.#fail(callback, 'ENOSPC')
    } else if (this.failingWrites > 0 && this.#random() < this.failingWrites) {
      this.#put(offset, data, this.#part(data.length))
      this.#fail(callback, 'EIO')
    } else {
      this.#put(offset, data, data.length)
      callback(null)
    }
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
    // A sync that is cut has moved a part of the data: `survivors` decides which.
    if (this.isCut) {
      callback(noPower())
      return
    }
    if (this.failingSyncs > 0 && this.#random() < this.failingSyncs) {
      if (this.forgets) this.#forget()
      this.#fail(callback, 'EIO')
      return
    }
    this.#settle(null)
    callback(null)
  }

  /** How many of `length` bytes are written: none, all or some. */
  #part(length: number): number {
    const draw = this.#random()
    return draw < 0.3 ? 0 : draw > 0.7 ? length : Math.floor(this.#random() * length)
  }

  #put(offset: number, data: Uint8Array, length: number): void {
    if (length === 0) return
    this.#cache.write(offset, data.subarray(0, length))
    this.#note(offset, length)
  }

  #fail(callback: Callback, code: string): void {
    this.faults++
    callback(Object.assign(new Error(`${code}: simulated`), { code }))
  }

  #forget(): void {
    const { length } = this.#cache
    this.#settle(this.#random)
    // The length of the file is not lost.
    if (this.#disk.length < length) this.#disk.write(length, new Uint8Array(0))
    this.#cache.truncate(0)
    this.#cache.write(0, this.#disk.copy())
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

  /** Moves each sector to the disk: in its last state, or in a random one. */
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
