// The destination of a copy. It is first empty, then has a mark, then is a store. records/store-head.ts has the mark.
import { keys } from '@coreyard/hypercore-port/storage'
import b4a from 'b4a'
import { readArgument, type StorageArgument } from '../argument/storage-argument.js'
import { exists } from '../directory/files.js'
import { storeFiles } from '../directory/layout.js'
import { hasRootDatabase } from '../directory/root-database.js'
import { nameOf, StorageError } from '../errors/storage-error.js'
import { eachWithStorageErrors, withStorageErrors } from '../errors/with-storage-errors.js'
import { markedSource, markOf, readHead } from '../records/store-head.js'
import type { CopiedDatabase } from './all-families.js'
import type { CopyOptions } from './copy-options.js'
import { differs } from './copy-records.js'
import { type OpenDatabase, openDatabase } from './open-database.js'
import type { Source } from './source.js'

/** The destination of a copy: an empty storage, or one with an unfinished copy of the same source. */
export class Destination {
  readonly #argument: StorageArgument
  readonly #options: CopyOptions['to']

  constructor(argument: StorageArgument, options: CopyOptions['to']) {
    this.#argument = argument
    this.#options = options
  }

  /**
   * If an earlier copy of this source is complete, calls `check` to compare it, and resolves with the result. Otherwise resolves with
   * `null`. Rejects with `STORAGE_NOT_EMPTY` if the destination holds anything except a copy of this source. Writes nothing.
   */
  async finished<T>(
    { identity, head, families }: Source,
    check: (to: OpenDatabase) => Promise<T>,
  ): Promise<T | null> {
    await expectNoOlderStore(this.#argument, this.#options)
    try {
      return await this.#with({ readOnly: true }, families, async (to) => {
        const stored = await withStorageErrors(readHead(to.database), to.directory)
        if (stored !== null && b4a.equals(stored, head)) return check(to)
        await expectRoomIn(to, identity)
        return null
      })
    } catch (error) {
      if (!(error instanceof StorageError)) throw error
      if (error.code === 'STORAGE_NO_STORE') return null
      throw error.code === 'STORAGE_DIFFERS' ? notEmpty(error.directory) : error
    }
  }

  /**
   * Opens the destination, and calls `fill` to write to it. Before that, it writes a mark in place of the head, so that an unfinished copy
   * does not open as a store.
   */
  mark<T>({ identity, families }: Source, fill: (to: OpenDatabase) => Promise<T>): Promise<T> {
    return this.#with({}, families, async (to) => {
      if (!(await expectRoomIn(to, identity))) await putHead(to, markOf(identity))
      const result = await fill(to)
      await withStorageErrors(to.database.flush(), to.directory)
      return result
    })
  }

  /** Opens the destination again, so that `check` reads what is stored. Then writes the head, which makes the destination a store. */
  async finish<T>({ identity, head, families }: Source, check: (to: OpenDatabase) => Promise<T>): Promise<T> {
    const result = await this.#with({}, families, async (to) => {
      if (!(await expectRoomIn(to, identity))) throw forgot(to.directory)
      const checked = await check(to)
      await putHead(to, head)
      return checked
    })
    await this.#with({ readOnly: true }, families, async ({ database, directory }) => {
      const stored = await withStorageErrors(readHead(database), directory)
      if (stored === null || !b4a.equals(stored, head)) throw differs('head of the store', false, directory)
    })
    return result
  }

  async #with<T>(
    options: { readOnly?: boolean },
    families: readonly string[],
    run: (to: OpenDatabase) => Promise<T>,
  ): Promise<T> {
    const to = await openDatabase(this.#argument, { ...this.#options, ...options }, families)
    let result: T
    try {
      result = await run(to)
    } catch (error) {
      await to.close().catch(() => {}) // the first error says why
      throw error
    }
    await to.close()
    return result
  }
}

/** Whether the destination has the mark of this source. Throws `STORAGE_NOT_EMPTY` if it holds anything else. */
async function expectRoomIn({ database, directory }: OpenDatabase, source: Uint8Array): Promise<boolean> {
  const marked = markedSource(await withStorageErrors(readHead(database), directory))
  if (marked !== null && b4a.equals(marked, source)) return true
  if (marked !== null) {
    throw new StorageError(
      'STORAGE_NOT_EMPTY',
      `${nameOf(directory)} holds an unfinished copy of another store: finish that one, or choose an empty storage`,
      directory,
    )
  }
  if (!(await isEmpty(database, directory))) throw notEmpty(directory)
  return false
}

async function isEmpty(database: CopiedDatabase, directory: string | null): Promise<boolean> {
  for await (const _ of eachWithStorageErrors(database.iterator({ limit: 1 }), directory)) return false
  return true
}

/** RocksDB would migrate the files of an older version in its directory. */
async function expectNoOlderStore(argument: StorageArgument, options: CopyOptions['to']): Promise<void> {
  if (typeof argument !== 'string') return
  const destination = readArgument(argument, options?.engine)
  if (!('directory' in destination)) return
  const files = storeFiles(destination.directory)
  if ((await exists(files.primaryKey)) || (await hasRootDatabase(files))) throw notEmpty(files.directory)
}

function notEmpty(directory: string | null): StorageError {
  return new StorageError(
    'STORAGE_NOT_EMPTY',
    `${nameOf(directory)} holds something already: a store is copied into an empty storage`,
    directory,
  )
}

function forgot(directory: string | null): StorageError {
  return new StorageError(
    'STORAGE_FORGOTTEN',
    `${nameOf(directory)} has forgotten all that was written when it was closed: use a storage that is found again, ` +
      'in memory memoryStorage() or RAM.reusable()',
    directory,
  )
}

async function putHead({ database, directory }: OpenDatabase, head: Uint8Array): Promise<void> {
  // Flushed first, so that the head is not stored before the other records if the power fails.
  await withStorageErrors(database.flush(), directory)
  const batch = database.write({ autoDestroy: true })
  batch.tryPut(keys.store.head(), head)
  await withStorageErrors(batch.flush(), directory)
  await withStorageErrors(database.flush(), directory)
}
