// Passive cores: those that are open because a peer asked for them. `cacheSize` bounds them, whatever peers ask for, and
// every one of them is served.

import { Transform } from 'node:stream'
import type { Hypercore } from '@coreyard/hypercore-types'
import { AllToAllReplicator, type CoreSource } from '@coreyard/replicator'
import { describe, expect, test } from 'vitest'
import type { Corestore, StoreOptions } from '../../src/index.js'
import { hex } from '../helpers/bytes.js'
import { Clock } from '../helpers/clock.js'
import { next, record, until } from '../helpers/events.js'
import { keysOf, openStore, openStoreAt, range } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'
import { closed, connect, reads } from '../helpers/streams.js'

/** How many cores in use there is room for beside `cacheSize` idle ones, as long as that is smaller. */
const ROOM = 64

describe('a peer that asks for a hundred times more cores than cacheSize', () => {
  test('is served each of them, and few are open at a time', async () => {
    const { store, keys, most } = await storeWith(400, { cacheSize: 4 })
    const copies = await ask(keys, store)
    await Promise.all(copies.map((copy) => reads(copy, 'first', 0)))
    expect(most()).toBeLessThanOrEqual(4 + ROOM)
    expect(most()).toBeGreaterThan(4) // more were open than may be idle: the bound is what held
  })

  test('is served what it wants of them later, all of it or of a single one', async () => {
    const { store, keys, most } = await storeWith(200, { cacheSize: 2 })
    const copies = await ask(keys, store)
    await Promise.all(copies.map((copy) => reads(copy, 'first', 0)))
    await Promise.all(copies.map((copy) => reads(copy, 'second', 1)))
    for (const index of [17, 199, 100]) {
      const copy = copies[index]
      if (copy !== undefined) await reads(copy, 'third', 2)
    }
    expect(most()).toBeLessThanOrEqual(2 + ROOM)
  })

  test('is served with a cache of none', async () => {
    const { store, keys, most } = await storeWith(200, { cacheSize: 0 })
    const copies = await ask(keys, store)
    for (const [index, block] of ['first', 'second'].entries()) {
      await Promise.all(copies.map((copy) => reads(copy, block, index)))
    }
    expect(most()).toBeLessThanOrEqual(ROOM)
  })

  test('is served along with others that do the same', async () => {
    const { store, keys, most } = await storeWith(300, { cacheSize: 3 })
    const copies = await Promise.all(
      range(3).map((peer) => ask(keys.slice(peer * 50, 200 + peer * 50), store)),
    )
    await Promise.all(copies.flat().map((copy) => reads(copy, 'first', 0)))
    await Promise.all(copies.flat().map((copy) => reads(copy, 'third', 2)))
    expect(most()).toBeLessThanOrEqual(3 + ROOM)
  })

  test('is served whole cores, and sees them grow', async () => {
    const { store, keys } = await storeWith(200, { cacheSize: 2 })
    const copies = await ask(keys, store)
    await Promise.all(copies.map((copy) => copy.download({ start: 0, end: 3 }).done()))
    for (const index of range(10)) {
      const copy = copies[20 * index]
      await store.get({ name: `core ${20 * index}` }).append('fourth')
      if (copy !== undefined) await reads(copy, 'fourth', 3)
    }
  })

  test('is served over a slow connection', async () => {
    const { store, keys, most } = await storeWith(150, { cacheSize: 2 })
    const reader = openStore()
    connectSlowly(store, reader, 300)
    const copies = keys.map((key) => reader.get(key))
    await Promise.all(copies.map((copy) => reads(copy, 'first', 0)))
    expect(most()).toBeLessThanOrEqual(2 + ROOM)
  })

  test('is served what it may have, and nothing else', async () => {
    const allowed = new Set<string>()
    const authorize = async (discoveryKey: Uint8Array) => {
      await new Promise(setImmediate)
      return allowed.has(hex(discoveryKey))
    }
    const { store, keys, cores } = await storeWith(200, { cacheSize: 2, replicator: { authorize } })
    for (const [index, { discoveryKey }] of cores.entries()) if (index % 2) allowed.add(hex(discoveryKey))
    const copies = await ask(keys, store)
    await Promise.all(copies.filter((_, index) => index % 2).map((copy) => reads(copy, 'first', 0)))
    for (const [index, copy] of copies.entries()) if (index % 2 === 0) expect(copy.length).toBe(0)
  })

  test('is served by a replicator that does not say for whom it asks', async () => {
    class Plain extends AllToAllReplicator {
      override start({ openCores, withStored }: CoreSource): void {
        super.start({ openCores, withStored: (discoveryKey, use) => withStored(discoveryKey, use) })
      }
    }
    const { store, keys, most } = await storeWith(200, { cacheSize: 2, replicator: new Plain() })
    const copies = await ask(keys, store)
    await Promise.all(copies.map((copy) => reads(copy, 'first', 0)))
    expect(most()).toBeLessThanOrEqual(2 + ROOM)
  })
})

