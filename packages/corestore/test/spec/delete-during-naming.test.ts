// A forced `delete` while a core that was stored by its key alone is filed under its name.

import { expect, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { hex, listed } from '../helpers/bytes.js'
import { openStore, openStoreAt, range } from '../helpers/open-store.js'
import { newPlace, type Place } from '../helpers/places.js'

/** A place with a core that its name derives, stored by its key alone. */
async function placeWithUnnamed(): Promise<{ place: Place; primaryKey: Uint8Array; key: Uint8Array }> {
  const writer = openStore()
  const named = writer.get({ name: 'a' })
  await named.ready()
  const { primaryKey } = writer
  const { key, manifest } = named
  if (primaryKey === null || key === null || manifest === null) throw new Error('The core is not open')
  const place = newPlace()
  const store = openStoreAt(place, { primaryKey })
  await store.get({ key, manifest }).ready()
  await store.close()
  return { place, primaryKey, key }
}

async function expectSound(store: Corestore, key: Uint8Array): Promise<void> {
  for (const which of [{ name: 'a' }, { key }]) {
    const core = store.get(which)
    await core.ready()
    expect(hex(core.key)).toBe(hex(key))
    await core.close()
  }
  const named = store.get({ name: 'a' })
  await named.append('block')
  expect(named.writable).toBe(true)
  await named.close()
  for await (const { audit } of store.audit()) expect(audit?.corrupt).toBe(false)
  expect(await listed(store.list())).toHaveLength(1)
}

test('a core that is deleted with force while its name is filed has its keys afterwards, and after a restart', async () => {
  for (const ticks of range(40)) {
    const { place, key } = await placeWithUnnamed()
    const store = openStoreAt(place)
    await store.ready()
    const core = store.get({ name: 'a' })
    const opened = core.ready().catch((error) => error.code)
    for (const _ of range(ticks)) await null
    if (ticks > 20) await new Promise(setImmediate)
    await store.delete({ key }, { force: true })
    expect([undefined, 'SESSION_CLOSED']).toContain(await opened)
    await core.close()
    await expectSound(store, key)
    await store.close()
    const again = openStoreAt(place)
    await expectSound(again, key)
    await again.close()
  }
})

test('a delete waits until the name of the core is filed', async () => {
  const { place, key } = await placeWithUnnamed()
  const store = openStoreAt(place)
  await store.ready()
  const { db } = store.storage
  const write = db.write.bind(db)
  let deleted: Promise<boolean> | null = null
  db.write = (options) => {
    const batch = write(options)
    const put = batch.tryPut.bind(batch)
    batch.tryPut = (...record) => {
      // The first record of the name: the record of the core, which was read before.
      deleted ??= store.delete({ key }, { force: true })
      put(...record)
    }
    return batch
  }
  const core = store.get({ name: 'a' })
  await core.ready().catch(() => {})
  expect(await deleted).toBe(true)
  await core.close()
  await expectSound(store, key)
  await store.close()
  await expectSound(openStoreAt(place), key)
})
