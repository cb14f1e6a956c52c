/// <reference lib="esnext.disposable" preserve="true" />
// A snapshot as its users see it: reads on a view.

import { checkKey, checkKeys } from './commit/operations.js'
import { KvError } from './errors.js'
import { inTurn } from './event-loop.js'
import { EntryIterator, type IteratorOptions } from './iterator.js'
import type { View } from './memtable/view.js'
import type { Maybe } from './storage/storage.js'

/** The store as it was when the snapshot was taken. Close it: until then, the pages it sees are not reused. */
export class Snapshot {
  readonly #view: Promise<View>
  #now: View | null
  #closed = false

  /** @internal */
  constructor(view: Maybe<View>) {
    this.#view = Promise.resolve(view)
    this.#now = view instanceof Promise ? null : view
    this.#view.then(
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
    const view = (await this.#use()).share()
    try {
      return await inTurn(await view.engine.reader.lookup(view, key))
    } finally {
      view.release()
    }
  }

  /** The value of a key, or null, without any I/O; undefined if that is not possible. */
  tryGet(key: Uint8Array): Uint8Array | null | undefined {
    checkKey(key)
    if (this.#closed || this.#now === null) return undefined
    return this.#now.engine.reader.peekIn(this.#now, key)
  }

  /** The values of keys, null for those that are not there. */
  async getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | null)[]> {
    checkKeys(keys)
    const view = (await this.#use()).share()
    try {
      return await view.engine.reader.lookupMany(view, keys)
    } finally {
      view.release()
    }
  }

  /** The entries of a range in order. It may be used after the snapshot is closed. */
  iterator(options: IteratorOptions = {}): EntryIterator {
    return new EntryIterator(options, () => this.#share())
  }

  #share(): Maybe<View> {
    if (this.#closed) return Promise.reject(closed())
    return this.#now === null ? this.#view.then((late) => late.share()) : this.#now.share()
  }

  /** Lets go of the pages that the snapshot sees. Calling it twice is fine. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#now = null
    const view = await this.#view.catch(() => null)
    view?.release()
  }

  /** As `close`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #use(): Promise<View> {
    if (this.#closed) throw closed()
    const view = await this.#view
    if (this.#closed) throw closed()
    if (view.engine.isClosed || view.engine.resumed !== null) await view.engine.awake()
    return view
  }
}

function closed(): KvError {
  return new KvError('KV_CLOSED', 'The snapshot is closed')
}
