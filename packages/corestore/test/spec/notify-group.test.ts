// `notifyGroup` and the event `group-active`: hearing of the changes of cores that share a topic.

import { describe, expect, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { bytes32, hex } from '../helpers/bytes.js'
import { next, record } from '../helpers/events.js'
import { keysOf, openStore, openStoreAt } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'
import { connect, reads } from '../helpers/streams.js'

const topic = bytes32(1)
const otherTopic = bytes32(2)

describe('the handle', () => {
  test('emits update with key, length and fork when a core of the group grows', async () => {
    const store = openStore()
    const handle = store.notifyGroup(topic)
    const core = store.get({ name: 'a', group: topic })
    const updated = next(handle, 'update')
    await core.append(['first', 'second'])
    const [update] = await updated
    expect(update).toMatchObject({ length: 2, fork: 0 })
    expect(hex(update.key)).toBe(hex(core.key))
  })

  test('emits update when a core of the group is truncated', async () => {
    const store = openStore()
    const core = store.get({ name: 'a', group: topic })
    await core.append(['first', 'second'])
    const updated = next(store.notifyGroup(topic), 'update')
    await core.truncate(1)
    expect(await updated).toMatchObject([{ length: 1, fork: 1 }])
  })

  test('emits update when a core of the group grows by what a peer has', async () => {
    const writer = openStore()
    const written = writer.get({ name: 'a' })
    await written.append('block')
    const reader = openStore()
    const updated = next(reader.notifyGroup(topic), 'update')
    const copy = reader.get({ key: keysOf(written).key, group: topic })
    connect(writer, reader)
    await reads(copy, 'block')
    expect(hex((await updated)[0].key)).toBe(hex(written.key))
  })

  test('hears of its own group only', async () => {
    const store = openStore()
    const updates = record(store.notifyGroup(topic), 'update')
    await store.get({ name: 'other', group: otherTopic }).append('block')
    await store.get({ name: 'none' }).append('block')
    const core = store.get({ name: 'a', group: topic })
    await core.append('block')
    expect(updates.map(([{ key }]) => hex(key))).toEqual([hex(core.key)])
  })

  test('hears of cores that any store of the family opened, and there may be many of one group', async () => {
    const store = openStore()
    const handles = [store, store.session(), store.namespace('a'), store].map((each) =>
      each.notifyGroup(topic),
    )
    const updates = handles.map((handle) => record(handle, 'update'))
    await store.namespace('b').get({ name: 'a', group: topic }).append('block')
    expect(updates.map((each) => each.length)).toEqual([1, 1, 1, 1])
  })

  test('hears of a core that was put into the group before a restart', async () => {
    const place = newPlace()
    const store = openStoreAt(place)
    await store.get({ name: 'a', group: topic }).append('block')
    await store.close()
    const again = openStoreAt(place)
    const updated = next(again.notifyGroup(topic), 'update')
    await again.get({ name: 'a' }).append('block')
    expect(await updated).toMatchObject([{ length: 2 }])
  })

  test('tells nothing once it is destroyed, while the others do', async () => {
    const store = openStore()
    const [one, other] = [store.notifyGroup(topic), store.notifyGroup(topic)]
    const updates = [record(one, 'update'), record(other, 'update')]
    const core = store.get({ name: 'a', group: topic })
    await core.append('block')
    one.destroy()
    one.destroy() // a second time is no error
    await core.append('block')
    expect(updates.map((each) => each.length)).toEqual([1, 2])
    other.destroy()
    const later = next(store.notifyGroup(topic), 'update')
    await core.append('block')
    expect(await later).toMatchObject([{ length: 3 }])
    expect(updates.map((each) => each.length)).toEqual([1, 2])
  })

  test('may be destroyed by its own listener', async () => {
    const store = openStore()
    const [one, other] = [store.notifyGroup(topic), store.notifyGroup(topic)]
    one.once('update', () => one.destroy())
    const updates = record(other, 'update')
    await store.get({ name: 'a', group: topic }).append('block')
    expect(updates).toHaveLength(1)
  })
})

describe('updates', () => {
  test('gives the keys of the group, those that changed last first', async () => {
    const store = openStore()
    const keys = await grow(store, ['a', 'b', 'c'])
    expect(await updatesOf(store)).toEqual([keys.c, keys.b, keys.a])
    await grow(store, ['a'])
    expect(await updatesOf(store)).toEqual([keys.a, keys.c, keys.b])
  })

  test('gives the oldest first with reverse: false', async () => {
    const store = openStore()
    const keys = await grow(store, ['a', 'b'])
    expect(await updatesOf(store, { reverse: false })).toEqual([keys.a, keys.b])
  })

  test('gives only those since then', async () => {
    const store = openStore()
    await grow(store, ['a', 'b'])
    const since = Date.now()
    const keys = await grow(store, ['c'])
    expect(await updatesOf(store, { since })).toEqual([keys.c])
    expect(await updatesOf(store, { since: since + 1e6 })).toEqual([])
  })

  test('is there after a restart', async () => {
    const place = newPlace()
    const store = openStoreAt(place)
    const keys = await grow(store, ['a', 'b'])
    await store.close()
    expect(await updatesOf(openStoreAt(place))).toEqual([keys.b, keys.a])
  })

  test('is empty for a group without cores', async () => {
    expect(await updatesOf(openStore())).toEqual([])
  })
})

test('group-active comes with the topic and the update, to every store of the family', async () => {
  const store = openStore()
  const events = [store, store.session(), store.namespace('a')].map((each) => record(each, 'group-active'))
  const core = store.get({ name: 'a', group: topic })
  await core.append('block')
  for (const recorded of events) {
    expect(recorded).toHaveLength(1)
    const [told, update] = recorded[0] ?? []
    expect(hex(told ?? null)).toBe(hex(topic))
    expect(hex(update?.key ?? null)).toBe(hex(core.key))
  }
})

test('a topic is 32 bytes', () => {
  expect(() => openStore().notifyGroup(new Uint8Array(31))).toThrow(
    expect.objectContaining({
      code: 'BAD_ARGUMENT',
      message: expect.stringContaining('topic must be 32 bytes'),
    }),
  )
})

/** Appends to named cores of the group, one after the other, at different times. The keys in hex. */
async function grow<Name extends string>(store: Corestore, names: Name[]): Promise<Record<Name, string>> {
  const keys: [string, string][] = []
  for (const name of names) {
    const core = store.get({ name, group: topic })
    await untilLater()
    await core.append('block')
    await untilLater()
    keys.push([name, hex(core.key)])
  }
  return Object.fromEntries(keys) as Record<Name, string>
}

/** Groups tell changes apart by milliseconds. */
async function untilLater(): Promise<void> {
  const now = Date.now()
  while (Date.now() === now) await new Promise(setImmediate)
}

async function updatesOf(
  store: Corestore,
  options?: Parameters<ReturnType<Corestore['notifyGroup']>['updates']>[0],
): Promise<string[]> {
  const keys: string[] = []
  for await (const key of store.notifyGroup(topic).updates(options)) keys.push(hex(key))
  return keys
}
