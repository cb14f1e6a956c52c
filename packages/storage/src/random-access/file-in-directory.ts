// The file of a store of the engine 'random-access' in a directory, and the checks before it opens. random-access-kv opens it as its
// storage, so the checks run no matter whether Hypercore or the engine opens the database first.
import { RandomAccessKV } from '@coreyard/random-access-kv'
import { FileStorage } from '@coreyard/random-access-kv/file'
import { AbortController } from '#abort-controller'
import { RandomAccessDatabase } from '../database/random-access-database.js'
import { removeEmpty } from '../directory/creation-lock.js'
import { expectNoCorestore5, expectNoRocks } from '../directory/engine-conflict.js'
import { exists, hasBytes, makeDirectory } from '../directory/files.js'
import type { StoreFiles } from '../directory/layout.js'
import { waitForLock } from '../directory/wait-for-lock.js'
import { StorageError, storageClosed } from '../errors/storage-error.js'
import { toStorageError } from '../errors/to-storage-error.js'
import { expectSameKey, readPrimaryKey } from '../records/primary-key.js'
import { call } from './storage-calls.js'

export interface FileInDirectoryOptions {
  /** The expected primary key, 32 bytes; `null` for any. */
  readonly primaryKey: Uint8Array | null
  readonly readOnly: boolean
  /** Whether the caller chose the engine. Otherwise it was inferred from the files in the directory. */
  readonly isChosen: boolean
  readonly wait: boolean
  /** Lock the file. */
  readonly lock: boolean
  /** Wait until the disk has the data that must survive a power cut. */
  readonly sync: boolean
}

export class FileInDirectory extends FileStorage {
  readonly #files: StoreFiles
  readonly #options: FileInDirectoryOptions
  readonly #cancel = new AbortController()
  #checked = false

  constructor(files: StoreFiles, options: FileInDirectoryOptions) {
    super(files.randomAccess, { readOnly: options.readOnly, lock: options.lock })
    this.#files = files
    this.#options = options
  }

  /** Keeps the file from opening, and ends a wait for its lock. */
  cancel(): void {
    this.#cancel.abort()
  }

  override open(callback: (error: Error | null) => void): void {
    this.#open().then(
      () => callback(null),
      (error: unknown) => callback(toStorageError(error, this.#files.directory)),
    )
  }

  override sync(callback: (error: Error | null) => void): void {
    if (this.#options.sync) super.sync(callback)
    else callback(null)
  }

  #open(): Promise<void> {
    const { wait } = this.#options
    const { directory } = this.#files
    return waitForLock(() => this.#openOnce(), { wait, signal: this.#cancel.signal, directory })
  }

  async #openOnce(): Promise<void> {
    const { randomAccess } = this.#files
    if (!this.#checked) await this.#check()
    this.#throwIfCancelled()
    await call((done) => super.open(done))
    // With the lock, RocksDB cannot create a store here. It may have created one since the check.
    if (!hasBytes(randomAccess)) await this.#checkNew()
    this.#checked = true
  }

  async #checkNew(): Promise<void> {
    const { randomAccess } = this.#files
    try {
      await expectNoRocks(this.#files)
    } catch (error) {
      removeEmpty(randomAccess)
      await call((done) => this.close(done))
      throw error
    }
  }

  async #check(): Promise<void> {
    const { directory, randomAccess } = this.#files
    const { primaryKey, readOnly, lock, isChosen } = this.#options
    const isThere = await exists(randomAccess)
    // Corestore 7 moves the file into its own directory, next to a RocksDB. A caller that chose the engine can read it there.
    if (!(readOnly && isChosen && isThere)) await expectNoRocks(this.#files)
    if (!isThere) await expectNoCorestore5(this.#files)
    if (!isThere && readOnly) {
      throw new StorageError(
        'STORAGE_NO_STORE',
        `${directory} holds no store, and a read-only storage makes none: open it for writing first`,
        directory,
      )
    }
    if (isThere && primaryKey) {
      expectSameKey(await primaryKeyInFile(randomAccess, { lock }), primaryKey, directory)
    }
    if (!isThere) await makeDirectory(directory)
  }

  #throwIfCancelled(): void {
    if (this.#cancel.signal.aborted) throw storageClosed(this.#files.directory)
  }
}

/**
 * Reads the primary key in a file of the engine `'random-access'` without changing a byte.
 *
 * @returns 32 bytes; `null` if no key is stored
 */
function primaryKeyInFile(file: string, { lock }: { readonly lock: boolean }): Promise<Uint8Array | null> {
  const kv = new RandomAccessKV(new FileStorage(file, { readOnly: true, lock }), { readOnly: true })
  return readPrimaryKey(RandomAccessDatabase.over(kv, file), file)
}
