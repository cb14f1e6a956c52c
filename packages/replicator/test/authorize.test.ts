// `authorize`: no core is replicated with a peer, nor announced to it, unless the permission is there.

import { EventEmitter, once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import SecretStream from '@hyperswarm/secret-stream'
import Hypercore from 'hypercore'
import Protomux from 'protomux'
import { expect, test, vi } from 'vitest'
import type { Authorize } from '../src/index.js'
import { keyOf } from '../src/test/store.js'
import { ask, closed, connect, connection } from '../src/test/streams.js'
import { keysOf, reads } from '../src/test/suite.js'
import { hex, Onlooker, openStore, warning } from './peers.js'

test('a core is shared with the peers that may have it, and with nobody else', async () => {
  const allowed = new Set<string>()
  const writer = await openStore({ authorize: (_, publicKey) => allowed.has(hex(publicKey)) })
  const [reader, other] = [await openStore(), await openStore()]
  allowed.add(hex(reader.identity.publicKey))
  const { key } = keysOf(await writer.write(['for friends']))
  const denied = await other.get(key)
  connect(writer, reader)
  connect(writer, other)
  await reads(await reader.get(key), 'for friends')
  expect(denied.length).toBe(0)
  expect(denied.peers).toHaveLength(0)
})

test('a core that a peer may not have is never announced to it', async () => {
  const hidden = [SecretStream.keyPair(), SecretStream.keyPair()]
  const isHidden = new Set(hidden.map((keyPair) => hex(Hypercore.discoveryKey(keyOf(keyPair)))))
  const store = await openStore({ authorize: (discoveryKey) => !isHidden.has(hex(discoveryKey)) })
  await store.write(['hidden'], hidden[0])
  const [near, far] = connection()
  const onlooker = new Onlooker(far)
  store.replicator.replicate(near)
  await store.write(['hidden'], hidden[1])
  const open = await store.write(['open'])
  await onlooker.sees(open.discoveryKey)
  expect(onlooker.offered).toEqual([hex(open.discoveryKey)])
})

test('a request that is denied is not looked up', async () => {
  const authorize = vi.fn<Authorize>(() => false)
  const store = await openStore({ authorize })
  const { discoveryKey } = keysOf(await store.write(['stored']))
  await store.evict(discoveryKey)
  store.onlookup = vi.fn()
  const stranger = SecretStream.keyPair()
  const [near, far] = connection(undefined, stranger)
  authorize.mockClear()
  store.replicator.replicate(near)
  expect(await ask(far, discoveryKey)).toBe(false)
  expect(authorize.mock.calls.map((args) => args.map(hex))).toEqual([
    [hex(discoveryKey), hex(stranger.publicKey)],
  ])
  expect(store.onlookup).not.toHaveBeenCalled()
})

test.each<[string, Authorize]>([
  [
    'throws',
    () => {
      throw new Error('The list is lost')
    },
  ],
  ['rejects', () => Promise.reject(new Error('The list is lost'))],
])('an authorize that %s denies, and the stream says why', async (_, authorize) => {
  const store = await openStore({ authorize })
  const { discoveryKey } = keysOf(await store.write(['stored']))
  const [near, far] = connection()
  const onlooker = new Onlooker(far)
  const ofTheOffer = warning(near)
  store.replicator.replicate(near)
  expect(await ofTheOffer).toMatchObject({ message: 'The list is lost' })

  const ofTheRequest = warning(near)
  expect(await ask(far, discoveryKey)).toBe(false)
  expect(await ofTheRequest).toMatchObject({ message: 'The list is lost' })
  expect(onlooker.offered).toEqual([])
})

test('only true permits', async () => {
  const store = await openStore({ authorize: (() => 'yes') as unknown as Authorize })
  const { discoveryKey } = keysOf(await store.write(['stored']))
  const [near, far] = connection()
  store.replicator.replicate(near)
  expect(await ask(far, discoveryKey)).toBe(false)
})

test('a core that closes while its permission is being decided is left alone', async () => {
  const judge = new Judge()
  const store = await openStore({ authorize: judge.authorize })
  const { discoveryKey } = keysOf(await store.write(['closing']))
  const [core] = [...store.openCores()]
  const [near, far] = connection()
  const onlooker = new Onlooker(far)
  store.replicator.replicate(near)
  await judge.asked(1)
  await store.evict(discoveryKey)
  judge.decide(true)

  const next = await store.write(['next'])
  await onlooker.sees(next.discoveryKey)
  expect(core?.replicator.attached(Protomux.from(near))).toBe(false)
  expect(onlooker.offered).toEqual([hex(next.discoveryKey)])
})

test('a stream that dies while a permission is being decided is left alone', async () => {
  const judge = new Judge()
  const store = await openStore({ authorize: judge.authorize })
  await store.write(['offered'])
  const [near] = connection()
  store.replicator.replicate(near)
  await judge.asked(1)
  near.destroy()
  await closed(near)
  judge.decide(true)
  await setImmediate()
  for (const core of store.openCores()) expect(core.replicator.attached(Protomux.from(near))).toBe(false)
})

test('a stream that dies before its handshake asks for no permission', async () => {
  const authorize = vi.fn<Authorize>(() => true)
  const store = await openStore({ authorize })
  await store.write(['offered'])
  const stream = store.replicator.replicate(true)
  stream.destroy()
  await closed(stream.noiseStream)
  await setImmediate()
  expect(authorize).not.toHaveBeenCalled()
})

test('a core that is offered and asked for at the same time is attached once', async () => {
  const judge = new Judge()
  const writer = await openStore({ authorize: judge.authorize })
  const reader = await openStore()
  const { key } = keysOf(await writer.write(['once']))
  const read = await reader.get(key)
  const attachTo = [...writer.openCores()].map(({ replicator }) => vi.spyOn(replicator, 'attachTo'))
  connect(writer, reader)
  await judge.asked(2)
  judge.decide(true)
  await reads(read, 'once')
  expect(attachTo.map(({ mock }) => mock.calls.length)).toEqual([1])
})

/** Decides when it is told to. */
class Judge {
  decide: (permitted: boolean) => void = () => {}
  readonly #decision = new Promise<boolean>((resolve) => {
    this.decide = resolve
  })
  readonly #events = new EventEmitter()
  #asked = 0

  readonly authorize: Authorize = () => {
    this.#asked++
    this.#events.emit('asked')
    return this.#decision
  }

  async asked(times: number): Promise<void> {
    while (this.#asked < times) await once(this.#events, 'asked')
  }
}
