// A program: the peers of a soak. Two of them are honest, the others attack, in an order that the seed decides.

import { setTimeout as wait } from 'node:timers/promises'
import { attacks, type Surroundings } from './attacks.js'
import type { PeersFigures, PeersStarted, PeersWanted } from './figures.js'
import { Reader, Writer } from './honest.js'

/** How many attack at a time. */
const ATTACKERS = 3
/** A pause that is not set yet, in milliseconds. */
const FIRST_PAUSE = 500

type Start = Extract<PeersWanted, { kind: 'start' }>

class Peers {
  readonly key: string
  readonly #reader: Reader
  readonly #writer: Writer
  readonly #end = new AbortController()
  readonly #running: Promise<unknown>
  #pause = FIRST_PAUSE
  #attacks: Record<string, number> = {}

  private constructor(reader: Reader, writer: Writer, surroundings: Surroundings, names: readonly string[]) {
    this.key = writer.key
    this.#reader = reader
    this.#writer = writer
    const { signal } = this.#end
    this.#running = Promise.all([
      reader.run(signal),
      writer.run(surroundings.port, signal),
      ...Array.from({ length: ATTACKERS }, () => this.#attack(surroundings, names, signal)),
    ])
  }

  static async start({ port, keys, seed, attacks }: Start): Promise<Peers> {
    const random = randomOf(seed)
    const writer = await Writer.open()
    const reader = new Reader(port, keys, random)
    return new Peers(reader, writer, { port, keys, written: writer, random }, attacks)
  }

  set pause(milliseconds: number) {
    this.#pause = milliseconds
  }

  figures(): PeersFigures {
    const { user, system } = process.cpuUsage()
    const { asked, failed } = this.#reader
    const made = this.#attacks
    this.#reader.asked = []
    this.#reader.failed = []
    this.#attacks = {}
    return { asked, failed, written: this.#writer.core.length, attacks: made, processor: user + system }
  }

  async end(): Promise<void> {
    this.#end.abort()
    await this.#running
    await this.#writer.store.close()
  }

  async #attack(surroundings: Surroundings, names: readonly string[], signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const name = names[Math.floor(surroundings.random() * names.length)] ?? ''
      await attacks[name]?.(surroundings)
      this.#attacks[name] = (this.#attacks[name] ?? 0) + 1
      await wait(this.#pause, undefined, { signal }).catch(() => {})
    }
  }
}

/** The same numbers from 0 to 1 for the same seed: a linear congruential generator, with the numbers of Numerical Recipes. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

let peers: Peers | null = null

async function perform(wanted: PeersWanted): Promise<PeersStarted | PeersFigures | Record<string, never>> {
  if (wanted.kind === 'start') {
    peers = await Peers.start(wanted)
    return { key: peers.key }
  }
  if (peers === null) throw new TypeError('There are no peers')
  if (wanted.kind === 'figures') return peers.figures()
  if (wanted.kind === 'pause') peers.pause = wanted.milliseconds
  else await peers.end()
  return {}
}

process.on('message', async (message) => {
  process.send?.(await perform(message as PeersWanted))
})

// The process that started it has ended.
process.once('disconnect', () => process.exit())
