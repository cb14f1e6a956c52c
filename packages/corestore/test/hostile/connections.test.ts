// Peers that do no more than connect: they send garbage, no handshake, or what no protocol says, and read slowly or not at all.

import { randomBytes } from 'node:crypto'
import { Duplex } from 'node:stream'
import type { ReplicationStream } from '@coreyard/hypercore-types'
import { expect, onTestFinished, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { Attacker } from '../helpers/attacker.js'
import { until } from '../helpers/events.js'
import { keysOf, openStore, range, writeCore } from '../helpers/open-store.js'
import { connect, reads } from '../helpers/streams.js'

test.each<[string, (end: Duplex) => boolean]>([
  ['random bytes', (end) => end.push(randomBytes(400_000))],
  ['zeros', (end) => end.push(new Uint8Array(100_000))],
  ['a handshake of a wrong size', (end) => end.push(Buffer.from([5, 0, 0, 1, 2, 3, 4, 5]))],
  [
    'a handshake of random bytes',
    (end) => end.push(Buffer.concat([Buffer.from([32, 0, 0]), randomBytes(32)])),
  ],
])('a peer that sends %s loses its stream, and no other peer does', async (_, send) => {
  // Random bytes may announce a handshake of megabytes, of which the rest does not come.
  const store = openStore({ replicator: { handshakeTimeout: 500 } })
  const { key } = await writeCore(store, 'core')
  const { stream, end } = connectRaw(store)
  send(end)
  await until(() => stream.destroyed)
  await expectServed(store, key)
})

test('a peer that sends random messages after its handshake takes nothing with it', async () => {
  const store = openStore()
  const { key } = await writeCore(store, 'core')
  for (const _ of range(50)) {
    const { stream } = await Attacker.connect(store)
    for (let count = 0; count < 20; count++) stream.write(randomBytes(1 + Math.floor(Math.random() * 200)))
    await stream.flush()
  }
  await expectServed(store, key)
})

test('handshakes that never end hold no channels, and end with their time', async () => {
  const store = openStore({ replicator: { handshakeTimeout: 500 } })
  const cores = range(20).map((index) => store.get({ name: `core ${index}` }))
  await Promise.all(cores.map((core) => core.append('block')))
  const silent = range(200).map(() => connectRaw(store))
  const attached = () =>
    cores.filter(({ core }) => silent.some(({ muxer }) => core?.replicator.attached(muxer)))
  expect(attached()).toEqual([])
  const [core] = cores
  if (core !== undefined) await expectServed(store, keysOf(core).key, 'block')
  await until(() => silent.every(({ stream }) => stream.destroyed))
  expect(attached()).toEqual([])
})

test('a peer is served at its pace while another one reads a message at a time', async () => {
  const store = openStore()
  const core = store.get({ name: 'core' })
  await core.append(Array.from({ length: 50 }, () => Buffer.alloc(65_536)))
  const { key } = keysOf(core)
  const slow = openStore()
  const slowCopy = slow.get({ key })
  await slowCopy.ready()
  const [near, far] = [store.replicate(true), slow.replicate(false)]
  const link = trickle(near, far)
  slowCopy.download({ start: 0, end: 50 })
  await until(() => link.passed > 0)
  const reader = openStore()
  connect(store, reader)
  const copy = reader.get({ key })
  await Promise.all(range(50).map((index) => copy.get(index)))
  expect(link.passed).toBeLessThan(50 * 65_536)
  await link.letAllPass()
  await Promise.all(range(50).map((index) => slowCopy.get(index)))
})

/** A stream of a store, and the end of it that a peer writes to and reads from by hand. */
function connectRaw(store: Corestore) {
  const stream = store.replicate(false)
  const end = new Duplex({ read: () => {}, write: (_bytes, _encoding, done) => done() })
  for (const each of [stream, end, stream.noiseStream]) each.on('error', () => {})
  stream.pipe(end as unknown as ReplicationStream).pipe(stream)
  onTestFinished(() => {
    stream.destroy()
  })
  return { stream, end, muxer: stream.noiseStream.userData as never }
}

/** Joins two streams. What the first one sends passes 1000 bytes at a time, one in each turn of the event loop, until all may pass. */
function trickle(near: ReplicationStream, far: ReplicationStream) {
  let passed = 0
  let isSlow = true
  const link = new Duplex({
    read: () => {},
    async write(bytes: Uint8Array, _encoding, done) {
      for (let at = 0; at < bytes.byteLength; at += 1000) {
        const part = bytes.subarray(at, at + 1000)
        passed += part.byteLength
        link.push(part)
        if (isSlow) await new Promise((resolve) => setTimeout(resolve, 5))
      }
      done()
    },
  })
  near.pipe(link as unknown as ReplicationStream).pipe(far)
  far.pipe(near)
  return {
    get passed() {
      return passed
    },
    async letAllPass() {
      isSlow = false
    },
  }
}

async function expectServed(store: Corestore, key: Uint8Array, block = 'core'): Promise<void> {
  const reader = openStore()
  connect(store, reader)
  await reads(reader.get(key), block)
}
