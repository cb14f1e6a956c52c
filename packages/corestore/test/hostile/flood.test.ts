// Peers that ask for more than anybody can answer. What they hold is counted at every turn of the event loop.

import { randomBytes } from 'node:crypto'
import type { NoiseSecretStream } from '@coreyard/hypercore-types'
import { expect, test } from 'vitest'
import { Attacker, type Target } from '../helpers/attacker.js'
import { until } from '../helpers/events.js'
import { openStore, openStoreAt, range, writeCore } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'
import { connect, reads } from '../helpers/streams.js'

/** How many requests may be in progress on all streams together, with some to spare for those that are just answered. */
const IN_PROGRESS = 256
/** How many openings may be read between two looks, which may be two turns of the event loop. */
const READ_IN_TURNS = 32

test.each([
  ['one message each', (attacker: Attacker, cores: Target[]) => void attacker.open(cores)],
  ['one message', (attacker: Attacker, cores: Target[]) => attacker.openAtOnce(cores)],
])('a flood of unknown cores in %s holds few requests at a time', async (_, open) => {
  const store = openStore()
  const attacker = await Attacker.connect(store)
  const watch = new Watch([attacker])
  open(attacker, unknown(20_000))
  await until(() => watch.opened === 20_000)
  await watch.idle()
  expect(watch.most).toBeLessThanOrEqual(IN_PROGRESS)
})

test.each([
  ['one message each', (attacker: Attacker, cores: Target[]) => void attacker.open(cores)],
  ['one message', (attacker: Attacker, cores: Target[]) => attacker.openAtOnce(cores)],
])(
  'a flood over 50 streams, in %s, holds few requests at a time and reads few in a turn',
  async (_, open) => {
    const store = openStore()
    const attackers = await Promise.all(range(50).map(() => Attacker.connect(store)))
    const watch = new Watch(attackers)
    for (const attacker of attackers) open(attacker, unknown(400))
    await until(() => watch.opened === 50 * 400)
    await watch.idle()
    expect(watch.most).toBeLessThanOrEqual(IN_PROGRESS)
    expect(watch.mostInTurns).toBeLessThanOrEqual(READ_IN_TURNS)
  },
)

test('streams that are flooded are read in turn', async () => {
  const store = openStore()
  const attackers = await Promise.all(range(3).map(() => Attacker.connect(store)))
  for (const attacker of attackers) attacker.openAtOnce(unknown(2000))
  const opened = () => attackers.map(({ near }) => muxerOf(near)._remote.length)
  await until(() => opened().includes(2000))
  expect(Math.min(...opened())).toBeGreaterThan(1000)
})

test('a flood of a protocol that nobody speaks is read in parts', async () => {
  const store = openStore()
  const attacker = await Attacker.connect(store)
  const watch = new Watch([attacker])
  attacker.openAtOnce(unknown(20_000).map((core) => ({ ...core, protocol: 'nobody/alpha' })))
  let turns = 0
  await until(() => {
    turns++
    return watch.opened === 20_000
  })
  expect(turns).toBeGreaterThan(100)
})

test('an honest peer is served while others flood the store', async () => {
  const store = openStore()
  const { key } = await writeCore(store, 'core')
  const attackers = await Promise.all(range(5).map(() => Attacker.connect(store)))
  let over = false
  const flooding = Promise.all(
    attackers.map(async (attacker) => {
      while (!over) {
        attacker.openAtOnce(unknown(500))
        await attacker.stream.flush()
        await new Promise(setImmediate)
      }
    }),
  )
  const reader = openStore()
  connect(store, reader)
  await reads(reader.get(key), 'core')
  over = true
  for (const { stream } of attackers) stream.destroy()
  await flooding
})

test('an authorize that never settles holds few requests, and keeps no other core of the stream', async () => {
  const allowed = new Set<string>()
  let undecided = 0
  const store = openStore({
    replicator: {
      active: false,
      authorize: (discoveryKey) => {
        if (allowed.has(Buffer.from(discoveryKey).toString('hex'))) return true
        undecided++
        return new Promise(() => {})
      },
    },
  })
  const core = await writeCore(store, 'core')
  allowed.add(Buffer.from(core.discoveryKey).toString('hex'))
  const attacker = await Attacker.connect(store)
  const watch = new Watch([attacker])
  attacker.openAtOnce(unknown(200))
  const [channel] = attacker.open([core])
  await until(() => attacker.near.destroying || isOpen(attacker.near, core.discoveryKey))
  expect([channel, attacker.near.destroying]).toEqual([201, false])
  expect(undecided).toBe(200)
  expect(watch.most).toBeLessThanOrEqual(IN_PROGRESS)
})

test('a core is served after many peers have asked for it and left', async () => {
  const place = newPlace()
  const before = openStoreAt(place)
  const core = await writeCore(before, 'core')
  await before.close()
  const store = openStoreAt(place, { cacheSize: 0 })
  for (const _ of range(50)) {
    const attacker = await Attacker.connect(store)
    attacker.open([core])
    await until(() => muxerOf(attacker.near)._infos.size > 0)
    attacker.near.destroy()
  }
  const reader = openStore()
  connect(store, reader)
  await reads(reader.get(core.key), 'core')
})

test('refusals take few bytes, for a peer that does not read them', async () => {
  const store = openStore()
  const attacker = await Attacker.connect(store, { reads: false })
  const watch = new Watch([attacker])
  const before = attacker.near.rawBytesWritten
  attacker.openAtOnce(unknown(20_000))
  await until(() => watch.opened === 20_000)
  await watch.idle()
  await until(() => attacker.near.rawBytesWritten > before)
  expect(attacker.near.rawBytesWritten - before).toBeLessThan(20_000 * 16)
})

/** Counts what Protomux holds for streams. */
class Watch {
  /** How many requests had no answer, at most. */
  most = 0
  /** How many were read between two looks, at most. */
  mostInTurns = 0
  readonly #attackers: readonly Attacker[]

  constructor(attackers: readonly Attacker[]) {
    this.#attackers = attackers
    let opened = this.opened
    const look = () => {
      this.most = Math.max(this.most, this.#now)
      this.mostInTurns = Math.max(this.mostInTurns, this.opened - opened)
      opened = this.opened
      if (attackers.some(({ near }) => !near.destroying)) setImmediate(look)
    }
    look()
  }

  /** How many channels the peers have opened, answered or not. */
  get opened(): number {
    return sum(this.#attackers.map(({ near }) => muxerOf(near)._remote.length))
  }

  /** Waits until all of them are answered. */
  async idle(): Promise<void> {
    await until(() => this.#now === 0)
  }

  get #now(): number {
    return sum(this.#attackers.map(({ near }) => muxerOf(near)._infos.size))
  }
}

function isOpen(stream: NoiseSecretStream, discoveryKey: Uint8Array): boolean {
  const muxer = muxerOf(stream)
  return muxer.opened({ protocol: 'hypercore/alpha', id: discoveryKey })
}

function muxerOf({ userData }: NoiseSecretStream) {
  return userData as {
    readonly _infos: ReadonlyMap<string, unknown>
    readonly _remote: readonly unknown[]
    opened(name: { protocol: string; id: Uint8Array }): boolean
  }
}

function unknown(count: number): Target[] {
  return range(count).map(() => ({ discoveryKey: randomBytes(32) }))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
