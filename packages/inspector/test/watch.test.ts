// `watch`: pictures one after the other, and the changes of each.

import { randomBytes } from 'node:crypto'
import { Corestore } from '@coreyard/corestore'
import { expect, onTestFinished, test } from 'vitest'
import { type InspectorEvent, type Observation, watch } from '../src/index.js'
import { connect, coreOf, hex, keyOf, newDirectory, openStore, peerOf, seen, write } from './stores.js'

test('the first picture has all cores as changed, and no event', async () => {
  const store = openStore()
  await write(store, 'a')
  const { changed, events, closed, picture } = await seen(store, () => true)
  expect(changed).toEqual(picture.cores)
  expect([events, closed]).toEqual([[], []])
})

test('a core that does not change is the same object in the next picture', async () => {
  const store = openStore()
  const still = await write(store, 'still')
  const busy = await write(store, 'busy')
  const watching = watch(store, { interval: 10 })
  const first = await nextOf(watching)
  await busy.append('more')
  const second = await nextOf(watching)
  await watching.return()
  expect(coreOf(second, still)).toBe(coreOf(first, still))
  expect(second.changed.map(({ name }) => name)).toEqual(['busy'])
  expect(second.events).toMatchObject([
    { type: 'core-grew', discoveryKey: hex(busy.discoveryKey), from: 1, to: 2 },
  ])
})

test('cores that open, close and are truncated are events', async () => {
  const store = openStore({ idleTimeout: 0 })
  const watching = eventsOf(store)
  await watching.began
  const core = await write(store, 'a', 3)
  const { discoveryKey } = core
  await watching.until('core-opened')
  await watching.sees((observation) => coreOf(observation, core)?.length === 3)
  await core.truncate(1)
  await watching.until('core-truncated')
  await core.close()
  await watching.until('core-closed')
  const seenEvents = watching.events.filter(
    (event) => !('discoveryKey' in event) || event.discoveryKey === hex(discoveryKey),
  )
  expect(seenEvents.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['core-opened', 'core-truncated', 'core-closed']),
  )
})

test('progress counts known, stored and requested blocks before and while blocks arrive', async () => {
  const writer = openStore()
  const reader = openStore()
  const core = await write(writer, 'chat', 50)
  const copy = reader.get(keyOf(core))
  connect(writer, reader)
  await copy.update({ wait: true })
  const known = await seen(reader, (observation) => coreOf(observation, copy)?.progress.total === 50)
  expect(coreOf(known, copy)?.progress).toMatchObject({ total: 50, have: 0, want: 0 })

  const watching = eventsOf(reader)
  await watching.began
  const download = copy.download({ start: 0, end: 50 })
  await download.done()
  await watching.until('core-complete')
  const done = await seen(reader, (observation) => coreOf(observation, copy)?.progress.have === 50)
  expect(coreOf(done, copy)).toMatchObject({ progress: { total: 50, have: 50, want: 0 } })
  const upload = await seen(writer, (observation) => (coreOf(observation, core)?.sent ?? 0) >= 50)
  expect(coreOf(upload, core)?.lastActive).toBeNull() // this watch saw no change
})

test('blocks that are asked for and that no peer has are wanted', async () => {
  const writer = openStore()
  const reader = openStore()
  const core = await write(writer, 'chat', 10)
  await core.clear(4)
  const copy = reader.get(keyOf(core))
  connect(writer, reader)
  await copy.update({ wait: true })
  copy.get(4).catch(() => {}) // ends with the store
  const observation = await seen(reader, (observed) => coreOf(observed, copy)?.progress.want === 1)
  expect(coreOf(observation, copy)?.progress).toMatchObject({ total: 10, want: 1 })
})

test('rates are those of the time since the picture before', async () => {
  const writer = openStore()
  const reader = openStore()
  const core = await write(writer, 'chat', 200)
  const copy = reader.get(keyOf(core))
  connect(writer, reader)
  copy.download({ start: 0, end: -1 })
  const busy = await seen(reader, (observation) => (coreOf(observation, copy)?.rates.down ?? 0) > 0)
  expect(peerOf(busy)?.rates.down).toBeGreaterThan(0)
  const quiet = await seen(reader, (observation) => coreOf(observation, copy)?.rates.down === 0)
  expect(coreOf(quiet, copy)?.rates).toEqual({ up: 0, down: 0 })
})

test('peers that join and leave, and cores refused to them, are events', async () => {
  const writer = openStore({ replicator: { authorize: () => false } })
  const reader = openStore()
  const core = await write(writer, 'private')
  reader.get(keyOf(core))
  const watching = eventsOf(writer)
  await watching.began
  const [near] = connect(writer, reader)
  await watching.until('peer-joined')
  await watching.until('refused')
  near.destroy()
  await watching.until('peer-left')
  expect(watching.events.find(({ type }) => type === 'refused')).toMatchObject({
    discoveryKey: hex(core.discoveryKey),
    reason: 'authorize',
  })
})

