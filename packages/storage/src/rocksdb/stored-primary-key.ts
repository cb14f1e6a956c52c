// Reads the primary key of a store in a directory before RocksDB opens the store.
import { readFile } from 'node:fs/promises'
import { NativeDatabase } from '../database/native-database.js'
import { exists } from '../directory/files.js'
import { hasDatabase, type StoreFiles } from '../directory/layout.js'
import { readPrimaryKey } from '../records/primary-key.js'

/**
 * Reads the primary key in a directory without changing a byte, so that a wrong key can be refused before the
 * store is opened.
 *
 * @param database the directory with RocksDB's files, if there are any
 * @returns 32 bytes; `null` if no key is stored
 */
export async function storedPrimaryKey(files: StoreFiles, database: string): Promise<Uint8Array | null> {
  const key = (await hasDatabase(database))
    ? await readPrimaryKey(new NativeDatabase(database, { readOnly: true }), database)
    : null
  if (key !== null || !(await exists(files.primaryKey))) return key
  return readFile(files.primaryKey)
}
