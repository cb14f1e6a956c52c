// Storages that the tests run on: plain memory, one that answers late and out of order, one that can do no more than
// read and write, and one that fails on cue. The one that loses power is in src/test, as tests of other packages use it, too.

import type { RandomAccessStorage } from '../../src/index.js'
import { assertNoHole, Bytes, random } from '../../src/test/index.js'

export { assertNoHole, Bytes, PowerCut, random } from '../../src/test/index.js'

type Callback<T = void> = (error: Error | null, result: T) => void

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
    assertNoHole(this.bytes, offset)
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

/** Memory that counts what is written to it. */
export class Counting extends Memory {
  /** Bytes. */
  written = 0

  override write(offset: number, data: Uint8Array, callback: Callback): void {
    this.written += data.length
    super.write(offset, data, callback)
  }
}

/** Memory that answers late, in any order. What has been called for happens when it answers, or before. */
export class Late implements RandomAccessStorage {
  readonly #memory: Memory
  readonly #random: () => number
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

/** Memory that is open or not, as a file is, and answers late. */
export class Door extends Late {
  isOpen = false
  onopening = () => {}

  constructor() {
    super(new Bytes(), 1)
  }

  open(callback: (error: Error | null) => void): void {
    this.onopening()
    setImmediate(() => {
      this.isOpen = true
      callback(null)
    })
  }

  suspend(callback: (error: Error | null) => void): void {
    this.close(callback)
  }

  close(callback: (error: Error | null) => void): void {
    this.isOpen = false
    setImmediate(callback, null)
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
  /** `short`: half of it happens. `arrived`: all of it happens, and an error is reported all the same. */
  readonly kind: 'ENOSPC' | 'EIO' | 'short' | 'arrived'
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
  /** Whether truncations happen and report an error all the same. */
  failTruncate = false

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
    const { kind } = this.fault ?? {}
    const length = kind === 'short' ? data.length >>> 1 : kind === 'arrived' ? data.length : 0
    this.#memory.write(offset, data.subarray(0, length), () => {})
    callback(error)
  }

  stat(callback: Callback<{ size: number }>): void {
    const error = this.#fails()
    if (error === null) this.#memory.stat(callback)
    else callback(error, { size: 0 })
  }

  truncate(size: number, callback: Callback): void {
    const error = this.#fails()
    if (this.failTruncate) {
      this.#memory.truncate(size, () => callback(Object.assign(new Error('EIO: simulated'), { code: 'EIO' })))
    } else if (error === null) this.#memory.truncate(size, callback)
    else callback(error)
  }

  sync(callback: Callback): void {
    const error = this.#fails()
    if (error === null) this.#memory.sync(callback)
    else callback(error)
  }
}

/** Memory of a limited size. What does not fit is not written, or only the part of it that fits. */
export class Full extends Memory {
  capacity: number

  constructor(bytes: Bytes, capacity: number) {
    super(bytes)
    this.capacity = capacity
  }

  override write(offset: number, data: Uint8Array, callback: Callback): void {
    if (offset + data.length <= this.capacity) {
      super.write(offset, data, callback)
      return
    }
    super.write(offset, data.subarray(0, Math.max(0, this.capacity - offset)), () => {})
    callback(Object.assign(new Error('ENOSPC: simulated'), { code: 'ENOSPC' }))
  }
}
