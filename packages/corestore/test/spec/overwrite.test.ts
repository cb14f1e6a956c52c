// `get` with `overwrite: true`: the same core, emptied, also for its peers and after a restart.

import type { Hypercore } from '@coreyard/hypercore-types'
import crypto from 'hypercore-crypto'
import { describe, expect, test } from 'vitest'
import type { GetOptions } from '../../src/index.js'
import { bytes32, hex, text } from '../helpers/bytes.js'
import { keysOf, openStore, openStoreAt } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'
import { connect } from '../helpers/streams.js'
import { errorOf } from '../helpers/working-store.js'

const keyPair = crypto.keyPair()
const manifest = { version: 2, signers: [{ publicKey: keyPair.publicKey }], userData: bytes32(1) }
const references: [string, GetOptions<'binary'>][] = [
  ['a name', { name: 'a' }],
  ['a key pair', { keyPair }],
  ['a manifest', { manifest, keyPair }],
]

describe.each(references)('overwrite of a core that is stored, by %s', (_, reference) => {
  test.each([
    ['open', true, true],
    ['closed', false, false],
    ['stored by an earlier store', false, true],
  ])('gives the same core, empty and writable: %s', async (state, isOpen, isKnown) => {
    const place = newPlace()
    let store = openStoreAt(place)
    const old = store.get(reference)
    await old.append(['old 0', 'old 1', 'old 2'])
    const { key } = keysOf(old)
    if (!isOpen) await old.close()
    if (state === 'stored by an earlier store') {
      await store.close()
      store = openStoreAt(place)
    }
    if (isKnown && !isOpen) await store.get(reference).close()

    const core = store.get({ ...reference, overwrite: true })
    await core.ready()
    expect([hex(core.key), core.length, core.writable]).toEqual([hex(key), 0, true])
    if (isOpen) expect(old.length).toBe(0)
    await core.append('new 0')
    expect(await blocksOf(store.get(reference))).toEqual(['new 0'])
    await store.close()

    const again = openStoreAt(place).get(reference)
    expect([await blocksOf(again), hex(again.key), again.writable]).toEqual([['new 0'], hex(key), true])
  })

  test('is empty after a restart, before anything is appended', async () => {
    const place = newPlace()
    const store = openStoreAt(place)
    await store.get(reference).append(['old 0', 'old 1'])
    await store.get({ ...reference, overwrite: true }).ready()
    await store.close()
    const again = openStoreAt(place)
    expect(await blocksOf(again.get(reference))).toEqual([])
    await again.get(reference).append('new 0')
    expect(await blocksOf(again.get(reference))).toEqual(['new 0'])
  })
})

test.each([
  ['connected all the time', true],
  ['that connects later', false],
])('a peer that has the old blocks reads the new ones: %s', async (_, isConnected) => {
  const store = openStore()
  const peer = openStore()
  const old = store.get({ name: 'a' })
  await old.append(['old 0', 'old 1'])
  const { key } = keysOf(old)
  const first = connect(store, peer)
  const read = peer.get(key)
  expect(text(await read.get(1))).toBe('old 1')
  if (!isConnected) for (const stream of first) stream.destroy()

  const core = store.get({ name: 'a', overwrite: true })
  await core.append('new 0')
  if (!isConnected) connect(store, peer)
  if (read.fork === 0) await new Promise((resolve) => read.once('truncate', resolve))
  expect(read.length).toBe(1)
  expect(text(await read.get(0))).toBe('new 0')
  const late = openStore()
  connect(peer, late)
  expect(text(await late.get(key).get(0))).toBe('new 0')
})

test('a core that nobody here can sign loses the blocks that are stored here, and gets them again', async () => {
  const store = openStore()
  const place = newPlace()
  const peer = openStoreAt(place)
  const core = store.get({ name: 'a' })
  await core.append(['0', '1'])
  const { key } = keysOf(core)
  const streams = connect(store, peer)
  await peer.get(key).get(1)
  for (const stream of streams) stream.destroy()

  const emptied = peer.get({ key, overwrite: true })
  await emptied.ready()
  expect([hex(emptied.key), await emptied.has(1)]).toEqual([hex(key), false])
  await peer.close()
  const again = openStoreAt(place)
  const found = again.get(key)
  await found.ready()
  expect([found.length, await found.has(1)]).toEqual([0, false])
  connect(store, again)
  expect(text(await found.get(1))).toBe('1')
})

test('overwrite of a core that is not stored makes it', async () => {
  const store = openStore()
  await store.get({ name: 'a', overwrite: true }).append('block')
  expect(await blocksOf(store.get({ name: 'a' }))).toEqual(['block'])
})

test('overwrite waits for an exclusive session, as any other exclusive session does', async () => {
  const store = openStore()
  const writer = store.get({ name: 'a', exclusive: true })
  await writer.append('block')
  const core = store.get({ name: 'a', exclusive: true, overwrite: true })
  await store.get({ name: 'a' }).append('more')
  expect(writer.length).toBe(2)
  await writer.close()
  await core.ready()
  expect([core.length, core.exclusive]).toEqual([0, true])
})

test('overwrite of a static core is refused, and leaves it', async () => {
  const store = openStore()
  const core = store.get({ name: 'a' })
  await core.append('block')
  const { key } = keysOf(await store.staticify(core))
  await expect(store.get({ key, overwrite: true }).ready()).rejects.toMatchObject({
    code: 'INVALID_OPERATION',
  })
  expect(await blocksOf(store.get(key))).toEqual(['block'])
})

test('overwrite through a session that does not write is refused at once', async () => {
  const store = openStore()
  await store.get({ name: 'a' }).append('block')
  const refused = () => store.get({ name: 'a', overwrite: true, writable: false })
  expect(errorOf(refused)).toMatchObject({ code: 'BAD_ARGUMENT' })
  expect(await blocksOf(store.get({ name: 'a' }))).toEqual(['block'])
})

async function blocksOf(core: Hypercore): Promise<string[]> {
  await core.ready()
  return Promise.all(Array.from({ length: core.length }, async (_, index) => text(await core.get(index))))
}
