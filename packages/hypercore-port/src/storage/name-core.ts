// Gives a name to a stored core that was stored by its key only, when it is opened by its name for the first time.
import type { Alias, CorestoreStorage } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import { keys, schema } from './records.js'

/**
 * Stores the name of a core, unless it has one. The core must be open, so that nothing else writes its record meanwhile.
 *
 * @param discoveryKey 32 bytes
 * @returns `true` if the core has that name now; `false` if it has another name or is not stored
 */
export async function nameCore(
  storage: CorestoreStorage,
  discoveryKey: Uint8Array,
  alias: Alias,
): Promise<boolean> {
  const info = await storage.getInfo(discoveryKey, { auth: false, head: false, hints: false })
  if (info === null) return false
  const { core } = info
  if (core.alias) return core.alias.name === alias.name && b4a.equals(core.alias.namespace, alias.namespace)
  const batch = storage.db.write({ autoDestroy: true })
  batch.tryPut(keys.store.core(discoveryKey), schema.encode('@corestore/core', { ...core, alias }))
  batch.tryPut(keys.store.coreByAlias(alias), discoveryKey)
  await batch.flush()
  return true
}
