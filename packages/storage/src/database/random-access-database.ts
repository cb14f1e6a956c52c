// The database that hypercore-storage uses, over random-access-kv: a session with the part of RocksDB's session API that
// hypercore-storage calls. database-state.ts has the state that all sessions of one database share; batches and streams
// have their own files. test/database-contract.test.ts compares it with RocksDB.
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
  /** Show the entries as they are now, whatever is written later. Default: as in the parent session. */
  readonly snapshot?: boolean | undefined
  /** The column family. Default: the one of the parent session. */
  readonly columnFamily?: string | object | undefined
}

/** A session of a database. Sessions of one column family see the same entries, except snapshots. Each session is closed separately. */
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
   * @param file the path of its file, in the directory that hypercore-storage considers its own; `null` for none
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

  /** Returns a session of the entries of a family. */
  columnFamily(family: string | object): RandomAccessDatabase {
    return this.session({ columnFamily: family })
  }

  /** Returns a session of the entries of all families, with their keys as stored. */
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

  /** Resolves with one value; `null` if it does not exist. */
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

  /** Forces all writes to the storage, so that they survive a power cut. */
  async flush(): Promise<void> {
    this.#throwIfClosed()
    await this.#state.kv.sync()
  }

  /** Frees the space of all deleted records, whatever the range: the space is not kept by range. */
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

  /** Ends only this session. */
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
