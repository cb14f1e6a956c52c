// passive-core-watcher on a store: it is told of every core that is open, and keeps none of them open.

import PassiveCoreWatcher from 'passive-core-watcher'
import { expect, onTestFinished, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { bytes32, hex } from '../helpers/bytes.js'
import { next, until } from '../helpers/events.js'
import { keysOf } from '../helpers/open-store.js'
import { createStore } from '../helpers/stores.js'
import { connect } from '../helpers/streams.js'

type Session = ReturnType<Corestore['get']>

/** Watches a store, and hands over the cores that it is told of, in their order. */
class Watched {
  readonly watcher: PassiveCoreWatcher
  readonly #sessions: Session[] = []
  #wake = () => {}

  /** @param wanted whether a core, told by its discovery key in hex, is to be watched */
  constructor(store: Corestore, wanted: (id: string) => boolean = () => true) {
    this.watcher = new PassiveCoreWatcher(store, {
      watch: (core) => wanted(hex(core.discoveryKey)),
      open: (session) => {
        this.#sessions.push(session)
        this.#wake()
      },
    })
    this.watcher.on('oncoreopen-error', (error) => {
      throw error
    })
    onTestFinished(() => this.watcher.destroy())
  }

  /** The next core. */
  async next(): Promise<Session> {
    for (;;) {
      const session = this.#sessions.shift()
      if (session !== undefined) return session
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** How many there are that `next` has not given. */
  get left(): number {
    return this.#sessions.length
  }
}

test('it is told of cores that are open already, of those that open later, and of each once', async () => {
  const store = createStore('store')
  const before = store.get({ name: 'before' })
  await before.ready()
  const watched = new Watched(store)
  expect(hex((await watched.next()).key)).toBe(hex(before.key))

  const later = [
    () => store.get({ name: 'later' }),
    () => store.namespace('a').get({ name: 'before' }),
    () => store.session().get({ key: bytes32(1) }),
  ]
  for (const open of later) {
    const core = open()
    await core.ready()
    expect(hex((await watched.next()).key)).toBe(hex(core.key))
  }
  const again = store.get({ name: 'later' })
  await again.append('block')
  expect(watched.left).toBe(0)
})

test('it watches the cores that it wants, and another one when it is asked to', async () => {
  const store = createStore('store')
  const wanted = store.get({ name: 'wanted' })
  const other = store.get({ name: 'other' })
  await Promise.all([wanted.ready(), other.ready()])
  const watched = new Watched(store, (id) => id === hex(wanted.discoveryKey))

  expect(hex((await watched.next()).key)).toBe(hex(wanted.key))
  expect(watched.left).toBe(0)
  await watched.watcher.ensureTracked(keysOf(other).key)
  expect(hex((await watched.next()).key)).toBe(hex(other.key))
})

test('its session shares the core, and does not keep it open: it hears of appends, and then that it has closed', async () => {
  const store = createStore('store', { cacheSize: 0 })
  const watched = new Watched(store)
  const core = store.get({ name: 'a' })
  const { discoveryKey } = await core.ready().then(() => keysOf(core))
  const session = await watched.next()

  const appended = next(session, 'append')
  await core.append('block')
  await appended
  expect(session.length).toBe(1)

  const gone = next(watched.watcher, 'gc')
  await core.close()
  expect(await gone).toEqual([hex(discoveryKey)])
  await until(() => session.closed)
  await until(() => store.cores.get(discoveryKey) === null)

  const again = store.get({ discoveryKey })
  await again.ready()
  expect(hex((await watched.next()).discoveryKey)).toBe(hex(discoveryKey))
})

test('it is told of a core that nobody here has opened, when a peer asks for it', async () => {
  const written = createStore('store')
  const core = written.get({ name: 'a' })
  await core.append('block')
  const { key } = keysOf(core)
  await written.close()

  const store = createStore('store')
  const watched = new Watched(store)
  const peer = createStore('peer')
  const reader = peer.get({ key })
  connect(store, peer)
  await reader.get(0)
  expect(hex((await watched.next()).key)).toBe(hex(key))
})

test('it is told nothing any more once it is destroyed, and the store closes as ever', async () => {
  const store = createStore('store')
  const watched = new Watched(store)
  await store.get({ name: 'a' }).ready()
  const session = await watched.next()
  watched.watcher.destroy()
  await store.get({ name: 'b' }).append('block')
  expect(watched.left).toBe(0)
  await store.close()
  expect(session.closed).toBe(true)
})
