// The Level interface: an `abstract-level` database on a store, for the tools of the Level ecosystem. It only translates, and behaves
// as `abstract-level` documents.

import {
  type AbstractDatabaseOptions,
  AbstractIterator,
  AbstractLevel,
  AbstractSnapshot,
} from 'abstract-level'
import { copyOf } from './bytes/bytes.js'
import { KvError } from './errors.js'
import type { Entry, EntryIterator, IteratorOptions } from './iterator.js'
import { RandomAccessKV, type StorageArgument } from './kv.js'
import type { KvOptions } from './options.js'
import type { Range } from './ranges.js'
import type { Snapshot } from './snapshot.js'

/** Keys deleted in one batch by a `clear` that has a limit or a snapshot. */
const CLEAR_STEP = 1000
/** How many entries an iterator reads ahead at most. */
const MOST_AHEAD = 256
/** How many bytes of entries an iterator reads ahead at most, unless a single entry has more. */
const MOST_BYTES = 256 * 1024

/**
 * The options of an `abstract-level` database, and those of the store beneath. `createIfMissing` and `errorIfExists` can be passed here or
 * to `open`, as in every `abstract-level` database.
 */
export type RandomAccessLevelOptions<K, V> = AbstractDatabaseOptions<K, V> &
  Omit<KvOptions, 'createIfMissing'>

interface ReadOptions {
  readonly snapshot?: LevelSnapshot | undefined
}

type Query = IteratorOptions & ReadOptions

type Write =
  | { readonly type: 'put'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: Uint8Array }

/**
 * An `abstract-level` database on a `random-access-storage`. To open the database again after closing it, pass a function that returns a
 * storage instead of a storage.
 */
export class RandomAccessLevel<K = string, V = string> extends AbstractLevel<Uint8Array, K, V> {
  readonly #storage: StorageArgument
  readonly #options: KvOptions
  #kv: RandomAccessKV | null = null