describe('of the cores that are open and not in use', () => {
  test('those that no peer has are closed before those that peers have', async () => {
    const { store, keys, cores } = await storeWith(2, { cacheSize: 3 })
    const closes = record(store, 'core-close')
    const copies = await ask(keys, store)
    await Promise.all(copies.map((copy) => reads(copy, 'first', 0)))
    for (const name of ['one', 'two', 'three', 'four']) {
      const core = store.get({ name })
      await core.ready()
      await core.close()
    }
    await until(() => store.cores.size <= 3)
    for (const { discoveryKey } of cores) expect(store.cores.get(discoveryKey)).not.toBe(null)
    for (const [{ discoveryKey }] of closes) {
      expect(cores.map((core) => hex(core.discoveryKey))).not.toContain(hex(discoveryKey))
    }
  })

  test('the one that its peer was the longest not active on is closed first', async () => {
    const clock = new Clock()
    const { store, cores } = await storeWith(4, { cacheSize: 3 })
    const own = store.get({ name: 'own' })
    await own.ready()
    await own.close()
    const reader = openStore()
    connect(store, reader)
    const read = (which: number, index: number, block: string) =>
      reads(reader.get(cores[which]?.key ?? ''), block, index)
    let closed = next(store, 'core-close')
    for (const which of range(3)) await read(which, 0, 'first')
    // Time stood still, so that all three have been active for as short. Now it passes, and they fall quiet in that order.
    clock.run()
    // One that no peer has goes first: when none of the three is in use any more, and there is no room for four.
    expect(hex((await closed)[0].discoveryKey)).toBe(hex(own.discoveryKey))

    closed = next(store, 'core-close')
    await read(0, 1, 'second')
    await read(3, 0, 'first')
    expect(hex((await closed)[0].discoveryKey)).toBe(hex(cores[1]?.discoveryKey ?? null))
  })

  test('one that is being downloaded is not closed, however many others are asked for', async () => {
    const clock = new Clock()
    const { store, keys } = await storeWith(300, { cacheSize: 1 })
    const large = store.get({ name: 'large' })
    await large.append(range(3000).map((index) => `block ${index}`))
    const { key, discoveryKey } = keysOf(large)
    await large.close()
    const reader = openStore()
    connect(store, reader)
    const copy = reader.get(key)
    await reads(copy, 'block 0', 0)
    const core = store.cores.get(discoveryKey)
    const others = await ask(keys, store)
    const served = Promise.all(others.map((other) => reads(other, 'first', 0)))
    for (const index of range(3000)) {
      await reads(copy, `block ${index}`, index)
      clock.pass(5) // no more than that between two blocks, however slow the machine is
    }
    expect(store.cores.get(discoveryKey)).toBe(core)
    clock.run()
    await served
  })
})

