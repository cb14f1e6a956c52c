// The database beneath a storage argument, without what hypercore-storage does with it when it opens: that would write.
import type { StorageDatabase } from '@coreyard/hypercore-types'
import HypercoreStorage from 'hypercore-storage'
import type { StorageArgument, StorageOptions } from '../options.js'
import { storageEngine } from '../storage-engine.js'
import { attempt } from './attributed.js'

export interface OpenDatabase {
  readonly database: StorageDatabase
  readonly directory: string | null
  /** An instance stays open: it is its owner's. */
  close(): Promise<void>
}

/** Rejects with a `StorageError`; nothing is left open then. */
export async function openDatabase(
  argument: StorageArgument,
  options: StorageOptions,
): Promise<OpenDatabase> {
  const engine = storageEngine(argument, options)
  const isInstance = HypercoreStorage.isCoreStorage(argument)
  const close = async () => {
    if (!isInstance) await engine.close()
  }
  const { db: database } = engine.storage
  const { directory } = engine
  try {
    await attempt(database.ready(), directory)
  } catch (error) {
    await close()
    throw error
  }
  return { database, directory, close }
}
