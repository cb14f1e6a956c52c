// Which cores the default replicator offers and serves, to whom it is permitted to.

import type { CompactEncoding } from '@coreyard/hypercore-types'
import Protomux from 'protomux'
import { expect, test } from 'vitest'
import { closed, connect, connection } from '../src/test/streams.js'
import { keysOf, reads } from '../src/test/suite.js'
import { hex, Onlooker, openStore } from './peers.js'

test('a stream is offered the cores that are downloading, and those that begin to later', async () => {
  const store = await openStore()
  const before = await store.write(['before'])
  const [near, far] = connection()
  const onlooker = new Onlooker(far)
  store.replicator.replicate(near)
  await onlooker.sees(before.discoveryKey)

  const later = await store.write(['later'])
  await onlooker.sees(later.discoveryKey)
  expect(onlooker.offered).toEqual([hex(before.discoveryKey), hex(later.discoveryKey)])
})

test('a core that nobody here downloads is not announced, but served to a peer that asks', async () => {
  const writer = await openStore()
  const reader = await openStore()
  const written = keysOf(await writer.write(['quiet']))
  await writer.evict(written.discoveryKey)
  const quiet = await writer.get(written.key, { active: false })
  const loud = await writer.write(['loud'])

  const [near, far] = connection()
  const onlooker = new Onlooker(far)
  writer.replicator.replicate(near)
  await onlooker.sees(loud.discoveryKey)
  expect(onlooker.offered).not.toContain(hex(quiet.discoveryKey))

  connect(writer, reader)
  await reads(await reader.get(written.key), 'quiet')
})

test('a core that begins to download is announced then', async () => {
  const store = await openStore()
  const { key, discoveryKey } = keysOf(await store.write(['quiet']))
  await store.evict(discoveryKey)
  const session = await store.get(key, { active: false })
  const [near, far] = connection()
  const onlooker = new Onlooker(far)
  store.replicator.replicate(near)
  await near.opened
  session.setActive(true)
  await onlooker.sees(discoveryKey)
})

test('an inactive replicator offers nothing and serves what is asked for', async () => {
  const writer = await openStore({ active: false })
  const reader = await openStore()
  const written = await writer.write(['served'])
  const [near, far] = connection()
  writer.replicator.replicate(near)
  const later = await writer.write(['later'])
  for (const core of writer.openCores()) expect(core.replicator.attached(Protomux.from(near))).toBe(false)

  reader.replicator.replicate(far)
  await reads(await reader.get(keysOf(written).key), 'served')
  await reads(await reader.get(keysOf(later).key), 'later')
})

test('two stores with 1,000 cores each replicate all of them over one stream', async () => {
  const one = await openStore()
  const other = await openStore()
  const indices = Array.from({ length: 1000 }, (_, index) => index)
  const keys = await Promise.all(
    indices.map(async (index) => {
      const writer = index % 2 === 0 ? one : other
      return keysOf(await writer.write([`block of core ${index}`])).key
    }),
  )
  const readers = await Promise.all(keys.map((key, index) => (index % 2 === 0 ? other : one).get(key)))
  connect(one, other)
  await Promise.all(readers.map((reader, index) => reads(reader, `block of core ${index}`)))
  expect([...one.openCores()]).toHaveLength(1000)
  expect([...other.openCores()]).toHaveLength(1000)
})

test('1,000 cores are offered in one message', async () => {
  for (const authorize of [undefined, async () => true]) {
    const store = await openStore({ authorize })
    const sessions = await Promise.all(Array.from({ length: 1000 }, () => store.write(['block'])))
    const [near, far] = connection()
    const onlooker = new Onlooker(far)
    let messages = 0
    far.on('data', ({ byteLength }) => {
      if (byteLength > 0) messages++ // an empty one keeps the connection alive
    })
    store.replicator.replicate(near)
    for (const { discoveryKey } of sessions) await onlooker.sees(discoveryKey)
    expect(messages).toBe(1)
  }
})

test('a peer without the key of a core learns neither its key nor anything in it', async () => {
  const store = await openStore()
  const { key, discoveryKey } = keysOf(await store.write(['a secret']))
  const [near, far] = connection()
  const received: Uint8Array[] = []
  far.on('data', (data) => received.push(data))
  const onlooker = new Onlooker(far)
  store.replicator.replicate(near)
  await onlooker.sees(discoveryKey)

  const channel = Protomux.from(far).createChannel<null, Uint8Array>({
    protocol: 'hypercore/alpha',
    id: discoveryKey,
    handshake: bytes33,
  })
  channel?.open(new Uint8Array(33))
  await closed(near)
  const learned = Buffer.concat(received)
  expect(learned.includes(Buffer.from(discoveryKey))).toBe(true)
  expect(learned.includes(Buffer.from(key))).toBe(false)
  expect(learned.includes('secret')).toBe(false)
})

/** Hypercore's opening message as bytes: a byte of flags and 32 bytes that only a holder of the key can make. */
const bytes33: CompactEncoding<Uint8Array> = {
  preencode(state) {
    state.end += 33
  },
  encode(state, bytes) {
    state.buffer?.set(bytes, state.start)
    state.start += 33
  },
  decode(state) {
    state.start += 33
    return new Uint8Array(33)
  },
}
