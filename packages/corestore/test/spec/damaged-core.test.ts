// Cores whose records are missing or damaged, as a forced delete at the wrong moment has left them before.

import type { DatabaseEntry } from '@coreyard/hypercore-types'
import { deleteCore } from '@coreyard/storage'
import b4a from 'b4a'
import { describe, expect, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { hex, text } from '../helpers/bytes.js'
import { openStore, openStoreAt, writeCore } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'
import { recordsOf } from '../helpers/records.js'

interface Identity {
  readonly key: Uint8Array
  readonly discoveryKey: Uint8Array
}

/** What is wrong with the records of a core. */
const DAMAGES: readonly (readonly [string, (store: Corestore, core: Identity) => Promise<void>])[] = [
  ['all of its records but its name are gone', leaveName],
  ['its keys are gone', (store, core) => replaceKeys(store, core, null)],
  ['its keys are cut off', (store, core) => replaceKeys(store, core, b4a.from([1]))],
  ['its keys are no record', (store, core) => replaceKeys(store, core, b4a.alloc(80, 0xff))],
]

/** The kinds of records that say that a core is stored, and under which name. */
const [CORE, NAME, KEYS] = [1, 2, 3]

async function leaveName({ storage }: Corestore, { discoveryKey }: Identity): Promise<void> {
  const entries: DatabaseEntry[] = []
  for await (const entry of storage.db.iterator({ gte: b4a.from([CORE]), lt: b4a.from([NAME + 1]) })) {
    entries.push(entry)
  }
  await deleteCore(storage, discoveryKey)
  const batch = storage.db.write({ autoDestroy: true })
  for (const { key, value } of entries) batch.tryPut(key, value)
  await batch.flush()
}

async function replaceKeys(
  { storage }: Corestore,
  { discoveryKey }: Identity,
  value: Uint8Array | null,
): Promise<void> {
  const info = await storage.getInfo(discoveryKey)
  if (info === null) throw new Error('The core is stored')
  const batch = storage.db.write({ autoDestroy: true })
  const key = b4a.from([KEYS, info.core.corePointer, 0])
  if (value === null) batch.tryDelete(key)
  else batch.tryPut(key, value)
  await batch.flush()
}

describe.each(DAMAGES)('a core of which %s', (_, damage) => {
  test('fails to open with STORAGE_CORRUPT, whatever it is opened by, after a restart, too', async () => {
    const place = newPlace()
    const store = openStoreAt(place)
    const core = await writeCore(store, 'a')
    await store.close()
    const damaged = openStoreAt(place)
    await damaged.ready()
    await damage(damaged, core)
    await expectCorrupt(damaged, core)
    await damaged.close()
    await expectCorrupt(openStoreAt(place), core)
  })

  test('is as new once it has been deleted', async () => {
    for (const by of ['name', 'key'] as const) {
      const place = newPlace()
      const store = openStoreAt(place)
      const core = await writeCore(store, 'a')
      await store.close()
      const damaged = openStoreAt(place)
      await damaged.ready()
      await damage(damaged, core)
      expect(await damaged.delete(by === 'name' ? { name: 'a' } : { key: core.key })).toBe(true)
      const again = damaged.get({ name: 'a' })
      await again.append('new')
      expect([hex(again.key), again.length, text(await again.get(0))]).toEqual([hex(core.key), 1, 'new'])
      await damaged.close()
    }
  })

  test('is deleted by an audit, and reported by a dry run', async () => {
    const place = newPlace()
    const store = openStoreAt(place)
    const core = await writeCore(store, 'a')
    const kept = await writeCore(store, 'b')
    await store.close()
    const damaged = openStoreAt(place)
    await damaged.ready()
    await damage(damaged, core)
    const before = await recordsOf(damaged)
    const dry = new Map<string, boolean | undefined>()
    for await (const found of damaged.audit({ dryRun: true }))
      dry.set(hex(found.discoveryKey), found.audit?.corrupt)
    expect(Object.fromEntries(dry)).toEqual({
      [hex(core.discoveryKey)]: true,
      [hex(kept.discoveryKey)]: false,
    })
    expect(await recordsOf(damaged)).toEqual(before)
    for await (const { discoveryKey, audit } of damaged.audit()) {
      expect(audit === null).toBe(hex(discoveryKey) === hex(core.discoveryKey))
    }
    const again = damaged.get({ name: 'a' })
    await again.append('new')
    expect([hex(again.key), again.length]).toEqual([hex(core.key), 1])
    expect(text(await damaged.get(kept.key).get(0))).toBe('b')
  })

  test('does not keep the others from being listed and opened', async () => {
    const store = openStore()
    const core = await writeCore(store, 'a')
    const kept = await writeCore(store, 'b')
    for (const session of store.sessions) await session.close()
    await damage(store, core)
    const stored: string[] = []
    for await (const { key } of store.stored()) stored.push(hex(key))
    expect(stored).toContain(hex(kept.key))
    expect(text(await store.get({ name: 'b' }).get(0))).toBe('b')
  })
})

async function expectCorrupt(store: Corestore, { key, discoveryKey }: Identity): Promise<void> {
  for (const which of [{ name: 'a' }, { key }, { discoveryKey }]) {
    const core = store.get(which)
    await expect(core.ready()).rejects.toMatchObject({
      name: 'StorageError',
      code: 'STORAGE_CORRUPT',
      message: expect.stringContaining(hex(discoveryKey)),
    })
    await core.close()
  }
}
