// The file of a store of the engine 'random-access' in a directory: what comes before it opens. It is the storage beneath
// random-access-kv, so that whoever makes the database open first, Hypercore or the engine, goes through it.
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
  /** 32 bytes that the file must not contradict, or `null` for whatever it holds. */
  readonly primaryKey: Uint8Array | null
  readonly readOnly: boolean
  /** Whether the engine was asked for, and not inferred from what is in the directory. */
  readonly isChosen: boolean
  readonly wait: boolean
  /** Keep others out. */
  readonly lock: boolean
  /** Wait until the disk has what is to survive a power cut. */
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

  /** Lets it open no more; what waits for a lock stops waiting. */
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
    // Now RocksDB makes no store here. It may have made one since the check.
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
    // Reading a store that was asked for by its engine harms nothing, whatever is beside it: Corestore 7 moves one into its own.
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
 * The primary key in a file of the engine `'random-access'`, read without changing a byte.
 *
 * @returns 32 bytes; `null` if no key is stored
 */
function primaryKeyInFile(file: string, { lock }: { readonly lock: boolean }): Promise<Uint8Array | null> {
  const kv = new RandomAccessKV(new FileStorage(file, { readOnly: true, lock }), { readOnly: true })
  return readPrimaryKey(RandomAccessDatabase.over(kv, file), file)
}
