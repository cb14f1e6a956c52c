// A store of Corestore 6 as the source of a conversion: the records that the store has once it is one of Hypercore 11, in the
// order of their keys.

import { openSync } from 'node:fs'
import { keys, schema } from '@coreyard/hypercore-port/storage'
import type { Alias, DatabaseEntry } from '@coreyard/hypercore-types'
import { StorageError } from '@coreyard/storage'
import {
  badArgument,
  type CopySignal,
  describe,
  eachWithStorageErrors,
  hasCode,
  identityOf,
  nameOf,
  type Source,
  withStorageErrors,
} from '@coreyard/storage/copying'
import b4a from 'b4a'
import FDLock from 'fd-lock'
import type { CoreKeys } from '../convert-options.js'
import { findCore, folderOf, listCores, nameIn, readCore } from './core-list.js'
import { authValue, dataRecords } from './core-records.js'
import type { CoreState } from './core-state.js'
import { damaged } from './damage.js'
import { filesIn, type OpenFile, type SourceFile, storagesOf } from './source-file.js'

/** The name of the file with the primary key. */
export const PRIMARY_KEY = 'primary-key'
/** The version of hypercore-storage's records, in the head and in each core. */
const VERSION = 2

/** A core that is stored; its number is its place in the list. */
interface ListedCore {
  readonly id: string
  readonly discoveryKey: Uint8Array
  readonly alias: Alias | null
  readonly auth: Uint8Array
  /** Whether its key is the public key that signs it. */
  readonly isCompat: boolean
}

/** Opens the store of Corestore 6 in a directory, which must not have it open. Rejects with a `StorageError`. */
export async function openDirectory(directory: string, signal: CopySignal | undefined): Promise<Source> {
  const lock = await withStorageErrors(lockFile(`${directory}/${PRIMARY_KEY}`), directory)
  try {
    const open = filesIn(directory)
    const file = await open(PRIMARY_KEY)
    const primaryKey = await readPrimaryKey(file, directory).finally(() => file.close())
    const cores: ListedCore[] = []
    for (const id of await withStorageErrors(listCores(directory), directory)) {
      signal?.throwIfAborted()
      const state = await withStorageErrors(readCore(open, id), directory)
      if (state !== null) cores.push(listed(state))
    }
    return sourceOf({ open, directory, primaryKey, cores: sorted(cores), close: () => lock.close() })
  } catch (error) {
    await lock.close()
    throw error
  }
}

/** Opens that on the storages that a class or function makes, which cannot be listed. Rejects with a `StorageError`. */
export async function openStorages(
  argument: object,
  wanted: CoreKeys,
  signal: CopySignal | undefined,
): Promise<Source> {
  const open = storagesOf(argument)
  // Where storages keep others out, this one does as long as it is open: Corestore 6 has it open, too.
  const file = await open(PRIMARY_KEY)
  try {
    const primaryKey = await readPrimaryKey(file, null)
    const cores: ListedCore[] = []
    for (const key of typeof wanted === 'function' ? wanted(b4a.from(primaryKey)) : wanted) {
      signal?.throwIfAborted()
      cores.push(listed(await withStorageErrors(findCore(open, checkKey(key)), null)))
    }
    return sourceOf({ open, directory: null, primaryKey, cores: sorted(cores), close: () => file.close() })
  } catch (error) {
    await file.close()
    throw error
  }
}

interface Parts {
  readonly open: OpenFile
  readonly directory: string | null
  readonly primaryKey: Uint8Array
  readonly cores: readonly ListedCore[]
  close(): Promise<void>
}

function sourceOf(parts: Parts): Source {
  const { directory, primaryKey, cores, close } = parts
  const head = schema.encode('@corestore/head', {
    version: VERSION,
    cores: cores.length,
    datas: cores.length,
    groups: 0,
    seed: primaryKey,
    defaultDiscoveryKey: cores[0]?.discoveryKey ?? null,
  })
  return {
    directory,
    identity: identityOf(primaryKey),
    families: [],
    head,
    records: () => eachWithStorageErrors(recordsOf(parts), directory),
    close,
  }
}

