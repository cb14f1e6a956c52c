// A store that another process has open and lets others look into, by its socket.

import type { Corestore } from '@coreyard/corestore'
import type { CorePicture } from '@coreyard/inspector'
import { type Explanation, InspectorError } from '@coreyard/inspector'
import { remoteStore } from '@coreyard/inspector/socket'
import { CommandError } from './errors.js'
import { withStore } from './opened.js'
import { sorted, storedCores } from './which-core.js'

/** The cores of a store, by way of the process that has it open if need be. */
export async function coresIn(directory: string): Promise<readonly CorePicture[]> {
  try {
    return await withStore(directory, {}, (store: Corestore) => storedCores(store))
  } catch (error) {
    if (!(error instanceof CommandError) || error.code !== 'STORAGE_LOCKED') throw error
    const picture = await ifServed(() => remoteStore(directory).inspect({ stored: true }))
    if (picture === null) throw error
    return sorted(picture.cores)
  }
}

/** What the process that has the store open says; `null` if none does. */
export function explanationOf(
  directory: string,
  key: string,
  peer: string | null,
): Promise<Explanation | null> {
  return ifServed(() => remoteStore(directory).explain(key, peer))
}

async function ifServed<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof InspectorError && error.code === 'NOT_SERVED') return null
    throw error
  }
}
