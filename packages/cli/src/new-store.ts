// Creates a store for a command, and removes it if the command fails before a block has arrived.

import { access, rm, rmdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { type Corestore, StorageError, type StoreOptions } from '@coreyard/corestore'
import { entriesOf, expectDirectory, whileOpen } from './opened.js'
import { mayHaveBlocks, storedCores } from './which-core.js'

/** Where in the directory of a store blind-peer has its records. */
export const MIRROR_RECORDS = 'mirror'

/** What a store makes in its directory. */
const MADE = ['CORESTORE', 'db', 'store.kv', MIRROR_RECORDS]

/**
 * Calls `use` with a store that may be changed, in a directory that holds one, is empty, or is not there yet. After `use` has called `keep`,
 * a new store stays even if it has no block.
 */
export async function withNewStore<T>(
  directory: string,
  options: StoreOptions,
  use: (store: Corestore, keep: () => void) => Promise<T>,
): Promise<T> {
  const entries = await entriesOf(directory)
  if (entries !== null && entries.length > 0) {
    await expectDirectory(directory)
    return whileOpen(directory, options, (store) => use(store, () => {}))
  }
  const missing = await missingDirectories(resolve(directory))
  // Files are removed only if this process had the store open, or no space for it: another one may have made it meanwhile.
  let isEmpty = false
  let isKept = false
  let wasOpen = false
  try {
    return await whileOpen(directory, options, async (store) => {
      wasOpen = true
      try {
        return await use(store, () => {
          isKept = true
        })
      } catch (error) {
        isEmpty = !isKept && (await hasNoBlock(store))
        throw error
      }
    })
  } catch (error) {
    const isFull = error instanceof StorageError && error.code === 'STORAGE_FULL' && !wasOpen
    if (isEmpty || isFull)
      for (const name of MADE) await rm(join(directory, name), { recursive: true, force: true })
    for (const made of missing) await rmdir(made).catch(() => {}) // it holds something else, and stays
    throw error
  }
}

async function hasNoBlock(store: Corestore): Promise<boolean> {
  const cores = await storedCores(store).catch(() => null)
  return cores !== null && !cores.some(mayHaveBlocks)
}

/** The directory and those above it that are not there, the innermost first. */
async function missingDirectories(directory: string): Promise<string[]> {
  const missing: string[] = []
  for (let path = directory; path !== dirname(path); path = dirname(path)) {
    const isThere = await access(path).then(
      () => true,
      ({ code }: NodeJS.ErrnoException) => code !== 'ENOENT',
    )
    if (isThere) break
    missing.push(path)
  }
  return missing
}
