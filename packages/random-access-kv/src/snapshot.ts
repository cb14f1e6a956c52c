/// <reference lib="esnext.disposable" preserve="true" />
// A snapshot as its users see it: reads on a pinned tree.

import { checkKey, checkKeys } from './commit/operations.js'
import type { Pinned } from './engine.js'
import { KvError } from './errors.js'
import { inTurn } from './event-loop.js'
import { EntryIterator, type IteratorOptions } from './iterator.js'
import type { Maybe } from './storage/storage.js'

/** The store as it was when the snapshot was taken. Close it: until then, the pages it sees are not reused. */
export class Snapshot {
  readonly #pinned: Promise<Pinned>
  #now: Pinned | null
  #closed = false

  /** @internal */
  constructor(pinned: Maybe<Pinned>) {
    this.#pinned = Promise.resolve(pinned)
    this.#now = pinned instanceof Promise ? null : pinned
    this.#pinned.then(
      (late) => {
        if (!this.#closed) this.#now = late
      },
      // Reads report it.
      () => {},
    )
  }

  /** The value of a key, or null. */
  async get(key: Uint8Array): Promise<Uint8Array | null> {
    checkKey(key)
    const { engine, pin } = share(await this.#use())
    try {
      return await inTurn(await engine.lookup(pin.root, key))
    } finally {
      engine.pins.release(pin)
    }
  }

  /** The value of a key, or null, without any I/O; undefined if that is not possible. */
  tryGet(key: Uint8Array): Uint8Array | null | undefined {
    checkKey(key)
    if (this.#closed || this.#now === null) return undefined
    return this.#now.engine.peek(this.#now.pin.root, key)
  }

  /** The values of keys, null for those that are not there. */
  async getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | null)[]> {
    checkKeys(keys)
    return Promise.all(keys.map((key) => this.get(key)))
  }

  /** The entries of a range in order. It may be used after the snapshot is closed. */
  iterator(options: IteratorOptions = {}): EntryIterator {
    return new EntryIterator(options, () => this.#share())
  }

  #share(): Maybe<Pinned> {
    if (this.#closed) return Promise.reject(closed())
    return this.#now === null ? this.#pinned.then(share) : share(this.#now)
  }

  /** Lets go of the pages that the snapshot sees. Calling it twice is fine. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#now = null
    const pinned = await this.#pinned.catch(() => null)
    pinned?.engine.pins.release(pinned.pin)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #use(): Promise<Pinned> {
    if (this.#closed) throw closed()
    const pinned = await this.#pinned
    if (this.#closed) throw closed()
    if (pinned.engine.isClosed || pinned.engine.resumed !== null) await pinned.engine.awake()
    return pinned
  }
}

function share(pinned: Pinned): Pinned {
  pinned.pin.refs++
  return pinned
}

function closed(): KvError {
  return new KvError('KV_CLOSED', 'The snapshot is closed')
}
