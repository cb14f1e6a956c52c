// Peers that want more than their part, over TCP and in processes of their own: what the store then holds, for how long it stops, and how long
// an honest peer waits for one core meanwhile.

import type { Store } from '../contestants/contestant.js'
import type { HostileDone, HostileWanted } from '../hostile-peers.js'
import { coreName, eachAtOnce, keyOf } from './material.js'
import { listen, Program } from './program.js'
import { type NewPlace, type Task, withStore } from './task.js'

/** The peers that flood over many connections. */
const STREAMS = 50
/** How often the event loop should turn, in milliseconds. */
const TURN = 5
/** Cores of which the honest peer asks for one after the other. */
const ASKED = 40

/** What is measured while peers flood the store. */
const FLOODED = [
  { id: 'memory', title: 'memory that is added', per: 'process', unit: 'bytes' },
  { id: 'stall', title: 'longest stop of the event loop', per: 'flood', unit: 'time' },
  { id: 'ask', title: 'an honest peer asks for a core', per: 'core', unit: 'time' },
] as const

export const hostile: Task = {
  id: 'hostile',
  rows: [
    { id: 'ask-quiet', title: 'a peer asks for a core that is stored', per: 'core', unit: 'time' },
    ...FLOODED.map((row) => ({
      ...row,
      id: `flood-${row.id}`,
      title: `a peer asks for unknown cores: ${row.title}`,
    })),
    ...FLOODED.map((row) => ({
      ...row,
      id: `floods-${row.id}`,
      title: `${STREAMS} peers ask for unknown cores: ${row.title}`,
    })),
    {
      id: 'ask-mirrored',
      title: 'a peer asks for a core while another one mirrors all',
      per: 'core',
      unit: 'time',
    },
  ],
  scales: 'cores',
  rehearsed: false,
  // Bare Hypercores serve no core that is not open, and Corestore 6 has not been looked at.
  kinds: ['coreyard', 'corestore-7'],
  async run({ cores, sizes: { opens }, place, note }) {
    const where = await place()
    const keys = await withStore(where, (store) => writeCores(store, cores + ASKED))
    const asked = keys.slice(cores)

    await withPeers(where, async (ask) => {
      note('ask-quiet', (await ask({ role: 'ask', keys: asked })).median)
    })
    for (const [row, streams] of [
      ['flood', 1],
      ['floods', STREAMS],
    ] as const) {
      await withPeers(where, async (ask) => {
        const watch = new Watch()
        const flooding = ask({ role: 'flood', opens, streams })
        const { median } = await ask({ role: 'ask', keys: asked })
        await flooding
        const { memory, stall } = await watch.end()
        note(`${row}-memory`, memory)
        note(`${row}-stall`, stall)
        note(`${row}-ask`, median)
      })
    }
    await withPeers(where, async (ask) => {
      const mirroring = ask({ role: 'mirror', keys: keys.slice(0, cores) })
      note('ask-mirrored', (await ask({ role: 'ask', keys: asked })).median)
      await mirroring
    })
  },
}

/** Cores with one block each. Returns their keys in hex. */
async function writeCores(store: Store, count: number): Promise<string[]> {
  const cores = []
  for (let index = 0; index < count; index++) cores.push(await store.named(coreName(index)))
  await eachAtOnce(cores, (core) => core.append('block'))
  return cores.map((core) => Buffer.from(keyOf(core)).toString('hex'))
}

type Ask = (
  wanted:
    | Omit<Extract<HostileWanted, { role: 'flood' }>, 'port'>
    | Omit<Exclude<HostileWanted, { role: 'flood' }>, 'port'>,
) => Promise<HostileDone>

/** Opens the store, of which no core is open then, and lets processes of peers connect to it. */
async function withPeers(place: NewPlace, use: (ask: Ask) => Promise<void>): Promise<void> {
  await withStore(place, async (store) => {
    const server = await listen(store)
    const programs: Program[] = []
    try {
      await use((wanted) => {
        const program = new Program('hostile-peers')
        programs.push(program)
        return program.ask<HostileDone>({ ...wanted, port: server.port })
      })
    } finally {
      for (const program of programs) program.kill()
      server.close()
    }
  })
}

/** Looks at the process from now on. */
class Watch {
  readonly #before: number
  readonly #timer: ReturnType<typeof setInterval>
  #most = 0
  #stall = 0
  #last = performance.now()

  constructor() {
    globalThis.gc?.()
    this.#before = process.memoryUsage.rss()
    this.#timer = setInterval(() => this.#look(), TURN)
  }

  #look(): void {
    const now = performance.now()
    this.#stall = Math.max(this.#stall, now - this.#last - TURN)
    this.#last = now
    this.#most = Math.max(this.#most, process.memoryUsage.rss())
  }

  /** @returns the most bytes that were added, and the longest stop in microseconds */
  async end(): Promise<{ memory: number; stall: number }> {
    await new Promise((resolve) => setTimeout(resolve, 2 * TURN))
    this.#look()
    clearInterval(this.#timer)
    return { memory: Math.max(1, this.#most - this.#before), stall: Math.max(1, this.#stall * 1000) }
  }
}
