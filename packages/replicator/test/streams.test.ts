// A stream and its muxer: how one is made, how one that was handed in is shared with others, and what it leaves behind.

import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { NoiseSecretStream } from '@coreyard/hypercore-types'
import SecretStream from '@hyperswarm/secret-stream'
import Protomux from 'protomux'
import { expect, onTestFinished, test, vi } from 'vitest'
import {
  AllToAllReplicator,
  openReplicationStream,
  PeerStreams,
  type ReplicableCore,
  ReplicatorError,
} from '../src/index.js'
import { ask, closed, connect, connection } from '../src/test/streams.js'
import { keysOf, reads } from '../src/test/suite.js'
import { deferred, openStore } from './peers.js'

test('a stream that is made has a muxer, the key pair that it is given, and is kept alive', () => {
  const keyPair = SecretStream.keyPair()
  const { stream, noiseStream, muxer, made } = openReplicationStream(true, { keyPair })
  expect(made).toBe(true)
  expect(stream).toBe(noiseStream.rawStream)
  expect(noiseStream.userData).toBe(muxer)
  expect(noiseStream.publicKey).toEqual(keyPair.publicKey)
  expect(noiseStream.keepAlive).toBe(5000)
  noiseStream.destroy()
})

test('how a stream is kept alive can be chosen, unless somebody has chosen already', () => {
  expect(openReplicationStream(true, { keepAlive: 100 }).noiseStream.keepAlive).toBe(100)
  expect(openReplicationStream(true, { keepAlive: false }).noiseStream.keepAlive).toBe(0)
  expect(openReplicationStream(new SecretStream(true, null, { keepAlive: 7 })).noiseStream.keepAlive).toBe(7)
  const shared = new SecretStream(true)
  Protomux.from(shared)
  expect(openReplicationStream(shared).noiseStream.keepAlive).toBe(0)
})

test('a muxer that is there already is shared', () => {
  const [stream] = connection()
  const muxer = Protomux.from(stream)
  expect(openReplicationStream({ stream })).toMatchObject({ stream, noiseStream: stream, made: false })
  expect(openReplicationStream(muxer).muxer).toBe(muxer)
  expect(openReplicationStream(stream).muxer).toBe(muxer)
})

test('a stream whose userData is something else than a muxer is refused', () => {
  const [stream] = connection()
  stream.userData = { mine: true }
  expect(() => openReplicationStream(stream)).toThrow(
    expect.objectContaining({ code: 'BAD_ARGUMENT', message: expect.stringContaining('userData') }),
  )
})

test('two stores on one connection are both asked, and one goes on when the other closes', async () => {
  const [one, other, reader] = [await openStore(), await openStore(), await openStore()]
  const [near, far] = connection()
  one.replicator.replicate(near)
  other.replicator.replicate(near)
  reader.replicator.replicate(far)
  for (const store of [one, other]) {
    const { key, discoveryKey } = keysOf(await store.write(['stored']))
    await store.evict(discoveryKey)
    await reads(await reader.get(key), 'stored')
  }

  await one.replicator.close()
  const { key, discoveryKey } = keysOf(await other.write(['after']))
  await other.evict(discoveryKey)
  await reads(await reader.get(key), 'after')
  await other.replicator.close()
  const { discoveryKey: unanswered } = keysOf(await other.write(['too late']))
  expect(await ask(far, unanswered)).toBe(false)
})

test.each([true, false])(
  'a peer with another key than remotePublicKey gets nothing: initiator %s',
  async (isInitiator) => {
    const [store, expected, other] = [await openStore(), await openStore(), await openStore()]
    const { key } = keysOf(await store.write(['block']))
    const replicateWith = (peer: typeof other) => {
      const { identity } = peer
      const near = store.replicator.replicate(isInitiator, { remotePublicKey: expected.identity.publicKey })
      const far = peer.replicator.replicate(!isInitiator, { keyPair: identity })
      near.pipe(far).pipe(near)
      return near.noiseStream
    }
    const read = await other.get(key)
    const refused = replicateWith(other)
    const error = await new Promise((resolve) => refused.once('error', resolve))
    expect(error).toMatchObject({ name: 'ReplicatorError', code: 'WRONG_PEER' })
    expect([read.length, read.peers.length]).toEqual([0, 0])
    replicateWith(expected)
    await reads(await expected.get(key), 'block')
  },
)

test('many stores on one connection warn of no leak', async () => {
  const warnings: Error[] = []
  const warn = (warning: Error) => {
    if (warning.name === 'MaxListenersExceededWarning') warnings.push(warning)
  }
  process.on('warning', warn)
  onTestFinished(() => void process.off('warning', warn))
  const [near] = connection()
  for (let count = 0; count < 12; count++) (await openStore()).replicator.replicate(near)
  await near.opened
  await setImmediate() // a warning is emitted in the next tick
  expect(warnings).toEqual([])
})

