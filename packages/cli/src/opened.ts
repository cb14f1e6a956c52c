// A directory as a store: opened for reading or for writing, and closed whatever happens.

import { readdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Corestore, StorageError, type StoreOptions } from '@coreyard/corestore'
import { CommandError, ExitCode } from './errors.js'
import { holderOf } from './holder.js'

/** Calls `use` with the store in a directory. `write`: it may be changed. */
export async function withStore<T>(
  directory: string,
  { write = false }: { write?: boolean },
  use: (store: Corestore) => Promise<T>,
): Promise<T> {
  await expectDirectory(directory)
  const options = { readOnly: !write, idleTimeout: 0, recovery: write ? undefined : (false as const) }
  return whileOpen(directory, options, use)
}

/** The store in a directory, which is only read, and which the caller closes. */
export async function openStore(directory: string): Promise<Corestore> {
  await expectDirectory(directory)
  return openedStore(directory, { readOnly: true, idleTimeout: 0, recovery: false })
}

/** Calls `use` with the store in a directory, and closes it. The directory is not looked at before. */
export async function whileOpen<T>(
  directory: string,
  options: StoreOptions,
  use: (store: Corestore) => Promise<T>,
): Promise<T> {
  const store = await openedStore(directory, options)
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}

async function openedStore(directory: string, options: StoreOptions): Promise<Corestore> {
  const store = new Corestore(resolve(directory), options)
  try {
    await opened(store, directory)
    return store
  } catch (error) {
    await store.close()
    throw error
  }
}

/** What is in a directory; `null` if there is none. */
export async function entriesOf(directory: string): Promise<string[] | null> {
  return readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    if (error.code === 'ENOTDIR') throw noStore(`${directory} is a file, and no directory with a store`)
    throw noStore(`${directory} cannot be read: ${error.message}`)
  })
}

/** An empty directory is no store, and must not become one. */
export async function expectDirectory(directory: string): Promise<void> {
  const entries = await entriesOf(directory)
  if (entries === null) throw noStore(`There is no directory ${directory}`)
  const isStore = entries.includes('CORESTORE') || entries.includes('store.kv') || entries.includes('db')
  if (isStore) return
  if (entries.includes('primary-key') || entries.includes('cores')) {
    throw noStore(`${directory} holds a store of Corestore 6: make one of it with \`coreyard convert\``)
  }
  throw noStore(`${directory} holds no store: a store is the directory that was given to new Corestore`)
}

async function opened(store: Corestore, directory: string): Promise<void> {
  try {
    await store.ready()
  } catch (error) {
    if (!(error instanceof StorageError)) throw error
    if (error.code === 'STORAGE_NO_STORE') {
      throw noStore(
        `${directory} holds no store that can be read: it was never written to, or files of it are missing`,
      )
    }
    if (error.code !== 'STORAGE_LOCKED') throw error
    const holder = await holderOf(resolve(directory))
    throw new CommandError(
      ExitCode.store,
      'STORAGE_LOCKED',
      `${directory} is open in ${holder ?? 'another process'}: end that first. Only ls, show, why, top and window look into a store that is open, if it was opened with { inspector: true } or COREYARD_INSPECT=1`,
    )
  }
}

function noStore(message: string): CommandError {
  return new CommandError(ExitCode.store, 'STORAGE_NO_STORE', message)
}
