// Two `get`s of one core share one open core.

import { expect, test } from 'vitest'
import { text } from '../helpers/bytes.js'
import { keysOf, openStore, range } from '../helpers/open-store.js'

test('two gets of one core share one open core, however it is asked for', async () => {
  const store = openStore()
  const first = store.get({ name: 'a' })
  await first.append('block')
  const { key, discoveryKey } = keysOf(first)
  const others = [
    store.get({ name: 'a' }),
    store.get(key),
    store.get({ discoveryKey }),
    store.get({ keyPair: await store.createKeyPair('a') }),
    store.session().get({ name: 'a' }),
    store.namespace('b').get(key),
  ]
  for (const other of others) {
    expect(text(await other.get(0))).toBe('block')
    expect(other.core).toBe(first.core)
    expect(other).not.toBe(first)
  }
  expect(store.cores.size).toBe(1)
})

test('gets of one core at the same moment open it once', async () => {
  const store = openStore()
  const cores = range(20).map((index) => (index % 2 ? store : store.session()).get({ name: 'a' }))
  await Promise.all(cores.map((core) => core.ready()))
  expect(new Set(cores.map(({ core }) => core)).size).toBe(1)
  expect(store.cores.size).toBe(1)
})

test('what one session appends, another one sees', async () => {
  const store = openStore()
  const [writer, reader] = [store.get({ name: 'a' }), store.get({ name: 'a' })]
  await reader.ready()
  const appended = new Promise<void>((resolve) => reader.once('append', resolve))
  await writer.append('block')
  await appended
  expect(reader.length).toBe(1)
})

test('closing one session leaves the others open', async () => {
  const store = openStore({ cacheSize: 0 })
  const [one, other] = [store.get({ name: 'a' }), store.get({ name: 'a' })]
  await Promise.all([one.ready(), other.ready()])
  await one.close()
  await other.append('block')
  expect(text(await other.get(0))).toBe('block')
})

test('a core that is closing is opened again for the next get', async () => {
  const store = openStore({ cacheSize: 0 })
  for (const round of range(20)) {
    const core = store.get({ name: 'a' })
    await core.append(`${round}`)
    expect(core.length).toBe(round + 1)
    await core.close()
  }
})