async function* recordsOf({ open, cores }: Parts): AsyncGenerator<DatabaseEntry> {
  for (const [pointer, { discoveryKey, alias }] of cores.entries()) {
    const core = { version: VERSION, corePointer: pointer, dataPointer: pointer, alias }
    yield { key: keys.store.core(discoveryKey), value: schema.encode('@corestore/core', core) }
  }
  yield* nameRecords(cores)
  for (const [pointer, { auth }] of cores.entries()) yield { key: keys.core.auth(pointer), value: auth }
  for (const [pointer, { id }] of cores.entries()) {
    const state = await readCore(open, id)
    if (state === null) throw damaged(`${folderOf(id)}/oplog`, 0, 'it has been emptied meanwhile')
    yield* dataRecords(pointer, state, { open, folder: folderOf(id), userData: nameIn(state).rest })
  }
}

function nameRecords(cores: readonly ListedCore[]): DatabaseEntry[] {
  const named = cores.flatMap(({ alias, discoveryKey }) => {
    return alias === null ? [] : [{ key: keys.store.coreByAlias(alias), value: discoveryKey }]
  })
  return named.sort((a, b) => b4a.compare(a.key, b.key))
}

/** By discovery key, without duplicates. */
function sorted(found: Iterable<ListedCore>): ListedCore[] {
  const byId = new Map([...found].map((core) => [core.id, core]))
  const cores = [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  // Two have one name where Corestore 6 was told to make another kind of key than its own: the one of its own kind keeps it.
  const owners = new Map<string, ListedCore>()
  for (const core of cores) {
    const owner = owners.get(nameId(core))
    if (owner === undefined || (core.isCompat && !owner.isCompat)) owners.set(nameId(core), core)
  }
  return cores.map((core) => (owners.get(nameId(core)) === core ? core : { ...core, alias: null }))
}

function nameId({ alias, id }: ListedCore): string {
  return alias === null ? id : `${b4a.toString(alias.namespace, 'hex')}/${alias.name}`
}

/** What is kept in memory for each core. */
function listed(state: CoreState): ListedCore {
  const { discoveryKey, key, keyPair } = state
  return {
    id: b4a.toString(discoveryKey, 'hex'),
    discoveryKey,
    alias: nameIn(state).alias,
    auth: authValue(state),
    isCompat: keyPair !== null && b4a.equals(keyPair.publicKey, key),
  }
}

function checkKey(key: unknown): Uint8Array {
  if (b4a.isBuffer(key) && key.byteLength === 32) return key
  throw badArgument(
    `cores must give keys or discovery keys, a Uint8Array of 32 bytes each, not ${describe(key)}`,
  )
}

async function readPrimaryKey(file: SourceFile, directory: string | null): Promise<Uint8Array> {
  if (file.size === 0) {
    throw new StorageError(
      'STORAGE_NO_STORE',
      `${nameOf(directory)} holds no store of Corestore 6 to convert: it has no primary key (${file.name})`,
      directory,
    )
  }
  if (file.size !== 32) throw damaged(file.name, 0, `a primary key has 32 bytes, and it has ${file.size}`)
  return b4a.from(await file.read(0, 32))
}

/** The lock that Corestore 6 takes. Without the permission to write there is none: no other store of this user can write either. */
async function lockFile(path: string): Promise<{ close(): Promise<void> }> {
  let fd: number
  try {
    fd = openSync(path, 'r+')
  } catch (error) {
    if (hasCode(error, 'EACCES') || hasCode(error, 'EPERM') || hasCode(error, 'EROFS'))
      return { close: async () => {} }
    throw error
  }
  const lock = new FDLock(fd)
  await lock.ready()
  return lock
}
