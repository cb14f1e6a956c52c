// What a store is converted to, from an empty storage over a marked one to a store. unfinished.ts has the mark.
import b4a from 'b4a'
import keys from 'hypercore-storage/lib/keys.js'
import { readArgument, type StorageArgument } from '../options.js'
import { hasRootDatabase } from '../root-database.js'
import { nameOf, StorageError } from '../storage-error.js'
import { exists, storeFiles } from '../store-files.js'
import { markedSource, markOf, readHead } from '../unfinished.js'
import type { ConvertedDatabase } from './all-families.js'
import { attempt, stream } from './attributed.js'
import { differs } from './copy.js'
import { type OpenDatabase, openDatabase } from './open-database.js'
import type { ConvertOptions } from './options.js'
import type { Source } from './source.js'

export class Destination {
  readonly #argument: StorageArgument
  readonly #options: ConvertOptions['to']

  constructor(argument: StorageArgument, options: ConvertOptions['to']) {
    this.#argument = argument
    this.#options = options
  }

  /**
   * What a conversion that ended after its last write has left: the result of `check`, which is to compare; `null` if there is
   * none. Throws `STORAGE_NOT_EMPTY` unless it is that, or empty, or an unfinished conversion of that source. Nothing in it changes.
   */
  async finished<T>(
    { identity, head, families }: Source,
    check: (to: OpenDatabase) => Promise<T>,
  ): Promise<T | null> {
    await expectNoOlderStore(this.#argument, this.#options)
    try {
      return await this.#with({ readOnly: true }, families, async (to) => {
        const stored = await attempt(readHead(to.database), to.directory)
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

  /** Opens it and marks it, if it is not marked yet; then `fill` writes to it. */
  mark<T>({ identity, families }: Source, fill: (to: OpenDatabase) => Promise<T>): Promise<T> {
    return this.#with({}, families, async (to) => {
      if (!(await expectRoomIn(to, identity))) await putHead(to, markOf(identity))
      const result = await fill(to)
      await attempt(to.database.flush(), to.directory)
      return result
    })
  }

  /** Opens it anew, so that `check` reads what is stored; then makes a store of it. */
  async finish<T>({ identity, head, families }: Source, check: (to: OpenDatabase) => Promise<T>): Promise<T> {
    const result = await this.#with({}, families, async (to) => {
      if (!(await expectRoomIn(to, identity))) throw forgot(to.directory)
      const checked = await check(to)
      await putHead(to, head)
      return checked
    })
    await this.#with({ readOnly: true }, families, async ({ database, directory }) => {
      const stored = await attempt(readHead(database), directory)
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
      await to.close().catch(() => {}) // the first error tells more
      throw error
    }
    await to.close()
    return result
  }
}

/** Whether it is marked for that source. Throws `STORAGE_NOT_EMPTY` if it holds anything else. */
async function expectRoomIn({ database, directory }: OpenDatabase, source: Uint8Array): Promise<boolean> {
  const marked = markedSource(await attempt(readHead(database), directory))
  if (marked !== null && b4a.equals(marked, source)) return true
  if (marked !== null) {
    throw new StorageError(
      'STORAGE_NOT_EMPTY',
      `${nameOf(directory)} holds an unfinished conversion of another store: finish that one, or choose an empty storage`,
      directory,
    )
  }
  if (!(await isEmpty(database, directory))) throw notEmpty(directory)
  return false
}

async function isEmpty(database: ConvertedDatabase, directory: string | null): Promise<boolean> {
  for await (const _ of stream(database.iterator({ limit: 1 }), directory)) return false
  return true
}

/** RocksDB would take over what older versions have left in its directory. */
async function expectNoOlderStore(argument: StorageArgument, options: ConvertOptions['to']): Promise<void> {
  if (typeof argument !== 'string') return
  const destination = readArgument(argument, options?.engine)
  if (!('directory' in destination)) return
  const files = storeFiles(destination.directory)
  if ((await exists(files.primaryKey)) || (await hasRootDatabase(files))) throw notEmpty(files.directory)
}

function notEmpty(directory: string | null): StorageError {
  return new StorageError(
    'STORAGE_NOT_EMPTY',
    `${nameOf(directory)} holds something already: a store is converted into an empty storage`,
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
  // After all that was written before it, also if the power fails.
  await attempt(database.flush(), directory)
  const batch = database.write({ autoDestroy: true })
  batch.tryPut(keys.store.head(), head)
  await attempt(batch.flush(), directory)
  await attempt(database.flush(), directory)
}
