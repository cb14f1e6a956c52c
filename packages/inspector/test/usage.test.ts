// `diskUsage`: who takes how much of a store.

import { expect, test } from 'vitest'
import { diskUsage } from '../src/index.js'
import { hex, openStore, write } from './stores.js'

test('the records of a store are counted by kind and by core, the largest first', async () => {
  const store = openStore()
  const small = await write(store, 'small', 1)
  const large = store.get({ name: 'large' })
  await large.append(Array.from({ length: 20 }, () => Buffer.alloc(1000)))
  const usage = await diskUsage(store)
  expect(usage.cores.map(({ name, discoveryKey, blocks }) => [name, discoveryKey, blocks])).toEqual([
    ['large', hex(large.discoveryKey), 20_000],
    ['small', hex(small.discoveryKey), 'block 0'.length],
  ])
  expect(usage.kinds[0]).toMatchObject({ kind: 'block', records: 21 })
  expect(usage.kinds.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['tree node', 'bitfield page', 'keys', 'head', 'core', 'name']),
  )
  const ofCores = usage.cores.reduce((sum, { bytes }) => sum + bytes, 0)
  expect(ofCores).toBeLessThanOrEqual(usage.bytes)
  expect(usage.other).toBe(0)
})

test('records of a named session belong to no core', async () => {
  const store = openStore()
  const core = await write(store, 'a')
  const draft = core.session({ name: 'draft' })
  await draft.append(Buffer.alloc(5000))
  expect((await diskUsage(store)).other).toBeGreaterThan(5000)
  await draft.close()
})

test('a closed and a suspended store are refused', async () => {
  const store = openStore()
  await store.ready()
  await store.suspend()
  await expect(diskUsage(store)).rejects.toMatchObject({ code: 'STORE_SUSPENDED' })
  await store.resume()
  await store.close()
  await expect(diskUsage(store)).rejects.toMatchObject({ code: 'STORE_CLOSED' })
})
