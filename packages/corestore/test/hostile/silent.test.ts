// Peers that promise and do not deliver: they say that they have blocks, are asked, and never answer.

import { expect, test } from 'vitest'
import { Clock } from '../helpers/clock.js'
import { until } from '../helpers/events.js'
import { Liar } from '../helpers/liar.js'
import { openStore, range } from '../helpers/open-store.js'
import { connect, reads } from '../helpers/streams.js'

test('blocks arrive from an honest peer while another one answers no request for them', async () => {
  const honest = openStore()
  const core = honest.get({ name: 'core' })
  await core.append(range(20).map((index) => `block ${index}`))
  const key = core.key ?? new Uint8Array()
  const liar = await Liar.learn(honest, key, 20)
  const store = openStore()
  const copy = store.get({ key })
  await copy.ready()
  copy.download({ start: 0, end: 20 })
  liar.lieTo(store, (answer) => (answer.upgrade === null ? null : answer))
  await until(() => liar.told > 0)
  connect(store, honest)
  for (const index of range(20)) await reads(copy, `block ${index}`, index)
})

test('a core grows from an honest peer while another one answers no request at all', async () => {
  const clock = new Clock()
  const honest = openStore()
  const core = honest.get({ name: 'core' })
  await core.append('block 0')
  const key = core.key ?? new Uint8Array()
  const liar = await Liar.learn(honest, key, 1)
  const store = openStore()
  const copy = store.get({ key })
  await copy.ready()
  liar.lieTo(store, () => null)
  await until(() => liar.told > 0)
  connect(store, honest)
  clock.pass(60_000)
  await reads(copy, 'block 0')
  expect(copy.length).toBe(1)
})

test('a core grows from the only peer that is left, although it was slow', async () => {
  const clock = new Clock()
  const first = openStore()
  const core = first.get({ name: 'core' })
  await core.append('block 0')
  const key = core.key ?? new Uint8Array()
  const slow = await Liar.learn(first, key, 1)
  const store = openStore()
  const copy = store.get({ key })
  await copy.ready()
  let isSilent = true
  slow.lieTo(store, (answer) => (isSilent ? null : answer))
  await until(() => slow.told > 0)
  const silent = await Liar.learn(first, key, 1)
  silent.lieTo(store, () => null)
  clock.pass(60_000)
  await until(() => silent.told > 0)
  isSilent = false
  await silent.store.close()
  await reads(copy, 'block 0')
})
