// Replication with live stores of Corestore 6 and 7 on the other side.

import type { Hypercore } from '@coreyard/hypercore-types'
import { describe, expect, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { emptyDirectory } from '../helpers/directories.js'
import { keysOf, openStore, openStoreAt, range } from '../helpers/open-store.js'
import { openCorestore6, openCorestore7 } from '../helpers/other-stores.js'
import { newPlace } from '../helpers/places.js'
import { connect, reads } from '../helpers/streams.js'
import { joinSwarm, localNetwork } from '../helpers/swarms.js'

type AnyStore = Corestore | NamedStore

const CORES = 50

describe.each<[string, (directory?: string) => NamedStore]>([
  ['Corestore 7', openCorestore7],
  ['Corestore 6', openCorestore6],
  [
    'Corestore 6 with manifests',
    (directory) => openCorestore6(directory, { manifestVersion: 1, compat: false }),
  ],
])('a peer with %s', (_, openOther) => {
  test('exchanges 50 cores both ways, opened before and after the streams, and what is appended later', async () => {
    const ours = openStore()
    const theirs = openOther()
    const before = [await Copies.make(ours, theirs, 'before'), await Copies.make(theirs, ours, 'before')]
    connect(ours, theirs)
    const after = [await Copies.make(ours, theirs, 'after'), await Copies.make(theirs, ours, 'after')]

    for (const copies of [...before, ...after]) {
      await copies.arrive(0)
      await copies.append(1)
      await copies.arrive(1)
    }
  })

  test('is served cores that are stored and not open, and serves them', async () => {
    const place = newPlace()
    const directory = emptyDirectory()
    const ourKey = await storeCore(openStoreAt(place), 'ours')
    const theirKey = await storeCore(openOther(directory), 'theirs')

    const ours = openStoreAt(place)
    const theirs = openOther(directory)
    connect(ours, theirs)
    await reads(theirs.get(ourKey), 'ours')
    await reads(ours.get(theirKey), 'theirs')
  })
})

test('a peer with Corestore 7 exchanges cores both ways over a Hyperswarm connection', async () => {
  const testnet = await localNetwork()
  const ours = openStore()
  const theirs = openCorestore7()
  const before = [await Copies.make(ours, theirs, 'before'), await Copies.make(theirs, ours, 'before')]
  const topic = new Uint8Array(32).fill(1)
  await joinSwarm(testnet, ours, topic)
  await joinSwarm(testnet, theirs, topic)
  const after = [await Copies.make(ours, theirs, 'after'), await Copies.make(theirs, ours, 'after')]
  for (const copies of [...before, ...after]) {
    await copies.arrive(0)
    await copies.append(1)
    await copies.arrive(1)
  }
})

/** Half of the cores that one store writes, with the sessions in which the other reads them. */
class Copies {
  readonly #label: string
  readonly #written: readonly Hypercore[]
  readonly #copies: readonly Hypercore[]

  private constructor(label: string, written: readonly Hypercore[], copies: readonly Hypercore[]) {
    this.#label = label
    this.#written = written
    this.#copies = copies
  }

  static async make(writer: AnyStore, reader: AnyStore, label: string): Promise<Copies> {
    const written = await Promise.all(
      range(CORES / 2).map((core) => write(writer, `${label} ${core}`, `${label} ${core} 0`)),
    )
    const copies = written.map((core) => reader.get(keysOf(core).key))
    await Promise.all(copies.map((core) => core.ready()))
    return new Copies(label, written, copies)
  }

  /** Appends a block to each core. */
  async append(index: number): Promise<void> {
    await Promise.all(this.#written.map((core, i) => core.append(`${this.#label} ${i} ${index}`)))
  }

  /** Waits until a block of each core has come. */
  async arrive(index: number): Promise<void> {
    await Promise.all(this.#copies.map((core, i) => reads(core, `${this.#label} ${i} ${index}`, index)))
    expect(this.#copies.map((core) => core.writable)).toEqual(this.#copies.map(() => false))
  }
}

/** Writes one block to a new core. */
async function write(store: AnyStore, name: string, block: string): Promise<Hypercore> {
  const core = store.get({ name })
  await core.append(block)
  return core
}

/** Has a store write one block to a new core, and closes it: the key of the core. */
async function storeCore(store: AnyStore, block: string): Promise<Uint8Array> {
  const { key } = keysOf(await write(store, 'stored', block))
  await store.close()
  return key
}
