// A store that another process has open and lets others look into, by its socket.

import type { Corestore } from '@coreyard/corestore'
import type { CorePicture } from '@coreyard/inspector'
import { type Explanation, InspectorError } from '@coreyard/inspector'
import { remoteStore } from '@coreyard/inspector/socket'
import { CommandError } from './errors.js'
import { withStore } from './opened.js'
import { keyFor, sorted, storedCores, type Wanted } from './which-core.js'

/** The cores of a store, by way of the process that has it open if need be. */
export function coresIn(directory: string, signal: AbortSignal): Promise<readonly CorePicture[]> {
  return readOrAsk(
    directory,
    signal,
    (store) => storedCores(store),
    (cores) => sorted(cores),
  )
}

/** What `read` finds in a store, or `fromCores` in what the process says that has it open. `signal` ends the waiting for that process. */
export async function readOrAsk<T>(
  directory: string,
  signal: AbortSignal,
  read: (store: Corestore) => Promise<T>,
  fromCores: (cores: readonly CorePicture[]) => T,
): Promise<T> {
  try {
    return await withStore(directory, {}, read)
  } catch (error) {
    if (!(error instanceof CommandError) || error.code !== 'STORAGE_LOCKED') throw error
    const picture = await ifServed(() => remoteStore(directory, { signal }).inspect({ stored: true }))
    if (picture === null) throw error
    return fromCores(picture.cores)
  }
}

/** What the process that has the store open says of a core; `null` if there is none. */
export function explanationOf(
  directory: string,
  wanted: Wanted,
  peer: string | null,
  signal: AbortSignal,
): Promise<Explanation | null> {
  return ifServed(async () => {
    const remote = remoteStore(directory, { signal })
    const key = await keyFor(wanted, async () => (await remote.inspect({ stored: true })).cores)
    return remote.explain(key, peer)
  })
}

async function ifServed<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof InspectorError && error.code === 'NOT_SERVED') return null
    throw error
  }
}
