// Opens the database of a storage argument without hypercore-storage's own opening, which would write.
import type { CorestoreStorage, StorageDatabase } from '@coreyard/hypercore-types'
import HypercoreStorage from 'hypercore-storage'
import type { StorageArgument } from '../argument/storage-argument.js'
import type { StorageOptions } from '../argument/storage-options.js'
import { KeySpace } from '../database/key-space.js'
import { RandomAccessDatabase } from '../database/random-access-database.js'
import { otherFamilies } from '../directory/root-database.js'
import { storageEngine } from '../engine/storage-engine.js'
import { badArgument } from '../errors/bad-argument.js'
import { withStorageErrors } from '../errors/with-storage-errors.js'
import { AllFamilies, type CopiedDatabase, type Family } from './all-families.js'

export interface OpenDatabase {
  /** All column families. The records of the store come first. */
  readonly database: CopiedDatabase
  readonly directory: string | null
  /** The names of the families other than that of the store. */
  readonly families: readonly string[]
  /** Closes everything that `openDatabase` opened. An instance stays open, because its owner closes it. */
  close(): Promise<void>
}

/**
 * Opens the database with all of its column families. For a RocksDB that an instance has opened, these are the families that it was
 * opened with. Rejects with a `StorageError`, and then leaves nothing open.
 *
 * @param families the families that a destination must have
 * @throws a `TypeError` with the code `BAD_ARGUMENT` if an instance was opened without one of them
 */
export async function openDatabase(
  argument: StorageArgument,
  options: StorageOptions,
  families: readonly string[] = [],
): Promise<OpenDatabase> {
  const engine = storageEngine(argument, options)
  const isInstance = HypercoreStorage.isCoreStorage(argument)
  const { directory } = engine
  let database: CopiedDatabase | null = null
  const close = async () => {
    if (isInstance) await database?.close()
    else await engine.close()
  }
  try {
    const stored = await withStorageErrors(familiesIn(engine.storage), directory)
    const opened = openFamilies(engine.storage.db, stored, families)
    database = new AllFamilies(engine.storage.db, opened)
    await withStorageErrors(database.ready(), directory)
    return { database, families: opened.map(({ name }) => name), directory, close }
  } catch (error) {
    await close().catch(() => {}) // the first error says why
    throw error
  }
}

/** Resolves with the names of the stored families, without the family of the store. */
async function familiesIn({ db, rocks }: CorestoreStorage): Promise<string[]> {
  if (!(db instanceof RandomAccessDatabase)) return otherFamilies(rocks.path)
  await db.ready()
  return storedFamilies(db.allFamilies())
}

/** Opens the stored families and the wanted ones. An open RocksDB has only the families that it was opened with. */
function openFamilies(db: StorageDatabase, stored: readonly string[], wanted: readonly string[]): Family[] {
  return [...new Set([...stored, ...wanted])].flatMap((name) => {
    try {
      return [{ name, session: db.columnFamily(name) }]
    } catch (error) {
      if (!(error instanceof Error) || error.message !== 'Unknown column family') throw error
      if (!wanted.includes(name)) return []
      throw badArgument(
        `the instance to copy to was opened without the column family '${name}' of the source: call ` +
          `rocks.columnFamily('${name}') of the instance before it opens, or hand in the path of its directory`,
      )
    }
  })
}

async function storedFamilies(database: RandomAccessDatabase): Promise<string[]> {
  const names: string[] = []
  for (let start: Uint8Array | null = KeySpace.firstOther; start !== null; ) {
    const from: Uint8Array = start
    start = null
    for await (const { key } of database.iterator({ gte: from, limit: 1 })) {
      const name = KeySpace.familyOf(key)
      if (name === null) continue
      names.push(name)
      start = KeySpace.of(name).end
    }
  }
  return names
}
