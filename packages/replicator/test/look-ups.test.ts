// What a peer asks for: how often the store is searched, how much at a time, and what becomes of a search that is late.

import { randomBytes } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import SecretStream from '@hyperswarm/secret-stream'
import Protomux from 'protomux'
import { expect, test } from 'vitest'
import type { Asker } from '../src/index.js'
import { keyOf, type TestStore } from '../src/test/store.js'
import { ask, closed, connect, connection } from '../src/test/streams.js'
import { keysOf, reads } from '../src/test/suite.js'
import { deferred, hex, openStore, warning } from './peers.js'

test('a store is searched once for a core that it does not have, however many peers ask', async () => {
  const store = await openStore()
  const search = new Search(store)
  const absent = randomBytes(32)
  for (let peer = 0; peer < 3; peer++) {
    const [near, far] = connection()
    store.replicator.replicate(near)
    expect(await ask(far, absent)).toBe(false)
    expect(await ask(far, absent)).toBe(false)
  }
  expect(search.keys).toEqual([hex(absent)])
})

test('a store that gets a core after all is searched for it again', async () => {
  const store = await openStore()
  const reader = await openStore()
  const keyPair = SecretStream.keyPair()
  const read = await reader.get(keyOf(keyPair))
  const { discoveryKey } = keysOf(read)
  const [near, far] = connection()
  store.replicator.replicate(near)
  expect(await ask(far, discoveryKey)).toBe(false)

  await store.write(['late'], keyPair)
  await store.evict(discoveryKey)
  reader.replicator.replicate(far)
  await reads(read, 'late')
})

test('a store that says that it has a core, without offering it, is searched for it again', async () => {
  const store = await openStore()
  const search = new Search(store)
  const absent = randomBytes(32)
  const [near, far] = connection()
  store.replicator.replicate(near)
  await ask(far, absent)
  store.replicator.stored(absent)
  await ask(far, absent)
  expect(search.keys).toHaveLength(2)
})

test('a core is served after a peer has asked for it and left', async () => {
  const [store, reader] = [await openStore(), await openStore()]
  const { key, discoveryKey } = keysOf(await store.write(['stored']))
  await store.evict(discoveryKey)
  const withStored = store.withStored.bind(store)
  const [asked, left] = [deferred(), deferred()]
  store.withStored = async (wanted, use, asker?: Asker) => {
    asked.resolve()
    await left.promise
    return asker?.closed === true ? false : withStored(wanted, use)
  }
  const [near, far] = connection()
  store.replicator.replicate(near)
  const asking = ask(far, discoveryKey)
  await asked.promise
  near.destroy()
  await Promise.all([asking, closed(near)])
  left.resolve()

  connect(store, reader)
  await reads(await reader.get(key), 'stored')
})

test('a core that is created while it is searched for does not count as absent', async () => {
  const store = await openStore()
  const search = new Search(store)
  const keyPair = SecretStream.keyPair()
  const discoveryKey = keysOf(await (await openStore()).get(keyOf(keyPair))).discoveryKey
  const [near, far] = connection()
  store.replicator.replicate(near)

  search.hold()
  const asking = ask(far, discoveryKey)
  await search.began(1)
  store.replicator.stored(discoveryKey)
  search.release()
  expect(await asking).toBe(false)
  await ask(far, discoveryKey)
  expect(search.keys).toHaveLength(2)
})

test('a stream has so many look-ups under way, and no more; the others follow in order', async () => {
  const store = await openStore({ maxLookups: 4 })
  const search = new Search(store)
  const absent = Array.from({ length: 20 }, () => randomBytes(32))
  const [near, far] = connection()
  store.replicator.replicate(near)
  search.hold()
  const asking = Promise.all(absent.map((discoveryKey) => ask(far, discoveryKey)))
  await search.began(4)
  expect(search.underWay).toBe(4)
  search.release()
  expect(await asking).toEqual(absent.map(() => false))
  expect(search.mostUnderWay).toBe(4)
  expect(search.keys).toEqual(absent.map(hex))
})

test('the look-ups of one stream do not hold up another', async () => {
  const store = await openStore({ maxLookups: 1 })
  const search = new Search(store)
  const [slow, fast] = [connection(), connection()]
  store.replicator.replicate(slow[0])
  store.replicator.replicate(fast[0])
  search.hold()
  const asking = ask(slow[1], randomBytes(32))
  await search.began(1)
  search.hold(false)
  expect(await ask(fast[1], randomBytes(32))).toBe(false)
  search.release()
  expect(await asking).toBe(false)
})

test('what waits for its turn is dropped when the stream dies', async () => {
  const store = await openStore({ maxLookups: 1 })
  const search = new Search(store)
  const [near, far] = connection()
  store.replicator.replicate(near)
  search.hold()
  const asking = Promise.all(Array.from({ length: 10 }, () => ask(far, randomBytes(32))))
  await search.began(1)
  near.destroy()
  await closed(near)
  search.release()
  await asking

  const [next, peer] = connection()
  store.replicator.replicate(next)
  await ask(peer, randomBytes(32))
  expect(search.keys).toHaveLength(2)
})

test('a look-up that fails is a warning of the stream, and the next one is made', async () => {
  const store = await openStore()
  const absent = randomBytes(32)
  const [near, far] = connection()
  store.replicator.replicate(near)
  store.onlookup = () => {
    throw new Error('The disk is on fire')
  }
  const warned = warning(near)
  expect(await ask(far, absent)).toBe(false)
  expect(await warned).toMatchObject({ message: 'The disk is on fire' })

  const search = new Search(store)
  expect(await ask(far, absent)).toBe(false)
  expect(search.keys).toEqual([hex(absent)])
})

test('a look-up that ends after the replicator has closed attaches nothing', async () => {
  const store = await openStore()
  const search = new Search(store)
  const { discoveryKey } = keysOf(await store.write(['stored']))
  await store.evict(discoveryKey)
  const [near, far] = connection()
  store.replicator.replicate(near)
  search.hold()
  const asking = ask(far, discoveryKey)
  await search.began(1)
  await store.replicator.close()
  search.release()
  expect(await asking).toBe(false)
  for (const core of store.openCores()) expect(core.replicator.attached(Protomux.from(near))).toBe(false)
})

/** Looks on as a store is searched, and can hold that up. */
class Search {
  readonly keys: string[] = []
  underWay = 0
  mostUnderWay = 0
  #gate: Promise<void> | null = null
  #open = () => {}
  readonly #events = new EventEmitter()

  constructor(store: Pick<TestStore<never>, 'onlookup'>) {
    store.onlookup = async (discoveryKey) => {
      this.keys.push(hex(discoveryKey))
      this.mostUnderWay = Math.max(this.mostUnderWay, ++this.underWay)
      this.#events.emit('began')
      await this.#gate
      this.underWay--
    }
  }

  /** Holds up what begins from now on, or nothing more. */
  hold(on = true): void {
    const gate = new Promise<void>((resolve) => {
      if (on) this.#open = resolve
    })
    this.#gate = on ? gate : null
  }

  release(): void {
    this.#gate = null
    this.#open()
  }

  async began(count: number): Promise<void> {
    while (this.keys.length < count) await once(this.#events, 'began')
  }
}
