// The source of a copy: the records of a store in the order of their keys. A store of another kind can be a source, too:
// @coreyard/convert makes one from a Corestore 6.

import { isCoreRecord, keys, schema } from '@coreyard/hypercore-port/storage'
import type { DatabaseEntry } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import crypto from 'hypercore-crypto'
import { AbortController } from '#abort-controller'
import { readArgument, type StorageArgument } from '../argument/storage-argument.js'
import type { StorageOptions } from '../argument/storage-options.js'
import { lockDevice } from '../directory/device-lock.js'
import { engineFor } from '../directory/engine-conflict.js'
import { exists } from '../directory/files.js'
import { storeFiles } from '../directory/layout.js'
import { inOtherPlace } from '../engine/open-mark.js'
import { nameOf, StorageError } from '../errors/storage-error.js'
import { eachWithStorageErrors, withStorageErrors } from '../errors/with-storage-errors.js'
import { markedSource, readHead, unfinished } from '../records/store-head.js'
import type { CopiedDatabase } from './all-families.js'
import { openDatabase } from './open-database.js'

/** How a source is opened. Nothing in it changes. */
export type SourceOptions = Pick<StorageOptions, 'engine' | 'randomAccess' | 'id' | 'allowBackup'>

/** A store that is read record by record. It yields records in the order of their keys. */
export interface Source {
  readonly directory: string | null
  /** 32 bytes that identify the store. The primary key cannot be computed from them. */
  readonly identity: Uint8Array
  /** The head of the store. It is written last. */
  readonly head: Uint8Array
  /** The names of the column families in which programs keep other data, without the family of the store. */
  readonly families: readonly string[]
  /** Yields all other records, in the order of their keys. Each call yields the same records. */
  records(): AsyncIterable<DatabaseEntry>
  /** Closes the storage. */
  close(): Promise<void>
}

const NAMESPACE = b4a.from('coreyard/convert')

/** Returns the `identity` of a store. @param primaryKey 32 bytes; `null` for a store that has none */
export function identityOf(primaryKey: Uint8Array | null): Uint8Array {
  return crypto.hash([NAMESPACE, primaryKey ?? b4a.alloc(0)])
}

/** Opens a store of either engine for reading. Nothing in it changes. Rejects with a `StorageError`. */
export async function openStore(from: StorageArgument, options: SourceOptions = {}): Promise<Source> {
  const unlock = await lock(from, options)
  try {
    const { database, directory, families, close } = await openDatabase(from, {
      ...options,
      readOnly: true,
    })
    const closeBoth = () => close().finally(unlock)
    try {
      return { ...(await readStore(database, directory)), families, close: closeBoth }
    } catch (error) {
      await close()
      throw error
    }
  } catch (error) {
    await unlock()
    throw error
  }
}

/** Reads a store in an open database. Rejects with a `StorageError`. */
export async function readStore(
  database: CopiedDatabase,
  directory: string | null,
): Promise<Omit<Source, 'close' | 'families'>> {
  const head = await withStorageErrors(readHead(database), directory)
  if (head === null) {
    throw new StorageError('STORAGE_NO_STORE', `${nameOf(directory)} holds no store to copy`, directory)
  }
  if (markedSource(head) !== null) throw unfinished(directory)
  return {
    directory,
    identity: identityOf(readPrimaryKey(head, directory)),
    head,
    records: () => recordsOf(database, directory),
  }
}

async function* recordsOf(database: CopiedDatabase, directory: string | null): AsyncGenerator<DatabaseEntry> {
  for await (const entry of eachWithStorageErrors(database.iterator({ gt: keys.store.head() }), directory)) {
    // The record begins with the version of the core's records: 0 if hypercore-storage has not migrated the core yet.
    if (isCoreRecord(entry.key) && entry.value[0] === 0) {
      const id = b4a.toString(keys.store.discoveryKey(entry.key), 'hex')
      throw new StorageError(
        'STORAGE_NOT_MIGRATED',
        `${nameOf(directory)} was taken over from Corestore 6, and the core with discovery key ${id} has not been opened since: ` +
          'open each core once, which moves it into the store, then convert it',
        directory,
      )
    }
    yield inOtherPlace(entry)
  }
}

function readPrimaryKey(head: Uint8Array, directory: string | null): Uint8Array | null {
  try {
    return schema.decode('@corestore/head', head).seed
  } catch (cause) {
    throw new StorageError(
      'STORAGE_VERSION',
      `${nameOf(directory)} was written by another version, which this one cannot read: update this one`,
      directory,
      { cause },
    )
  }
}

/** Locks a directory of RocksDB, which takes no lock itself when it only reads. Resolves with a function that releases the lock. */
async function lock(
  from: StorageArgument,
  { engine, id = null, allowBackup = false }: SourceOptions,
): Promise<() => Promise<void>> {
  const free = async () => {}
  if (typeof from !== 'string' || allowBackup) return free
  const source = readArgument(from, engine)
  if (!('directory' in source)) return free
  const files = storeFiles(source.directory)
  if (engineFor(files, engine) !== 'rocksdb' || !(await exists(files.device))) return free
  try {
    const { signal } = new AbortController() // it does not wait
    const device = await lockDevice(files, { id, wait: false, signal })
    return () => device.close()
  } catch (error) {
    // Without the permission to write, no other store of this user can write either.
    if (error instanceof StorageError && error.code === 'STORAGE_NOT_WRITABLE') return free
    throw error
  }
}
