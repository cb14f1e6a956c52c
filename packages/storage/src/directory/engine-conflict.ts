// A directory opens with the engine that wrote it. Before an engine makes a store, these checks look for other stores in the directory.
import { statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EngineName } from '../argument/storage-options.js'
import { NativeDatabase } from '../database/native-database.js'
import { StorageError } from '../errors/storage-error.js'
import { corestore5Says } from './corestore-5.js'
import { exists, hasBytes } from './files.js'
import { hasDatabase, type StoreFiles } from './layout.js'
import { hasColumnFamily, hasRootDatabase, otherFamilies } from './root-database.js'

/** Returns the engine that the caller chose; by default the engine of the stored store, or RocksDB. */
export function engineFor(files: StoreFiles, wanted: EngineName | undefined): EngineName {
  return wanted ?? (hasBytes(files.randomAccess) ? 'random-access' : 'rocksdb')
}

/** Throws `STORAGE_CONFLICT` if the directory holds a store of the engine `'random-access'`. */
export async function expectNoRandomAccess(files: StoreFiles): Promise<void> {
  // Only `exists` throws if the file cannot be inspected.
  if ((await exists(files.randomAccess)) && hasBytes(files.randomAccess)) {
    throw otherEngine(files, 'random-access', files.randomAccess)
  }
  if ((await exists(files.moved)) && hasBytes(files.moved)) throw movedStore(files)
}

/** Throws `STORAGE_CONFLICT` if the directory holds a store of RocksDB, or one of Corestore 6, which RocksDB migrates. */
export async function expectNoRocks(files: StoreFiles): Promise<void> {
  if ((await exists(files.moved)) && hasBytes(files.moved)) throw movedStore(files)
  if (await hasDatabase(files.database)) throw otherEngine(files, 'rocksdb', files.database)
  if (await hasRootDatabase(files)) throw otherEngine(files, 'rocksdb', files.directory)
  if (await exists(files.primaryKey)) throw corestore6(files)
}

/** Throws `STORAGE_CONFLICT` if the directory holds a store of Corestore 5. Call it for a directory without a newer store. */
export async function expectNoCorestore5({ directory, masterKey }: StoreFiles): Promise<void> {
  if (!(await exists(masterKey)) || statSync(masterKey).size !== 32) return
  throw new StorageError('STORAGE_CONFLICT', `${directory} ${corestore5Says(masterKey)}`, directory)
}

/** Throws `STORAGE_CONFLICT` if `db/` holds the database of another program. Writes nothing. */
export async function expectOwnDatabase(files: StoreFiles): Promise<void> {
  const { directory, database } = files
  if (!(await hasManifest(database)) || (await hasColumnFamily(database))) return
  const isUnused = (await otherFamilies(database)).every((name) => name === 'default')
  // RocksDB creates IDENTITY before CURRENT; LevelDB has no IDENTITY. A process that ended in between has left an empty database.
  if (isUnused && (await exists(join(database, 'IDENTITY'))) && (await isEmptyDatabase(database))) return
  throw new StorageError(
    'STORAGE_CONFLICT',
    `${directory} holds the database of another program (${database}): choose another directory`,
    directory,
  )
}

/** Whether the directory has a database. RocksDB itself reports a database with missing files as damaged. */
async function hasManifest(database: string): Promise<boolean> {
  if (!(await hasDatabase(database))) return false
  const [manifest = ''] = (await readFile(join(database, 'CURRENT'), 'utf8')).split('\n')
  return /^MANIFEST-\d+$/.test(manifest) && (await exists(join(database, manifest)))
}

async function isEmptyDatabase(database: string): Promise<boolean> {
  const rocks = new NativeDatabase(database, { readOnly: true })
  await rocks.ready()
  try {
    for await (const _ of rocks.iterator({ limit: 1 })) return false
    return true
  } finally {
    await rocks.close()
  }
}

function otherEngine(files: StoreFiles, engine: 'rocksdb' | 'random-access', found: string): StorageError {
  return new StorageError(
    'STORAGE_CONFLICT',
    `${files.directory} holds a store of the engine '${engine}' (${found}): open the path of the directory with ` +
      `{ engine: '${engine}' }, or choose another directory`,
    files.directory,
  )
}

/** The engine 'rocksdb' opens it, and removes the files that Corestore 6 needs: that is for the caller to choose. */
function corestore6({ directory, primaryKey }: StoreFiles): StorageError {
  return new StorageError(
    'STORAGE_CONFLICT',
    `${directory} holds a store of Corestore 6 (${primaryKey}): copy it with convert('${directory}', destination, ` +
      "{ to: { engine: 'random-access' } }) of @coreyard/convert, which leaves it as it is",
    directory,
  )
}

function movedStore({ directory, moved, database }: StoreFiles): StorageError {
  return new StorageError(
    'STORAGE_CONFLICT',
    `${directory} holds a store that Corestore 7 has moved to ${moved} when it opened the directory: bring it over with ` +
      `convert(fileStorage('${database}'), destination) of @coreyard/convert. To open what Corestore 7 has made beside it, move ` +
      `${moved} elsewhere`,
    directory,
  )
}
