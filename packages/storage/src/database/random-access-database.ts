// The database that hypercore-storage binds to, over random-access-kv: a session, with RocksDB's session API as far as
// hypercore-storage calls it. What all sessions of one database share lives in database-state.ts; batches and streams are
// files of their own. test/database-contract.test.ts holds this against RocksDB.
import { BoundDatabase } from '@coreyard/hypercore-port/storage'
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
  /** Show the entries of this moment, whatever is written later. Default: as in the parent session. */
  readonly snapshot?: boolean | undefined
  /** Default: that of the parent session. */
  readonly columnFamily?: string | object | undefined
}

/** A session of a database. Those of one column family see the same entries, except for snapshots; each is closed on its own. */
export class RandomAccessDatabase extends BoundDatabase implements StorageDatabase {
  readonly #state: DatabaseState
  readonly #snapshot: SharedSnapshot | null
  readonly #isRoot: boolean
  readonly #keys: KeySpace
  #closed = false

  private constructor(
    state: DatabaseState,
    snapshot: SharedSnapshot | null,
    keys: KeySpace,
    isRoot: boolean,
  ) {
    super()
    this.#keys = keys
    this.#state = state
    this.#snapshot = snapshot
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
    return this.#state.path
  }

  get opened(): boolean {
    return this.#state.opened
  }

  get closed(): boolean {
    return this.#isRoot ? this.#state.closed : this.#closed
  }

  override get snapshotted(): boolean {
    return this.#snapshot !== null
  }

  override get closing(): Promise<void> | null {
    return this.#state.closing
  }

  protected override get ended(): boolean {
    return this.#closed
  }

  async ready(): Promise<void> {
    this.#throwIfClosed()
    await this.#state.ready()
  }

  session(options: SessionOptions = {}): RandomAccessDatabase {
    this.#throwIfClosed()
    const { snapshot = this.snapshotted, columnFamily } = options
    const keys = columnFamily === undefined ? this.#keys : KeySpace.of(columnFamily)
    const shown = snapshot ? (this.#snapshot ?? new SharedSnapshot(this.#state.kv)) : null
    return new RandomAccessDatabase(this.#state, shown, keys, false)
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
    return new RandomAccessDatabase(this.#state, null, KeySpace.all, false)
  }

  read(): ReadBatch {
    this.#throwIfClosed()
    return new ReadBatch(this.#snapshot?.view ?? this.#state.kv, this.#keys)
  }

  write(): DatabaseWriteBatch {
    this.#throwIfClosed()
    return new WriteBatch(this.#state.kv, this.#keys, this.#state.directory)
  }

  iterator(range: DatabaseRange = {}): EntryStream {
    this.#throwIfClosed()
    const entries = (this.#snapshot?.view ?? this.#state.kv).iterator(this.#keys.range(range))
    return new EntryStream(entries, this.#keys, this.#state.streams)
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
    await this.#state.kv.sync()
  }

  /** Gives the space of everything that was deleted back; it is not kept apart by range. */
  async compactRange(): Promise<void> {
    this.#throwIfClosed()
    await this.#state.kv.compact()
  }

  async suspend(): Promise<void> {
    this.#throwIfClosed()
    await this.#state.suspend()
  }

  async resume(): Promise<void> {
    this.#throwIfClosed()
    await this.#state.resume()
  }

  async close(): Promise<void> {
    this.end()
    if (this.#isRoot) await this.#state.close()
  }

  /** Ends this session alone. */
  end(): void {
    if (this.#closed) return
    this.#closed = true
    this.#state.sessions.delete(this)
    this.#snapshot?.unref()
  }

  #throwIfClosed(): void {
    if (!this.#closed && this.#state.closing === null) return
    throw new StorageError(
      'STORAGE_CLOSED',
      'The database session is closed: open a new store to go on',
      null,
    )
  }
}