  constructor(storage: StorageArgument, options: RandomAccessLevelOptions<K, V> = {}) {
    const { pageSize, cacheSize, logSize, sync, readOnly, ...forward } = options
    const manifest = {
      encodings: { view: true },
      permanence: true,
      seek: true,
      has: true,
      implicitSnapshots: true,
      explicitSnapshots: true,
      createIfMissing: true,
      errorIfExists: true,
    }
    super(manifest, forward)
    this.#storage = storage
    this.#options = Object.fromEntries(
      Object.entries({ pageSize, cacheSize, logSize, sync, readOnly }).filter(
        ([, value]) => value !== undefined,
      ),
    )
  }

  /**
   * The underlying store.
   *
   * @throws KvError `KV_CLOSED` if the database is not open
   */
  get kv(): RandomAccessKV {
    if (this.#kv === null) throw new KvError('KV_CLOSED', 'The database is not open')
    return this.#kv
  }

  /** @hidden */
  async _open(options: { createIfMissing?: boolean; errorIfExists?: boolean }): Promise<void> {
    const { createIfMissing = true, errorIfExists = false } = options
    const kv = new RandomAccessKV(this.#storage, { ...this.#options, createIfMissing, errorIfExists })
    await kv.ready()
    this.#kv = kv
  }

  /** @hidden */
  async _close(): Promise<void> {
    const kv = this.#kv
    this.#kv = null
    await kv?.close()
  }

  /** @hidden */
  async _get(key: Uint8Array, options: ReadOptions): Promise<Uint8Array | undefined> {
    return (await this.#reader(options).get(key)) ?? undefined
  }

  /** @hidden */
  async _getMany(keys: Uint8Array[], options: ReadOptions): Promise<(Uint8Array | undefined)[]> {
    const values = await this.#reader(options).getMany(keys)
    return values.map((value) => value ?? undefined)
  }

  /** @hidden */
  _has(key: Uint8Array, options: ReadOptions): Promise<boolean> {
    return holds(this.#reader(options), key)
  }

  /** @hidden */
  async _hasMany(keys: Uint8Array[], options: ReadOptions): Promise<boolean[]> {
    const state = options.snapshot?.state ?? this.kv.snapshot()
    const own = keys.map(copyOf)
    try {
      const found: boolean[] = []
      for (const key of own) found.push(await holds(state, key))
      return found
    } finally {
      if (options.snapshot === undefined) await state.close()
    }
  }

  /** @hidden */
  _put(key: Uint8Array, value: Uint8Array): Promise<void> {
    return this.kv.put(key, value)
  }

  /** @hidden */
  _del(key: Uint8Array): Promise<void> {
    return this.kv.del(key)
  }

  /** @hidden */
  _batch(operations: Write[]): Promise<void> {
    return this.kv.batch(operations)
  }

  /** @hidden */
  async _clear(options: Query): Promise<void> {
    const { limit = -1, snapshot } = options
    if (limit < 0 && snapshot === undefined) return this.kv.batch([{ type: 'clear', ...bounds(options) }])
    const keys = this.#entries({ ...options, values: false })
    try {
      for (;;) {
        const entries = await keys.nextMany(CLEAR_STEP)
        if (entries.length === 0) return
        await this.kv.batch(entries.map(({ key }) => ({ type: 'del', key })))
      }
    } finally {
      await keys.close()
    }
  }

  /** @hidden */
  _iterator(options: Query): AbstractIterator<this, Uint8Array, Uint8Array> {
    // The limit is kept by `abstract-level`, which also continues correctly after a `seek`.
    return new LevelIterator(this, options, this.#entries({ ...options, limit: -1 }))
  }

  /** @hidden */
  _snapshot(options: object): AbstractSnapshot {
    return new LevelSnapshot(options, this.kv.snapshot())
  }

  #reader(options: ReadOptions): RandomAccessKV | Snapshot {
    return options.snapshot?.state ?? this.kv
  }

  #entries(options: Query): EntryIterator {
    const { reverse, limit, values } = options
    return this.#reader(options).iterator({ ...bounds(options), reverse, limit, values })
  }
}

/** Whether there is such a key. Its value, which may be large, is not read. */
async function holds(reader: RandomAccessKV | Snapshot, key: Uint8Array): Promise<boolean> {
  const entries = reader.iterator({ gte: key, lte: key, values: false })
  try {
    return (await entries.nextMany(1)).length > 0
  } finally {
    await entries.close()
  }
}

/** In `abstract-level`, `gte` goes before `gt`, and `lte` before `lt`. */
function bounds({ gt, gte, lt, lte }: Query): Range {
  return { gte, gt: gte === undefined ? gt : undefined, lte, lt: lte === undefined ? lt : undefined }
}

class LevelSnapshot extends AbstractSnapshot {
  readonly state: Snapshot

  constructor(options: object, state: Snapshot) {
    // The options name the database that owns the snapshot. The types of `abstract-level` omit this argument.
    super(...([options] as unknown as []))
    this.state = state
  }

  _close(): Promise<void> {
    return this.state.close()
  }
}

/** `abstract-level` builds its iterators over keys and over values on this one. */
class LevelIterator<D> extends AbstractIterator<D, Uint8Array, Uint8Array> {
  readonly #entries: EntryIterator
  #ahead: Entry[] = []
  #given = 0
  /** Reads ahead little at first: many iterators are used for one entry only. */
  #step = 1

  constructor(db: D, options: object, entries: EntryIterator) {
    super(db, options)
    this.#entries = entries
  }

  async _next(): Promise<[Uint8Array, Uint8Array] | undefined> {
    if (this.#given === this.#ahead.length) {
      this.#ahead = await this.#entries.nextMany(this.#step, MOST_BYTES)
      this.#given = 0
      this.#step = Math.min(this.#step * 4, MOST_AHEAD)
    }
    const entry = this.#ahead[this.#given++]
    return entry === undefined ? undefined : [entry.key, entry.value]
  }

  async _nextv(size: number): Promise<[Uint8Array, Uint8Array][]> {
    const ahead = this.#ahead.slice(this.#given, this.#given + size)
    const rest = ahead.length > 0 ? [] : await this.#entries.nextMany(size, MOST_BYTES)
    this.#given += ahead.length
    return [...ahead, ...rest].map(({ key, value }) => [key, value])
  }

  _seek(target: Uint8Array): void {
    this.#ahead = []
    this.#given = 0
    this.#entries.seek(target)
  }

  _close(): Promise<void> {
    return this.#entries.close()
  }
}
