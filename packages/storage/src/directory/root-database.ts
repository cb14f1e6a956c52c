// The layout before hypercore-storage 2: RocksDB's files in the store's directory itself instead of in db/.
// hypercore-storage would move every unknown file into db/, including the user's own. This moves only RocksDB's
// files.
import { readdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { isMissing } from '../errors/error-codes.js'
import { exists, makeDirectory } from './files.js'
import { hasDatabase, type StoreFiles } from './layout.js'

// The files that RocksDB creates (its file/filename.h), and the one that rocksdb-native adds.
const ROCKSDB_FILE =
  /^(?:CURRENT|IDENTITY|LOCK|LOG(?:\.old\.\d+)?|SESSION_ID|(?:MANIFEST|OPTIONS)-\d+|\d+\.(?:log|sst|blob|dbtmp))$/

/** The column family of hypercore-storage. */
const STORE_FAMILY = 'corestore'

/** Whether the directory holds a store in the old layout, or one that was being moved when the process ended. */
export async function hasRootDatabase(files: StoreFiles): Promise<boolean> {
  if ((await hasDatabase(files.database)) || !(await hasDatabase(files.directory))) return false
  return (await hasColumnFamily(files.directory)) || (await hasColumnFamily(files.database))
}

/** Whether the RocksDB in a directory is that of a store: LevelDB and other programs with RocksDB have a CURRENT, too. */
export async function hasColumnFamily(directory: string): Promise<boolean> {
  return (await familiesIn(directory)).includes(STORE_FAMILY)
}

/** Resolves with the column families of other programs in the RocksDB of a store. @param database its directory */
export async function otherFamilies(database: string): Promise<string[]> {
  return (await familiesIn(database)).filter((name) => name !== STORE_FAMILY)
}

/** Reads the column families of a RocksDB from its OPTIONS files, of which RocksDB keeps the last two. */
async function familiesIn(directory: string): Promise<string[]> {
  const families = new Set<string>()
  for (const name of await namesIn(directory)) {
    if (!/^OPTIONS-\d+$/.test(name)) continue
    const options = await readFile(join(directory, name), 'utf8')
    for (const [, family = ''] of options.matchAll(/^\[CFOptions "(.+)"\]$/gm)) families.add(family)
  }
  return [...families]
}

/** Moves RocksDB's files into `db/`. CURRENT moves last, so an interrupted move continues at the next opening. */
export async function moveRootDatabase(files: StoreFiles): Promise<void> {
  const names = (await namesIn(files.directory)).filter(
    (name) => ROCKSDB_FILE.test(name) && name !== 'CURRENT',
  )
  await makeDirectory(files.database)
  for (const name of [...names, 'CURRENT']) {
    try {
      await rename(join(files.directory, name), join(files.database, name))
    } catch (error) {
      // Another store is moving the files at the same time.
      if (!isMissing(error) || !(await exists(join(files.database, name)))) throw error
    }
  }
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory)
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}
