// `purge`: what Hypercore itself removes, and what it leaves. A store that removes more builds on this.

import b4a from 'b4a'
import Hypercore from 'hypercore'
import HypercoreStorage from 'hypercore-storage'
import { expect, test } from 'vitest'
import { directory } from './stores.js'

test('purge closes every session and the storage, and a core opened there later is a new one', async () => {
  const path = await directory()
  const core = new Hypercore(path)
  await core.append(['a', 'b'])
  const other = core.session()
  await other.ready()
  const { key } = core

  await core.purge()

  expect([core.closed, other.closed, core.core?.closed]).toEqual([true, true, true])
  await expect(core.purge()).rejects.toThrow('Cannot purge a closed core')
  const again = new Hypercore(path)
  await again.ready()
  expect(again.length).toBe(0)
  expect(again.key).not.toEqual(key)
  await again.close()
})

test('purge of a core in a storage with others keeps the storage open, and leaves the alias', async () => {
  const storage = new HypercoreStorage(await directory())
  const alias = { name: 'a', namespace: b4a.alloc(32, 1) }
  const core = Hypercore.createCore(storage, { alias })
  const session = new Hypercore(null, { core })
  await session.append('a')
  const { discoveryKey } = core
  if (discoveryKey === null) throw new Error('The core is open')

  await core.purge()

  expect([session.closed, core.closed, storage.closed]).toEqual([true, true, false])
  expect(await storage.hasCore(discoveryKey)).toBe(false)
  expect(await storage.getAlias(alias)).toEqual(discoveryKey)
  await storage.close()
})
