// Peers that take more than their part, over TCP: what the store then holds, for how long it stops, and how long an honest peer waits for one
// core meanwhile.

import { BenchError } from '../bench-error.js'
import type { Store } from '../contestants/contestant.js'
import { median } from '../statistics.js'
import { AttackedStore, isEnough } from './attacked.js'
import { coreName, eachAtOnce, keyOf } from './material.js'
import { ProcessWatch, type Watched } from './process-watch.js'
import { Program } from './program.js'
import { type Row, type Task, type TaskRun, withStore } from './task.js'

/** The floods, with the number of their connections. */
const FLOODS = [
  { id: 'flood', title: 'a peer requests unknown cores', streams: 1 },
  { id: 'floods', title: '50 peers request unknown cores', streams: 50 },
] as const
/** Cores that the honest peer requests first, for each that counts: both processes are warm then. */
const WARMING = 3

export const hostile: Task = {
  id: 'hostile',
  rows: [
    row('ask-quiet', 'a peer requests a stored core'),
    ...FLOODS.flatMap(({ id, title }) => [
      row(`${id}-memory`, `${title}: memory added (RSS)`, 'process', 'bytes'),
      row(`${id}-heap`, `${title}: heap and buffers added`, 'process', 'bytes'),
      row(`${id}-stall`, `${title}: longest stop of the event loop (clock)`, 'flood'),
      row(`${id}-stall-processor`, `${title}: the same (processor time)`, 'flood'),
      row(`${id}-ask`, `${title}: another one requests a core`),
    ]),
    row('ask-mirrored', 'a peer mirrors many cores: another one requests a core'),
    row('ask-mirrored-longest', 'a peer mirrors many cores: longest request of another one'),
  ],
  scales: null,
  rehearsed: true,
  // Bare Hypercores serve no core that is not open, and Corestore 6 has not been looked at.
  kinds: ['coreyard', 'corestore-7'],
  async run({ sizes: { opens, mirrored, asks }, place, note }) {
    const where = await place()
    const keys = await withStore(where, (store) => writeCores(store, (WARMING + 1) * asks + mirrored))
    const warming = keys.splice(0, WARMING * asks)
    const asked = keys.splice(0, asks)
    const requests = new Requests(asks, note)
    const honest = new Program('honest-peer')
    const phase = (use: (store: AttackedStore) => Promise<void>) =>
      AttackedStore.with(where, honest, async (store) => {
        await store.request(warming)
        await use(store)
      })
    try {
      await phase(async (store) => requests.note('ask-quiet', await store.request(asked)))
      for (const { id, streams } of FLOODS) {
        await phase(async (store) => {
          const watch = await ProcessWatch.begin()
          const times = await store.requestDuring({ role: 'flood', opens, streams }, asked)
          noteWatched(id, await watch.end(), note)
          requests.note(`${id}-ask`, times)
        })
      }
      await phase(async (store) => {
        const times = await store.requestDuring({ role: 'mirror', keys }, asked)
        requests.note('ask-mirrored', times)
        requests.note('ask-mirrored-longest', times, (all) => Math.max(...all))
      })
    } finally {
      honest.kill()
    }
    requests.throwIfTooFew()
  },
}

/** Notes how long the requests of the honest peer take, of those rows for which there were enough. */
class Requests {
  readonly #wanted: number
  readonly #note: TaskRun['note']
  readonly #tooFew: string[] = []

  constructor(wanted: number, note: TaskRun['note']) {
    this.#wanted = wanted
    this.#note = note
  }

  note(row: string, times: readonly number[], of = median): void {
    if (isEnough(times, this.#wanted)) this.#note(row, of(times))
    else this.#tooFew.push(`${row} (${times.length} of ${this.#wanted})`)
  }

  /** @throws BenchError `MEASUREMENT_FAILED` with the rows that were not measured */
  throwIfTooFew(): void {
    if (this.#tooFew.length === 0) return
    throw new BenchError(
      'MEASUREMENT_FAILED',
      `The attack was too short for the requests of the honest peer: ${this.#tooFew.join(', ')}`,
    )
  }
}

function noteWatched(
  id: string,
  { memory, heap, stall, stallProcessor }: Watched,
  note: TaskRun['note'],
): void {
  note(`${id}-memory`, memory)
  note(`${id}-heap`, heap)
  note(`${id}-stall`, stall)
  note(`${id}-stall-processor`, stallProcessor)
}

function row(id: string, title: string, per = 'core', unit: Row['unit'] = 'time'): Row {
  return { id, title, per, unit }
}

/** Cores with one block each. Returns their keys in hex. */
async function writeCores(store: Store, count: number): Promise<string[]> {
  const cores = []
  for (let index = 0; index < count; index++) cores.push(await store.named(coreName(index)))
  await eachAtOnce(cores, (core) => core.append('block'))
  return cores.map((core) => Buffer.from(keyOf(core)).toString('hex'))
}
