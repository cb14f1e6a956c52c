// The files of a store in a directory, by engine.
import { join } from 'node:path'
import { STORE_FILE } from '../argument/random-access-argument.js'
import { exists } from './files.js'

/**
 * The absolute paths of the files of a store: those of Corestore 7's on-disk format (hypercore-storage 3), and the file of the engine
 * `'random-access'`. A directory has either.
 */
export interface StoreFiles {
  readonly directory: string
  readonly randomAccess: string
  /** RocksDB's directory. */
  readonly database: string
  /** Where Corestore 7 moves the file of the engine `'random-access'`, when it opens the directory. */
  readonly moved: string
  /** Ties the directory to the disk it was made on, and is locked while the store is open. */
  readonly device: string
  /** Corestore 6's primary key, 32 bytes. Its cores are in the same directory. Corestore 7 migrates both and removes the files. */
  readonly primaryKey: string
  /** Corestore 5's primary key, 32 bytes. Its cores are in the same directory. Hypercore 11 cannot read them. */
  readonly masterKey: string
}

export function storeFiles(directory: string): StoreFiles {
  return {
    directory,
    randomAccess: join(directory, STORE_FILE),
    database: join(directory, 'db'),
    moved: join(directory, 'db', STORE_FILE),
    device: join(directory, 'CORESTORE'),
    primaryKey: join(directory, 'primary-key'),
    masterKey: join(directory, 'master_key'),
  }
}

/** Whether RocksDB has a database in that directory: CURRENT names its newest manifest. */
export function hasDatabase(directory: string): Promise<boolean> {
  return exists(join(directory, 'CURRENT'))
}
