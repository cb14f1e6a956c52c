// Capacity for cores that only peers want: each peer has a fair part. Time stands still in most of these tests, so that nothing is given
// up because a peer has fallen quiet.

import type { Hypercore } from '@coreyard/hypercore-types'
import { expect, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { Attacker } from '../helpers/attacker.js'
import { Clock } from '../helpers/clock.js'
import { until } from '../helpers/events.js'
import { keysOf, openStore, openStoreAt, range } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'
import { connect, reads } from '../helpers/streams.js'

/** How many cores may be in use, with a cache of none. */
const CAPACITY = 64

interface Keys {
  readonly key: Uint8Array
  readonly discoveryKey: Uint8Array
}

test('a peer is served a core while silent requests of another hold all capacity', async () => {
  new Clock()
  const { store, cores } = await storeWith(CAPACITY + 40)
  const attacker = await Attacker.connect(store)
  attacker.open(cores.slice(0, CAPACITY + 30))
  await until(() => store.cores.size === CAPACITY)
  const [copy] = copiesOf(cores.slice(-1), store)
  if (copy !== undefined) await reads(copy, 'block')
  expect(store.cores.size).toBeLessThanOrEqual(CAPACITY)
})

test('a peer is served a core while messages of another keep all capacity in use', async () => {
  const { store, cores } = await storeWith(CAPACITY + 1)
  const attacker = await Attacker.connect(store)
  const channels = attacker.open(cores.slice(0, CAPACITY))
  await until(() => store.cores.size === CAPACITY)
  let over = false
  const busy = (async () => {
    while (!over) {
      // A `sync` of a peer that has nothing, uploads and downloads.
      for (const channel of channels) attacker.send(channel, 0, 6, 0, 0, 0)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })()
  const [copy] = copiesOf(cores.slice(-1), store)
  if (copy !== undefined) await reads(copy, 'block')
  over = true
  await busy
})

test('a peer is served a core while another mirrors many', async () => {
  new Clock()
  const { store, cores } = await storeWith(4 * CAPACITY)
  const mirrored = copiesOf(cores.slice(0, -1), store)
  await until(() => store.cores.size === CAPACITY)
  const [copy] = copiesOf(cores.slice(-1), store)
  if (copy !== undefined) await reads(copy, 'block')
  expect(mirrored.some(({ length }) => length === 0)).toBe(true)
})

test('a peer has what others do not use, and gives it back to one that holds less than its part', async () => {
  new Clock()
  const { store, cores } = await storeWith(2 * CAPACITY)
  const first = await Attacker.connect(store)
  const second = await Attacker.connect(store)
  first.open(cores.slice(0, CAPACITY))
  await until(() => held(store, first) === CAPACITY)
  second.open(cores.slice(CAPACITY))
  await until(() => held(store, second) === CAPACITY / 2)
  expect(held(store, first)).toBe(CAPACITY / 2)
  expect(store.cores.size).toBe(CAPACITY)
})

test('streams of one public key have one part', async () => {
  new Clock()
  const { store, cores } = await storeWith(2 * CAPACITY)
  const [first, other] = [await Attacker.connect(store), await Attacker.connect(store)]
  first.open(cores.slice(0, CAPACITY))
  await until(() => held(store, first) === CAPACITY)
  const same = await Attacker.connect(store, { keyPair: first.keyPair })
  same.open(cores.slice(CAPACITY, -1))
  other.open(cores.slice(-1))
  await until(() => held(store, other) === 1)
  expect(held(store, same)).toBe(CAPACITY - 1)
})

test('a core that was taken from a silent peer is served to it when there is capacity', async () => {
  const clock = new Clock()
  const { store, cores } = await storeWith(CAPACITY + 1)
  const slow = copiesOf(cores.slice(0, CAPACITY), store)
  await until(() => store.cores.size === CAPACITY)
  const [copy] = copiesOf(cores.slice(-1), store)
  if (copy !== undefined) await reads(copy, 'block')
  clock.run()
  await Promise.all(slow.map((core) => reads(core, 'block')))
})

/** How many open cores have the peer. */
function held(store: Corestore, { stream }: Attacker): number {
  const key = Buffer.from(stream.publicKey ?? [])
  return [...store.cores].filter(({ replicator }) =>
    replicator.peers.some(({ remotePublicKey }) => key.equals(remotePublicKey)),
  ).length
}

/** A store that has cores of one block, none of them open. */
async function storeWith(count: number): Promise<{ store: Corestore; cores: Keys[] }> {
  const place = newPlace()
  const before = openStoreAt(place)
  const written = range(count).map((index) => before.get({ name: `core ${index}` }))
  await Promise.all(written.map((core) => core.append('block')))
  await before.close()
  return { store: openStoreAt(place, { cacheSize: 0 }), cores: written.map(keysOf) }
}

/** Copies of cores at a new peer of the store. */
function copiesOf(cores: readonly Keys[], store: Corestore): Hypercore[] {
  const reader = openStore()
  connect(store, reader)
  return cores.map(({ key }) => reader.get(key))
}