test('a store that fails does not keep the next one on the connection from answering', async () => {
  const [failing, store, reader] = [await openStore(), await openStore(), await openStore()]
  failing.onlookup = () => Promise.reject(new Error('The disk is on fire'))
  const [near, far] = connection()
  failing.replicator.replicate(near)
  store.replicator.replicate(near)
  reader.replicator.replicate(far)
  const { key, discoveryKey } = keysOf(await store.write(['stored']))
  await store.evict(discoveryKey)
  await reads(await reader.get(key), 'stored')
})

test('a core arrives while its first offer has no answer', async () => {
  const [store, reader] = [await openStore(), await openStore()]
  const [offered, asked, answered] = [deferred(), deferred(), deferred()]
  reader.onlookup = async () => {
    offered.resolve()
    await asked.promise
  }
  const has = reader.has.bind(reader)
  reader.has = async (discoveryKey) => {
    const stored = await has(discoveryKey)
    answered.resolve()
    return stored
  }
  connect(store, reader)
  const { key, discoveryKey } = keysOf(await store.write(['stored']))
  await offered.promise
  await store.evict(discoveryKey)
  store.onlookup = async () => {
    asked.resolve()
    await answered.promise
    await setImmediate()
  }
  await reads(await reader.get(key), 'stored')
})

test('an id that is no discovery key is refused without a look-up', async () => {
  const store = await openStore()
  store.onlookup = vi.fn()
  const [near, far] = connection()
  store.replicator.replicate(near)
  expect(await ask(far, new Uint8Array(5))).toBe(false)
  expect(await ask(far, new Uint8Array(0))).toBe(false)
  expect(near.destroying).toBe(false)
  expect(store.onlookup).not.toHaveBeenCalled()
})

test('a core that is closing is not attached', async () => {
  const store = await openStore()
  const session = await store.write(['closing'])
  const { core } = session
  const [near] = connection()
  const peers = peersOf(near)
  await near.opened
  const [peer] = peers
  await session.close()
  const closing = core?.close()
  expect(peer?.attach(core as ReplicableCore)).toBe(false)
  expect(core?.replicator.attached(Protomux.from(near))).toBe(false)
  await closing
})

test('a stream is counted until it closes, and one that has closed already is not', async () => {
  const [near] = connection()
  const streams = peersOf(near)
  expect(streams.size).toBe(1)
  near.destroy()
  await closed(near)
  expect(streams.size).toBe(0)
  streams.open(near)
  expect(streams.size).toBe(0)
})

test('cores are told that their stream has closed, and none has to look for its listener among those of the others', async () => {
  const [one, other] = [await openStore(), await openStore()]
  const written = [await one.write(['first']), await one.write(['second']), await one.write(['third'])]
  const [near, far] = connect(one, other)
  for (const session of written) await (await other.get(keysOf(session).key)).get(0)
  const muxer = Protomux.from(near.noiseStream)
  const attached = () => written.filter(({ core }) => core?.replicator.attached(muxer)).length
  expect(attached()).toBe(3)

  const listening = new Promise((resolve) => {
    near.noiseStream.once('close', () => resolve(near.noiseStream.listenerCount('close')))
  })
  far.destroy()
  expect(await listening).toBe(0)
  expect(attached()).toBe(0)
})

test('a stream that has closed leaves nothing in memory', async () => {
  const [one, other] = [await openStore(), await openStore()]
  const { key } = keysOf(await one.write(['held']))
  await other.get(key)
  await expectCollected(async () => {
    const [near, far] = connect(one, other)
    await ask(near.noiseStream, new Uint8Array(32))
    far.destroy()
    await Promise.all([closed(near.noiseStream), closed(far.noiseStream)])
    return Protomux.from(near.noiseStream)
  })
})

test('a replicator that has closed is not kept in memory by a stream that lives on', async () => {
  const [near, far] = connection()
  await expectCollected(async () => {
    const replicator = new AllToAllReplicator()
    replicator.start({ openCores: () => [], withStored: async () => false })
    replicator.replicate(near)
    await ask(far, new Uint8Array(32))
    await replicator.close()
    return replicator
  })
  expect(near.destroying).toBe(false)
})

test('a replicator serves one store, and needs it', async () => {
  const replicator = new AllToAllReplicator()
  expect(() => replicator.replicate(true)).toThrow(
    expect.objectContaining({ code: 'REPLICATOR_NOT_STARTED' }),
  )
  const store = await openStore()
  expect(() => store.replicator.start(store)).toThrow(ReplicatorError)
  expect(() => store.replicator.start(store)).toThrow(expect.objectContaining({ code: 'REPLICATOR_IN_USE' }))
})