test('a core refused to a peer repeatedly is one event', async () => {
  const store = openStore()
  const reader = openStore()
  const watching = eventsOf(store)
  await watching.began
  connect(store, reader)
  const key = randomBytes(32)
  for (let times = 0; times < 3; times++) {
    const core = reader.get({ key })
    await core.ready()
    await watching.until('refused')
    await core.close()
  }
  expect(watching.events.filter(({ type }) => type === 'refused')).toHaveLength(1)
})

test('two histories of a core are an event of the type conflict', async () => {
  const primaryKey = randomBytes(32)
  const one = openStore({ primaryKey })
  const other = openStore({ primaryKey })
  const core = one.get({ name: 'a' })
  await core.append(['same', 'of one', 'more'])
  const id = hex(core.discoveryKey)
  await other.get({ name: 'a' }).append(['same', 'of other', 'more', 'and more'])
  const watching = eventsOf(one)
  await watching.began
  connect(one, other)
  await watching.until('conflict')
  expect(watching.events.find(({ type }) => type === 'conflict')).toMatchObject({ discoveryKey: id, fork: 0 })
})

test('a watch continues while its store is suspended and resumed', async () => {
  const store = new Corestore(newDirectory())
  onTestFinished(() => store.close())
  await write(store, 'a')
  const watching = eventsOf(store)
  await watching.began
  await store.suspend()
  await watching.until('suspended')
  await store.resume()
  await watching.until('resumed')
})

test('cores that open and close between two pictures, again and again, are shown as they are then', async () => {
  const store = openStore({ idleTimeout: 0 })
  const watching = watch(store, { interval: 10 })
  await nextOf(watching)
  for (let times = 0; times < 5; times++) {
    const core = await write(store, 'a')
    if (times < 4) await core.close()
  }
  const { picture, changed } = await nextOf(watching)
  await watching.return()
  expect(picture.cores).toMatchObject([{ name: 'a', length: 5 }])
  expect(changed).toEqual(picture.cores)
})

test('the watch ends when the store closes', async () => {
  const store = openStore()
  const watching = watch(store, { interval: 100_000 })
  await nextOf(watching)
  const ended = watching.next()
  await store.close()
  expect(await ended).toEqual({ done: true, value: undefined })
})

test('the watch ends when its signal aborts, in the middle of an interval', async () => {
  const abort = new AbortController()
  const watching = watch(openStore(), { interval: 100_000, signal: abort.signal })
  await nextOf(watching)
  const ended = watching.next()
  abort.abort()
  expect(await ended).toEqual({ done: true, value: undefined })
  expect(await watch(openStore(), { signal: abort.signal }).next()).toMatchObject({ done: true })
})

test('a watch that is left leaves no listener at the store', async () => {
  const store = openStore()
  await store.ready()
  const before = store.listenerCount('close')
  for (let times = 0; times < 3; times++) await seen(store, () => true)
  expect(store.listenerCount('close')).toBe(before)
})

test.each([
  [{ interval: 0 }, 'not 0'],
  [{ interval: 2 ** 31 }, 'not 2147483648'],
  [{ interval: '1s' }, 'not a string'],
  [{ signal: {} }, 'signal must be an AbortSignal'],
  [{ intervall: 100 }, "did you mean 'interval'"],
])('the options %j are refused at the call', (options, message) => {
  expect(() => watch(openStore(), options as never)).toThrow(message)
})

test('watch throws for a closed store and for a value that is not a store', async () => {
  const store = openStore()
  await store.close()
  expect(() => watch(store)).toThrow(expect.objectContaining({ code: 'STORE_CLOSED' }))
  expect(() => watch({} as Corestore)).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT' }))
})

async function nextOf(watching: AsyncGenerator<Observation, void>): Promise<Observation> {
  const { value } = await watching.next()
  return value ?? expect.fail('The watch ended')
}

/** The events of a store from now on. */
function eventsOf(store: Corestore): {
  readonly events: InspectorEvent[]
  readonly began: Promise<void>
  until(type: InspectorEvent['type']): Promise<void>
  sees(holds: (observation: Observation) => boolean): Promise<void>
} {
  let last: Observation | null = null
  const events: InspectorEvent[] = []
  let begin = () => {}
  let wake = () => {}
  const began = new Promise<void>((resolve) => {
    begin = resolve
  })
  const run = async () => {
    for await (const observation of watch(store, { interval: 10 })) {
      last = observation
      begin()
      events.push(...observation.events)
      wake()
    }
  }
  void run()
  const waitFor = async (holds: () => boolean) => {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  return {
    events,
    began,
    until: (type) => waitFor(() => events.some((event) => event.type === type)),
    sees: (holds) => waitFor(() => last !== null && holds(last)),
  }
}
