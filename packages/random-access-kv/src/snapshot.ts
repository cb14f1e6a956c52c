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
  /** A promise while the store opens. */
  #view: Maybe<View>
  #closed = false

  /** @internal */
  constructor(view: Maybe<View>) {
    this.#view = view
    if (!(view instanceof Promise)) return
    view.then(
      (late) => {
        this.#view = late
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
   * snapshot or the store is closed.
   */
  tryGet(key: Uint8Array): Uint8Array | null | undefined {
    checkKey(key)
    const view = this.#view
    if (this.#closed || view instanceof Promise || view.engine.isClosed) return undefined
    return view.engine.reader.peekIn(view, key)
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
    return this.#view instanceof Promise ? this.#view.then((late) => late.share()) : this.#view.share()
  }

  /** Closes the snapshot and releases its pages. A second call has no effect. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    const view = await Promise.resolve(this.#view).catch(() => null)
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
