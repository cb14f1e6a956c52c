// Filing a stored core under a name: one that was stored by its key alone, and is opened by its name for the first time.
import type { Alias, CorestoreStorage } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import { keys, schema } from './records.js'

/**
 * Files a core under a name, unless it has one. It must be open, so that nothing else writes its record meanwhile.
 *
 * @param discoveryKey 32 bytes
 * @returns whether it is filed under that name now; not if it is under another, or not stored
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
