// A store that is closed, or closing, refuses everything.

import { expect, test } from 'vitest'
import { type Corestore, CorestoreError } from '../../src/index.js'
import { bytes32, text } from '../helpers/bytes.js'
import { openStoreAt } from '../helpers/open-store.js'
import { errorOf, workingStore } from '../helpers/working-store.js'

test.each<[string, (store: Corestore) => unknown]>([
  ['get', (store) => store.get({ name: 'a' })],
  ['default', (store) => store.default()],
  ['namespace', (store) => store.namespace('a')],
  ['session', (store) => store.session()],
  ['replicate', (store) => store.replicate(true)],
  ['list', (store) => store.list()],
  ['createKeyPair', (store) => store.createKeyPair('a')],
])('a closed store refuses %s, and so do its sessions; the next store works', async (_, use) => {
  const { place, store } = await workingStore()
  const family = [store, store.session(), store.namespace('a')]
  const closing = store.close()
  for (const moment of [null, closing]) {
    await moment
    for (const each of family) {
      const error: unknown = await (async () => use(each))().catch((error: unknown) => error)
      expect(error).toBeInstanceOf(CorestoreError)
      expect(error).toMatchObject({
        code: 'SESSION_CLOSED',
        message: 'The store is closed: open a new one to go on',
      })
    }
  }
  expect(text(await openStoreAt(place).get({ name: 'a' }).get(0))).toBe('block')
})

test('a session that is closed refuses only what is asked of itself', async () => {
  const { store, goesOn } = await workingStore()
  const session = store.session()
  await session.close()
  expect(errorOf(() => session.get())).toMatchObject({ code: 'SESSION_CLOSED' })
  await goesOn()
})

test('a handle of a group whose store has closed lists nothing', async () => {
  const { store } = await workingStore()
  const handle = store.notifyGroup(bytes32(1))
  await store.close()
  expect(errorOf(() => handle.updates())).toMatchObject({ code: 'SESSION_CLOSED' })
})

test('a core of a closed store says so', async () => {
  const { store, core } = await workingStore()
  await store.close()
  await expect(core.append('more')).rejects.toMatchObject({ code: 'SESSION_CLOSED' })
  await expect(core.get(0)).rejects.toMatchObject({ code: 'SESSION_CLOSED' })
})
