// The cores of a Corestore 6, without their blocks.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Alias } from '@coreyard/hypercore-types'
import { StorageError } from '@coreyard/storage'
import { isMissing } from '@coreyard/storage/copying'
import b4a from 'b4a'
import crypto from 'hypercore-crypto'
import { CoreState } from './core-state.js'
import { damaged } from './damage.js'
import { readOplog } from './oplog.js'
import type { OpenFile } from './source-file.js'

/** Under which Corestore 6 keeps the name of a core and its namespace in the user data. */
const NAME = 'corestore/name'
const NAMESPACE = 'corestore/namespace'
/** In bytes: what the key of a record may take. */
const MAX_NAME = 4000

/** Where a core is in the layout. @param id its discovery key in hex */
export function folderOf(id: string): string {
  return `cores/${id.slice(0, 2)}/${id.slice(2, 4)}/${id}`
}

/** The discovery keys, in hex, of all that have a folder in a directory. */
export async function listCores(directory: string): Promise<string[]> {
  const ids: string[] = []
  for (const first of await namesIn(join(directory, 'cores'), /^[0-9a-f]{2}$/)) {
    for (const second of await namesIn(join(directory, 'cores', first), /^[0-9a-f]{2}$/)) {
      const found = await namesIn(join(directory, 'cores', first, second), /^[0-9a-f]{64}$/)
      ids.push(...found.filter((id) => id.startsWith(first + second)))
    }
  }
  return ids
}

async function namesIn(directory: string, pattern: RegExp): Promise<string[]> {
  try {
    return (await readdir(directory)).filter((name) => pattern.test(name))
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

/** The state of a stored core. `null` if there is none. Throws `STORAGE_CORRUPT`. */
export async function readCore(open: OpenFile, id: string): Promise<CoreState | null> {
  const oplog = await readOplog(open, folderOf(id))
  if (oplog === null) return null
  const state = new CoreState(oplog)
  if (b4a.toString(state.discoveryKey, 'hex') === id) return state
  throw damaged(`${folderOf(id)}/oplog`, 0, 'it is that of another core')
}

/** The state of the core with a key, or a discovery key. Throws `STORAGE_EMPTY` if it is not stored. */
export async function findCore(open: OpenFile, key: Uint8Array): Promise<CoreState> {
  for (const discoveryKey of [crypto.discoveryKey(key), key]) {
    const state = await readCore(open, b4a.toString(discoveryKey, 'hex'))
    if (state !== null) return state
  }
  throw new StorageError(
    'STORAGE_EMPTY',
    `The storage holds no core with the key or discovery key ${b4a.toString(key, 'hex')}: leave it out of cores`,
    null,
  )
}

/** The name of a core, and what else is in its user data. */
export function nameIn({ userData }: CoreState): { alias: Alias | null; rest: Map<string, Uint8Array> } {
  const [name, namespace] = [userData.get(NAME), userData.get(NAMESPACE)]
  const rest = new Map(userData)
  if (!name || name.byteLength > MAX_NAME || namespace?.byteLength !== 32) return { alias: null, rest }
  rest.delete(NAME)
  rest.delete(NAMESPACE)
  return { alias: { name: b4a.toString(name), namespace: b4a.from(namespace) }, rest }
}
