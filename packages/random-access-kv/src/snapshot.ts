/// <reference lib="esnext.disposable" preserve="true" />
// The public snapshot: reads on a view.

import { copyOf } from './bytes/bytes.js'
import { checkKey, copyKeys } from './commit/operations.js'
import { KvError } from './errors.js'
import { inTurn } from './event-loop.js'
import { EntryIterator, type IteratorOptions } from './iterator.js'
import type { View } from './memtable/view.js'
import type { Maybe } from './storage/storage.js'

/**
 * The store as it was when the snapshot was taken. Close it when it is no longer needed: the file cannot reuse the pages that an open
 * snapshot sees. Methods reject with `KV_CLOSED` once the snapshot or the store is closed.
 */
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
      // The next read reports the error.
      () => {},
    )
  }

  /** Resolves with the value of a key, or with null if the key does not exist. */
  async get(key: Uint8Array): Promise<Uint8Array | null> {
    checkKey(key)
    const own = copyOf(key)
    const view = await this.#share()
    try {
      await view.engine.awake()
      return await inTurn(await view.engine.reader.lookup(view, own))
    } finally {
      view.release()
    }
  }

  /**
   * Returns the value of a key from memory, or null if the key does not exist. Returns undefined if I/O would be needed, or if the
   * snapshot is closed.
   */
  tryGet(key: Uint8Array): Uint8Array | null | undefined {
    checkKey(key)
    if (this.#closed || this.#now === null) return undefined
    return this.#now.engine.reader.peekIn(this.#now, key)
  }

  /** Resolves with the values of keys. The value of a key that does not exist is null. */
  async getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | null)[]> {
    const own = copyKeys(keys)
    const view = await this.#share()
    try {
      await view.engine.awake()
      return await view.engine.reader.lookupMany(view, own)
    } finally {
      view.release()
    }
  }

  /**
   * Returns an iterator over the entries of a range in the order of their keys. The iterator stays usable after the snapshot is closed.
   *
   * @throws KvError `KV_BAD_ARGUMENT` if an option is invalid
   */
  iterator(options: IteratorOptions = {}): EntryIterator {
    return new EntryIterator(options, () => this.#share())
  }

  /** The view, to be released: it stays as it is if the snapshot is closed before the store opens or resumes. */
  #share(): Maybe<View> {
    if (this.#closed) return Promise.reject(closed())
    return this.#now === null ? this.#view.then((late) => late.share()) : this.#now.share()
  }

  /** Closes the snapshot and releases its pages. A second call has no effect. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#now = null
    const view = await this.#view.catch(() => null)
    view?.release()
  }

  /** Closes the snapshot, as `close` does. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

function closed(): KvError {
  return new KvError('KV_CLOSED', 'The snapshot is closed')
}