test.each([
  { maxUnknown: -1 },
  { maxUnknown: 0.5 },
  { maxLookups: 0 },
  { maxLookups: Number.NaN },
  { maxAsks: 0 },
  { maxAttached: 1.5 },
  { maxStreams: '3' as never },
  { handshakeTimeout: 0 },
  { handshakeTimeout: true as never },
  { authorize: 'everybody' as never },
])('options without meaning are refused: %o', (options) => {
  expect(() => new AllToAllReplicator(options)).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT' }))
})

const { publicKey, secretKey } = SecretStream.keyPair()

test.each<[unknown, string]>([
  ['options', 'options must be an object, not a string of 7 characters'],
  [{ keepAlive: -5 }, 'keepAlive must be a number of milliseconds'],
  [{ keepAlive: Infinity }, 'not Infinity'],
  [{ keepAlive: '5 s' }, 'not a string of 3 characters'],
  [{ pattern: 'ZZ' }, 'pattern must be'],
  [{ pattern: 'ZZ', keyPair: Promise.resolve({ publicKey, secretKey }) }, 'pattern must be'],
  [{ pattern: 'NN' }, 'XX, IK, XK'],
  [
    { pattern: 'IK' },
    'remotePublicKey must be the 32 bytes that the pattern IK needs to begin, not undefined',
  ],
  [{ remotePublicKey: 'key' }, 'remotePublicKey must be a Uint8Array of 32 bytes'],
  [{ remotePublicKey: publicKey.subarray(1) }, 'not 31 bytes'],
  [{ keyPair: 'key' }, 'keyPair must be { publicKey, secretKey } of 32 and 64 bytes'],
  [{ keyPair: { publicKey } }, 'not an object'],
  [{ keyPair: publicKey }, 'not 32 bytes'],
  [{ remotePublickey: publicKey }, "did you mean 'remotePublicKey'?"],
  [{ handshakeTimeuot: 5 }, "did you mean 'handshakeTimeout'?"],
])('an option of replicate without meaning is refused: %o', (options, message) => {
  expect(() => openReplicationStream(true, options as never)).toThrow(
    expect.objectContaining({
      name: 'ReplicatorError',
      code: 'BAD_ARGUMENT',
      message: expect.stringContaining(message),
    }),
  )
})

test('options of replicate may be an instance of a class with getters', () => {
  class Options {
    get pattern(): string {
      return 'ZZ'
    }
  }
  expect(() => openReplicationStream(true, new Options())).toThrow('pattern must be')
})

test('a promise of what is no key pair ends the stream with an error that says so', async () => {
  const { stream, noiseStream } = openReplicationStream(true, { keyPair: Promise.resolve('key' as never) })
  stream.on('error', () => {})
  const error = await new Promise((resolve) => noiseStream.once('error', resolve))
  expect(error).toMatchObject({ name: 'ReplicatorError', code: 'BAD_ARGUMENT' })
})

test.each<[unknown, number]>([
  [undefined, 5000],
  [null, 5000],
  [{}, 5000],
  [{ live: true, download: true, keyPair: null, remotePublicKey: null, pattern: null }, 5000],
  [{ keyPair: { publicKey, secretKey } }, 5000],
  [{ keyPair: { publicKey, scalar: secretKey.subarray(32) } }, 5000],
  [{ keyPair: Promise.resolve({ publicKey, secretKey }) }, 5000],
  [{ pattern: 'IK', remotePublicKey: publicKey }, 5000],
  [{ keepAlive: null }, 5000],
  [{ keepAlive: true }, 5000],
  [{ keepAlive: 0 }, 0],
])('options that Hypercore takes are taken: %o', (options, keepAlive) => {
  const { stream, noiseStream } = openReplicationStream(true, options as never)
  expect(noiseStream.keepAlive).toBe(keepAlive)
  stream.destroy()
})

test('options of a stream that is to be made do not matter to one that is there', () => {
  const [stream] = connection()
  expect(openReplicationStream(stream, { pattern: 'ZZ', keepAlive: 100 })).toMatchObject({ stream })
  expect(stream.keepAlive).toBe(100)
})

/** The streams of a policy that does nothing. */
function peersOf(stream: NoiseSecretStream): PeerStreams {
  const streams = new PeerStreams({ onstream: () => {}, onask: () => false })
  streams.open(stream)
  return streams
}

/** Waits until what `make` gave is garbage; a leak is a timeout. */
async function expectCollected(make: () => Promise<object>): Promise<void> {
  setFlagsFromString('--expose-gc')
  const collectGarbage: () => void = runInNewContext('gc')
  const made = new WeakRef(await make())
  while (made.deref() !== undefined) {
    await setImmediate()
    collectGarbage()
  }
}
