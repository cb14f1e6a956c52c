// Which cores get across: all that both sides know, however many there are and whenever they open.

import type { Hypercore } from '@coreyard/hypercore-types'
import { expect, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { effort } from '../helpers/effort.js'
import { keysOf, openStore, openStoreAt, range } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'
import { connect, reads } from '../helpers/streams.js'

const MANY = effort(1000, 200)

test('two stores with many cores each replicate all of them over one stream', async () => {
  const one = openStore()
  const other = openStore()
  const copies = await Promise.all([writeMany(one, other, 'one'), writeMany(other, one, 'other')])
  connect(one, other)

  for (const [side, cores] of copies.entries()) {
    await Promise.all(cores.map((core, index) => reads(core, `${['one', 'other'][side]} ${index}`)))
    for (const { peers } of cores) expect(peers).toHaveLength(1)
  }
  expect([one.cores.size, other.cores.size]).toEqual([2 * MANY, 2 * MANY])
})

test('a core that opens on either side after the streams are connected replicates, too', async () => {
  const one = openStore()
  const other = openStore()
  const [near, far] = connect(one, other)
  await Promise.all([near.noiseStream.opened, far.noiseStream.opened])

  const written = one.get({ name: 'writer first' })
  await written.append('first')
  const copy = other.get(keysOf(written).key)
  await reads(copy, 'first')

  const keyPair = await other.createKeyPair('reader first')
  const awaited = one.get({ manifest: { version: 1, signers: [{ publicKey: keyPair.publicKey }] } })
  await awaited.ready()
  const later = other.get({ keyPair })
  expect(later.key).toEqual(awaited.key)
  await later.append('second')
  await reads(awaited, 'second')
})

test('what is appended after the streams are connected arrives', async () => {
  const one = openStore()
  const other = openStore()
  const written = one.get({ name: 'live' })
  await written.ready()
  const copy = other.get(keysOf(written).key)
  connect(one, other)
  for (const index of range(10)) {
    await written.append(`block ${index}`)
    await reads(copy, `block ${index}`, index)
  }
})

test('a core that a peer asks for is loaded, if it is stored and not open', async () => {
  const place = newPlace()
  const before = openStoreAt(place)
  const { key, discoveryKey } = keysOf(await writeAndClose(before, 'stored', 'block'))
  await before.close()

  const store = openStoreAt(place)
  await store.ready()
  expect(store.cores.get(discoveryKey)).toBeNull()
  const reader = openStore()
  connect(store, reader)
  await reads(reader.get(key), 'block')
  expect(store.cores.get(discoveryKey)?.opened).toBe(true)
  expect([...store.sessions]).toEqual([])
})

test('a core that a peer asks for and that is not stored is not made', async () => {
  const one = openStore()
  const other = openStore()
  connect(one, other)
  const wanted = other.get(new Uint8Array(32).fill(1))
  await wanted.ready()
  const written = await writeAndClose(one, 'there', 'block')
  await reads(other.get(keysOf(written).key), 'block')
  expect(wanted.peers).toEqual([])
  expect(await stored(one)).toEqual([keysOf(written).discoveryKey])
})

test('a core that two sessions and a namespace of a store have open is replicated once', async () => {
  const one = openStore()
  const other = openStore()
  const written = one.get({ name: 'shared' })
  await written.append('block')
  connect(one, other)
  const { key } = keysOf(written)
  const copies = [other.get(key), other.session().get(key), other.namespace('inner').get(key)]
  for (const copy of copies) {
    await reads(copy, 'block')
    expect(copy.peers).toHaveLength(1)
  }
})

test('several streams between two stores, and to a third, each carry what is missing', async () => {
  const stores = [openStore(), openStore(), openStore()] as const
  const [source, relay, reader] = stores
  const written = source.get({ name: 'relayed' })
  await written.append('block')
  const { key } = keysOf(written)
  connect(source, relay)
  connect(source, relay)
  connect(relay, reader)
  await reads(relay.get(key), 'block')
  await reads(reader.get(key), 'block')
})

/** Writes a block to each of many cores in one store: the sessions in which another reads them. */
async function writeMany(writer: Corestore, reader: Corestore, label: string): Promise<Hypercore[]> {
  return Promise.all(
    range(MANY).map(async (index) => {
      const core = writer.get({ name: `core ${index}` })
      await core.append(`${label} ${index}`)
      return reader.get(keysOf(core).key)
    }),
  )
}

/** Writes one block to a new core, and closes its session. */
async function writeAndClose(store: Corestore, name: string, block: string): Promise<Hypercore> {
  const core = store.get({ name })
  await core.append(block)
  await core.close()
  return core
}

/** The discovery keys of all stored cores. */
async function stored(store: Corestore): Promise<Uint8Array[]> {
  const keys: Uint8Array[] = []
  for await (const key of store.list()) keys.push(key)
  return keys
}
