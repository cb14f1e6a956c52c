// The database beneath a storage argument, without what hypercore-storage does with it when it opens: that would write.
import type { CorestoreStorage } from '@coreyard/hypercore-types'
import HypercoreStorage from 'hypercore-storage'
import type { StorageArgument } from '../argument/storage-argument.js'
import type { StorageOptions } from '../argument/storage-options.js'
import { KeySpace } from '../database/key-space.js'
import { RandomAccessDatabase } from '../database/random-access-database.js'
import { otherFamilies } from '../directory/root-database.js'
import { storageEngine } from '../engine/storage-engine.js'
import { withStorageErrors } from '../errors/with-storage-errors.js'
import { AllFamilies, type CopiedDatabase } from './all-families.js'

export interface OpenDatabase {
  /** All column families, those of other programs after that of the store. */
  readonly database: CopiedDatabase
  readonly directory: string | null
  /** The names of the families beside that of the store. */
  readonly families: readonly string[]
  /** An instance stays open: it is its owner's. */
  close(): Promise<void>
}

/**
 * Rejects with a `StorageError`; nothing is left open then.
 *
 * @param families that it is to have beside that of the store
 */
export async function openDatabase(
  argument: StorageArgument,
  options: StorageOptions,
  families: readonly string[] = [],
): Promise<OpenDatabase> {
  const engine = storageEngine(argument, options)
  const isInstance = HypercoreStorage.isCoreStorage(argument)
  const close = async () => {
    if (!isInstance) await engine.close()
  }
  const { directory } = engine
  try {
    const open = await withStorageErrors(databaseOf(engine.storage, isInstance, families), directory)
    await withStorageErrors(open.database.ready(), directory)
    return { ...open, directory, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function databaseOf(
  { db, rocks }: CorestoreStorage,
  isInstance: boolean,
  wanted: readonly string[],
): Promise<Pick<OpenDatabase, 'database' | 'families'>> {
  const isOurs = db instanceof RandomAccessDatabase
  // A RocksDB that is open has the families that it was opened with, and does not tell them.
  if (isInstance && !isOurs) return { database: db, families: [] }
  if (isOurs) await db.ready()
  const stored = isOurs ? await storedFamilies(db.allFamilies()) : await otherFamilies(rocks.path)
  const families = [...new Set([...stored, ...wanted])]
  return { database: AllFamilies.of(db, rocks, families), families }
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