test('cores that are open here leave room for those that only peers want', async () => {
  const { store, keys } = await storeWith(100, { cacheSize: 1 })
  const own = range(2 * ROOM).map((index) => store.get({ name: `own ${index}` }))
  await Promise.all(own.map((core) => core.append('block')))
  const reader = openStore()
  connect(store, reader)
  const ownCopies = own.map((core) => reader.get(keysOf(core).key))
  let busy = true
  const asking = (async () => {
    for (let length = 1; busy; length++) {
      await Promise.all(ownCopies.map((copy) => copy.get(length - 1)))
      await Promise.all(own.map((core) => core.append('block')))
    }
  })()
  const copies = await ask(keys, store)
  await Promise.all(copies.map((copy) => reads(copy, 'first', 0)))
  busy = false
  await asking
})

test('for a peer that goes while it waits nothing is opened any more', async () => {
  const { store, keys } = await storeWith(600, { cacheSize: 2 })
  const opens = record(store, 'core-open')
  const reader = openStore()
  const streams = connect(store, reader)
  // It goes as soon as there is no room any more.
  store.on('core-open', () => {
    if (opens.length === ROOM) for (const stream of streams) stream.destroy()
  })
  for (const key of keys.slice(0, 599)) reader.get(key)
  await Promise.all(streams.map(closed))
  const [copy] = await ask(keys.slice(-1), store)
  if (copy !== undefined) await reads(copy, 'first', 0)
  await until(() => store.cores.size <= 2)
  expect(opens.length).toBeLessThanOrEqual(2 * ROOM)
})

test('a core that is deleted while a peer waits for it is not served, and all others are', async () => {
  const { store, keys, cores } = await storeWith(300, { cacheSize: 2 })
  const opened = next(store, 'core-open')
  const copies = await ask(keys, store)
  await opened
  const deleted = range(100).map((index) => 200 + index)
  for (const index of deleted) await store.delete(cores[index]?.key ?? '', { compact: false })
  await Promise.all(copies.slice(0, 200).map((copy) => reads(copy, 'first', 0)))
  for (const { discoveryKey } of cores.slice(200)) {
    expect(await store.storage.hasCore(discoveryKey)).toBe(false)
  }
})

test('a store may close while peers wait', async () => {
  const { store, keys } = await storeWith(300, { cacheSize: 2 })
  const opened = next(store, 'core-open')
  const copies = await ask(keys, store)
  await opened
  await store.close()
  expect(store.cores.size).toBe(0)
  for (const copy of copies) await copy.close()
})

/** Cores of three blocks, `first` to `third`, in a store that has none of them open. */
async function storeWith(
  count: number,
  options: StoreOptions,
): Promise<{
  store: Corestore
  keys: Uint8Array[]
  cores: { key: Uint8Array; discoveryKey: Uint8Array }[]
  /** How many cores have been open at once. */
  most: () => number
}> {
  const place = newPlace()
  const before = openStoreAt(place)
  const written = range(count).map((index) => before.get({ name: `core ${index}` }))
  await Promise.all(written.map((core) => core.append(['first', 'second', 'third'])))
  await before.close()

  // Only `cacheSize` closes idle cores here.
  const store = openStoreAt(place, { idleTimeout: Infinity, ...options })
  let most = 0
  store.watch(() => {
    most = Math.max(most, store.cores.size)
  })
  const cores = written.map(keysOf)
  return { store, keys: cores.map(({ key }) => key), cores, most: () => most }
}

/** Opens copies of cores at a new peer of the store. */
async function ask(keys: Uint8Array[], store: Corestore): Promise<Hypercore[]> {
  const reader = openStore()
  await reader.ready()
  connect(store, reader)
  return keys.map((key) => reader.get(key))
}

/** Connects two stores so that what one sends arrives after that many milliseconds. */
function connectSlowly(one: Corestore, other: Corestore, delay: number): void {
  const [near, far] = [one.replicate(true), other.replicate(false)]
  near.pipe(delayed(delay)).pipe(far).pipe(delayed(delay)).pipe(near)
}

function delayed(delay: number): Transform {
  return new Transform({
    transform(chunk, _, done) {
      setTimeout(() => this.push(chunk), delay)
      done()
    },
  })
}
