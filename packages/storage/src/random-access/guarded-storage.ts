// The storage that a class or function made, and the checks before a store opens on it. A store of another kind is refused, and so is
// a storage that another store has open. Only its owner can read a new file. After the checks, each call goes to the storage.
import { open } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { KvError, type RandomAccessStorage } from '@coreyard/random-access-kv'
import { FileStorage, isInPlace, lockFile } from '@coreyard/random-access-kv/file'
import { AbortController } from '#abort-controller'
import { STORE_FILE } from '../argument/random-access-argument.js'
import { removeEmpty } from '../directory/creation-lock.js'
import { expectNoRocks } from '../directory/engine-conflict.js'
import { exists, hasBytes, makeDirectory, PRIVATE_FILE } from '../directory/files.js'
import { storeFiles } from '../directory/layout.js'
import { waitForLock } from '../directory/wait-for-lock.js'
import { holdMemory, type Memory, releaseMemory, takeTurn, trackClones } from './open-memories.js'
import { expectNoOtherStore } from './other-stores.js'
import { isEmpty, openStorage } from './storage-calls.js'

type Done<T = void> = (error: Error | null, result?: T) => void

export class GuardedStorage implements RandomAccessStorage {
  readonly stat?: (done: Done<{ size: number }>) => void
  readonly truncate?: (size: number, done: Done) => void
  readonly sync?: (done: Done) => void
  readonly #memory: Memory
  /** The path of its file; `null` if it is not a file. */
  readonly file: string | null
  #isChecked = false
  /**
   * Whether it was empty when it was checked, and nothing was written since. For a file that does not exist, the second `stat` of a
   * random-access-storage fails with the error "Not opened", which has no code.
   */
  #isUntouched = false
  /** Lets the next store of the same class or function open. */
  #endTurn: (() => void) | null = null

  readonly #wait: boolean
  readonly #cancel = new AbortController()

  /**
   * @param argument the class or function that made the storage
   * @param options `wait`: whether to wait while another store has it open
   */
  constructor(
    argument: object,
    storage: RandomAccessStorage,
    { readOnly, wait }: { readonly readOnly: boolean; readonly wait: boolean },
  ) {
    this.#wait = wait
    this.#memory = { argument, storage, readOnly }
    this.file = fileOf(storage)
    if (storage.stat !== undefined) {
      this.stat = (done) => (this.#isUntouched ? done(null, { size: 0 }) : storage.stat?.(done))
    }
    if (storage.truncate !== undefined) this.truncate = (size, done) => storage.truncate?.(size, done)
    if (storage.sync !== undefined) this.sync = (done) => storage.sync?.(done)
    trackClones(storage)
  }

  get filename(): string | undefined {
    return this.#storage.filename
  }

  get fd(): number | undefined {
    return this.#storage.fd
  }

  get statable(): boolean | undefined {
    return this.#storage.statable
  }

  get truncatable(): boolean | undefined {
    return this.#storage.truncatable
  }

  get isolated(): boolean | undefined {
    return this.#storage.isolated
  }

  get pageSize(): number | undefined {
    return this.#storage.pageSize
  }

  get #storage(): RandomAccessStorage {
    return this.#memory.storage
  }

  /** Ends a wait for a lock. */
  cancel(): void {
    this.#cancel.abort()
  }

  open(done: Done): void {
    const { signal } = this.#cancel
    waitForLock(() => this.#open(), { wait: this.#wait, signal, directory: null }).then(
      () => done(null),
      (error: Error) => done(error),
    )
  }

  read(offset: number, size: number, done: Done<Uint8Array>): void {
    this.#storage.read(offset, size, done)
  }

  write(offset: number, data: Uint8Array, done: Done): void {
    this.#isUntouched = false
    if (this.#endTurn === null) {
      this.#storage.write(offset, data, done)
      return
    }
    this.#storage.write(offset, data, (error) => {
      this.#release()
      done(error)
    })
  }

  suspend(done: Done): void {
    if (this.#storage.suspend) this.#storage.suspend(done)
    else done(null)
  }

  close(done: Done): void {
    this.#release()
    // If closing fails, another store may still open it.
    if (releaseMemory(this.#memory) && this.#storage.close) this.#storage.close(done)
    else done(null)
  }

  async #open(): Promise<void> {
    if (this.file === null) await this.#openMemory()
    else await this.#openFile(this.file)
    this.#isChecked = true
  }

  async #openMemory(): Promise<void> {
    const { argument, readOnly } = this.#memory
    if (this.#isChecked) return openStorage(this.#storage) // it was suspended, and is still locked
    this.#endTurn = await takeTurn(argument)
    try {
      await openStorage(this.#storage)
      const isNew = await isEmpty(this.#storage)
      this.#isUntouched = isNew
      if (isNew) await expectNoOtherStore(argument, this.#storage)
      await holdMemory(this.#memory)
      if (readOnly || !isNew) this.#release()
    } catch (error) {
      this.#release()
      throw error
    }
  }

  async #openFile(file: string): Promise<void> {
    const isNew = !this.#isChecked && !hasBytes(file)
    if (isNew) await this.#prepareFile(file)
    await openStorage(this.#storage)
    // This opens the file, if the storage opens itself.
    await isEmpty(this.#storage)
    const { fd = 0 } = this.#storage
    if (fd > 0 && !(lockFile(fd, { shared: this.#memory.readOnly }) && isInPlace(fd, file))) {
      throw new KvError('KV_LOCKED', `${file} is open elsewhere: close the other store first`, { file })
    }
    if (!isNew) return
    try {
      // With the lock, RocksDB cannot create a store here. It may have created one since `#prepareFile`.
      await expectNoRocksBeside(file)
    } catch (error) {
      removeEmpty(file)
      throw error
    }
  }

  /** Creates a file that does not exist, unless a store of another kind is there. */
  async #prepareFile(file: string): Promise<void> {
    const { argument, storage, readOnly } = this.#memory
    await expectNoOtherStore(argument, storage)
    await expectNoRocksBeside(file)
    if (await exists(file)) return
    if (readOnly) {
      // Opening the storage would create the file, or fail with an error without a code.
      throw new KvError('KV_NO_STORE', `${file} does not exist, and readOnly makes no store`, { file })
    }
    await makeDirectory(dirname(file))
    await (await open(file, 'a', PRIVATE_FILE)).close()
  }

  #release(): void {
    this.#endTurn?.()
    this.#endTurn = null
  }
}

async function expectNoRocksBeside(file: string): Promise<void> {
  if (basename(file) === STORE_FILE) await expectNoRocks(storeFiles(dirname(file)))
}

/** Returns the path of a storage that is a file of this machine. */
function fileOf(storage: RandomAccessStorage): string | null {
  const isFile = typeof storage.fd === 'number' || storage instanceof FileStorage
  return isFile && storage.filename !== undefined ? resolve(storage.filename) : null
}
