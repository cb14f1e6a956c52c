// The database that hypercore-storage binds to, over random-access-kv: a session, with RocksDB's session API as far as
// hypercore-storage calls it. What all sessions of one database share lives in database-state.ts; batches and streams are
// files of their own. test/database-contract.test.ts holds this against RocksDB.
import type { DatabaseRange, DatabaseWriteBatch, StorageDatabase } from '@coreyard/hypercore-types'
import type { RandomAccessKV } from '@coreyard/random-access-kv'
import { StorageError } from '../errors/storage-error.js'
import { DatabaseState } from './database-state.js'
import { EntryStream } from './entry-stream.js'
import { KeySpace } from './key-space.js'
import { ReadBatch } from './read-batch.js'
import { SharedSnapshot } from './shared-snapshot.js'
import { WriteBatch } from './write-batch.js'

export interface SessionOptions {
  /** Show what is stored now. Default: as the session that it is made of. */
  readonly snapshot?: boolean | undefined
  /** Default: that of the session that it is made of. */
  readonly columnFamily?: string | object | undefined
}

/** A session of a database. Those of one column family see the same entries, except for snapshots; each is closed on its own. */
export class RandomAccessDatabase implements StorageDatabase {
  /** hypercore-storage reads `closing` of it. */
  readonly _state: DatabaseState
  /** hypercore-storage reads whether it is `null`. */
  readonly _snapshot: SharedSnapshot | null
  readonly #isRoot: boolean
  readonly #keys: KeySpace
  #closed = false

  private constructor(
    state: DatabaseState,
    snapshot: SharedSnapshot | null,
    keys: KeySpace,
    isRoot: boolean,
  ) {
    this.#keys = keys
    this._state = state
    this._snapshot = snapshot
    this.#isRoot = isRoot
    snapshot?.ref()
    if (!isRoot) state.sessions.add(this)
  }

  /**
   * The first session of a database: closing it closes the database.
   *
   * @param file that it is in; hypercore-storage takes the directory above it for its own. `null` for none
   */
  static over(kv: RandomAccessKV, file: string | null): RandomAccessDatabase {
    return new RandomAccessDatabase(new DatabaseState(kv, file), null, KeySpace.default, true)
  }

  get path(): string {
    return this._state.path
  }

  get opened(): boolean {
    return this._state.opened
  }

  get closed(): boolean {
    return this.#isRoot ? this._state.closed : this.#closed
  }

  get snapshotted(): boolean {
    return this._snapshot !== null
  }

  /** hypercore-storage reads whether it is -1: whether the session is closed. */
  get _index(): number {
    return this.#closed ? -1 : 0
  }

  async ready(): Promise<void> {
    this.#throwIfClosed()
    await this._state.ready()
  }

  session(options: SessionOptions = {}): RandomAccessDatabase {
    this.#throwIfClosed()
    const { snapshot = this.snapshotted, columnFamily } = options
    const keys = columnFamily === undefined ? this.#keys : KeySpace.of(columnFamily)
    const shown = snapshot ? (this._snapshot ?? new SharedSnapshot(this._state.kv)) : null
    return new RandomAccessDatabase(this._state, shown, keys, false)
  }

  snapshot(): RandomAccessDatabase {
    return this.session({ snapshot: true })
  }

  /** A session of the entries of that family. */
  columnFamily(family: string | object): RandomAccessDatabase {
    return this.session({ columnFamily: family })
  }

  /** A session of the entries of all families, with their keys as they are stored. */
  allFamilies(): RandomAccessDatabase {
    this.#throwIfClosed()
    return new RandomAccessDatabase(this._state, null, KeySpace.all, false)
  }

  read(): ReadBatch {
    this.#throwIfClosed()
    return new ReadBatch(this._snapshot?.view ?? this._state.kv, this.#keys)
  }

  write(): DatabaseWriteBatch {
    this.#throwIfClosed()
    return new WriteBatch(this._state.kv, this.#keys, this._state.directory)
  }

  iterator(range: DatabaseRange = {}): EntryStream {
    this.#throwIfClosed()
    const entries = (this._snapshot?.view ?? this._state.kv).iterator(this.#keys.range(range))
    return new EntryStream(entries, this.#keys, this._state.streams)
  }

  /** One value; `null` if it is not there. */
  get(key: Uint8Array): Promise<Uint8Array | null> {
    return this.read().get(key)
  }

  /** Stores one value. */
  async put(key: Uint8Array, value: Uint8Array): Promise<void> {
    const batch = this.write()
    batch.tryPut(key, value)
    await batch.flush()
  }

  /** Removes one value. */
  async delete(key: Uint8Array): Promise<void> {
    const batch = this.write()
    batch.tryDelete(key)
    await batch.flush()
  }

  /** Forces to the storage what has been written: from then on it survives a power cut. */
  async flush(): Promise<void> {
    this.#throwIfClosed()
    await this._state.kv.sync()
  }

  /** Gives the space of everything that was deleted back; it is not kept apart by range. */
  async compactRange(): Promise<void> {
    this.#throwIfClosed()
    await this._state.kv.compact()
  }

  async suspend(): Promise<void> {
    this.#throwIfClosed()
    await this._state.suspend()
  }

  async resume(): Promise<void> {
    this.#throwIfClosed()
    await this._state.resume()
  }

  async close(): Promise<void> {
    this.end()
    if (this.#isRoot) await this._state.close()
  }

  /** Ends this session alone. */
  end(): void {
    if (this.#closed) return
    this.#closed = true
    this._state.sessions.delete(this)
    this._snapshot?.unref()
  }

  #throwIfClosed(): void {
    if (!this.#closed && this._state.closing === null) return
    throw new StorageError(
      'STORAGE_CLOSED',
      'The database session is closed: open a new store to go on',
      null,
    )
  }
}
