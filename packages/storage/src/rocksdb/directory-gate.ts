// The checks before RocksDB opens a store's directory. RocksDB calls the gate as its lock (`RocksLock`), so the checks run whether
// Hypercore or the engine opens the database first. Given a path, hypercore-storage prepares
// it in its constructor and moves the user's own files into db/; given a database, as here, it leaves all of it to us.
import type { RocksLock } from '@coreyard/hypercore-port/storage'
import type DeviceFile from 'device-file'
import { AbortController } from '#abort-controller'
import { lockCreation } from '../directory/creation-lock.js'
import { lockDevice } from '../directory/device-lock.js'
import { expectNoCorestore5, expectNoRandomAccess, expectOwnDatabase } from '../directory/engine-conflict.js'
import { exists, makeDirectory, makeFilesPrivate } from '../directory/files.js'
import { hasDatabase, type StoreFiles } from '../directory/layout.js'
import { hasRootDatabase, moveRootDatabase, otherFamilies } from '../directory/root-database.js'
import { waitForLock } from '../directory/wait-for-lock.js'
import { StorageError, storageClosed } from '../errors/storage-error.js'
import { toStorageError } from '../errors/to-storage-error.js'
import { expectSameKey } from '../records/primary-key.js'
import { checkCorestore6 } from './corestore-6.js'
import { storedPrimaryKey } from './stored-primary-key.js'

export interface GateOptions {
  /** The expected primary key, 32 bytes; `null` for any. */
  readonly primaryKey: Uint8Array | null
  readonly readOnly: boolean
  readonly allowBackup: boolean
  readonly id: string | null
  readonly wait: boolean
  /** Declares a column family to RocksDB before it opens. */
  readonly declareFamily: (name: string) => void
}

export class DirectoryGate implements RocksLock {
  readonly #files: StoreFiles
  readonly #options: GateOptions
  readonly #cancel = new AbortController()
  #device: DeviceFile | null = null
  #isOpened = false
  /** Releases the lock on creating a store. */
  #endCreation = () => {}

  constructor(files: StoreFiles, options: GateOptions) {
    this.#files = files
    this.#options = options
  }

  /** Keeps the database from opening, and ends a wait for a lock. */
  cancel(): void {
    this.#cancel.abort()
  }

  async ready(): Promise<void> {
    try {
      this.#throwIfCancelled()
      await (this.#options.readOnly ? this.#prepareToRead() : this.#prepareToWrite())
      this.#throwIfCancelled()
    } catch (error) {
      await this.close()
      throw toStorageError(error, this.#files.directory)
    }
  }

  transfer(): number {
    return this.#device === null ? -1 : this.#device.transfer()
  }

  /** Called when RocksDB has opened the database, or failed to. */
  async opened(): Promise<void> {
    if (this.#isOpened) return
    this.#isOpened = true
    await this.#settleFiles()
  }

  async close(): Promise<void> {
    try {
      await this.#settleFiles()
    } finally {
      await this.#device?.close()
    }
  }

  async #settleFiles(): Promise<void> {
    this.#endCreation()
    this.#endCreation = () => {}
    if (!this.#options.readOnly) await makeFilesPrivate(this.#files.database)
  }

  async #prepareToRead(): Promise<void> {
    const files = this.#files
    await expectNoRandomAccess(files)
    if (!(await hasDatabase(files.database))) {
      await expectNoCorestore5(files)
      throw await noStore(files)
    }
    await expectOwnDatabase(files)
    await this.#declareFamilies()
    const { primaryKey } = this.#options
    if (primaryKey) await this.#checkKey(primaryKey, files.database)
  }

  async #prepareToWrite(): Promise<void> {
    const files = this.#files
    const { primaryKey, allowBackup } = this.#options
    await expectNoRandomAccess(files)
    if (!allowBackup && (await exists(files.device))) await this.#lock()
    if (await hasRootDatabase(files)) {
      // An interrupted move is finished first, because RocksDB cannot read a part of its files.
      if (primaryKey && !(await exists(files.database))) await this.#checkKey(primaryKey, files.directory)
      await moveRootDatabase(files)
    }
    if (await hasDatabase(files.database)) {
      await expectOwnDatabase(files)
    } else {
      await expectNoCorestore5(files)
      await checkCorestore6(files)
    }
    await this.#declareFamilies()
    if (primaryKey) await this.#checkKey(primaryKey, files.database)
    if (!(await hasDatabase(files.database))) await this.#lockCreation()
    await makeDirectory(files.database)
    if (!allowBackup && this.#device === null) await this.#lock()
  }

  /** Keeps the other engine from creating a store until RocksDB has created its own. */
  async #lockCreation(): Promise<void> {
    const files = this.#files
    const { wait } = this.#options
    const lock = async () => {
      await expectNoRandomAccess(files)
      if (!(await exists(files.directory))) await makeDirectory(files.directory)
      return lockCreation(files.randomAccess)
    }
    const { signal } = this.#cancel
    this.#endCreation = await waitForLock(lock, { wait, signal, directory: files.directory })
    // The other engine may have created one before the lock was taken.
    await expectNoRandomAccess(files)
  }

  /** RocksDB opens only with all of its column families, including those of other programs. */
  async #declareFamilies(): Promise<void> {
    const { declareFamily } = this.#options
    for (const name of await otherFamilies(this.#files.database)) if (name !== 'default') declareFamily(name)
  }

  async #checkKey(wanted: Uint8Array, database: string): Promise<void> {
    expectSameKey(await storedPrimaryKey(this.#files, database), wanted, this.#files.directory)
  }

  async #lock(): Promise<void> {
    const { id, wait } = this.#options
    this.#device = await lockDevice(this.#files, { id, wait, signal: this.#cancel.signal })
  }

  #throwIfCancelled(): void {
    if (this.#cancel.signal.aborted) throw storageClosed(this.#files.directory)
  }
}

async function noStore(files: StoreFiles): Promise<StorageError> {
  const older = (await hasRootDatabase(files)) || (await exists(files.primaryKey))
  const message = older
    ? `${files.directory} holds a store of an older version, which a read-only storage cannot bring up to date: open it once for ` +
      `writing, which does, or leave it as it is and read a copy, made with convert('${files.directory}', destination) of @coreyard/convert`
    : `${files.directory} holds no store, and a read-only storage makes none: open it for writing first`
  return new StorageError(older ? 'STORAGE_NOT_MIGRATED' : 'STORAGE_NO_STORE', message, files.directory)
}
