// What one seed does: some rounds, each on what a power cut of the one before has left, and some scripts of the model check.

import fc from 'fast-check'
import { RandomAccessKV } from '../src/index.js'
import { random } from '../src/test/index.js'
import { Player, script } from '../test/support/script.js'
import { Memory } from '../test/support/storages.js'
import { restart } from './platform.js'
import { type Counts, count } from './recorder.js'
import { Failure, type Left, Round } from './round.js'
import { drawSetup } from './setup.js'

export interface Effort {
  /** Rounds of a seed. */
  readonly rounds: number
  /** Power cuts at each call of a round, on average. */
  readonly cutsPerCall: number
  /** Scripts of the model check. */
  readonly scripts: number
}

export const EFFORT: Effort = { rounds: 6, cutsPerCall: 1, scripts: 1 }

/** How often a process is killed after a call, from 0 to 1. */
const KILLS = 0.05

/**
 * Throws a `Failure` if something is not as it must be.
 *
 * @param tell is told where the seed is
 */
export async function runSeed(
  seed: number,
  effort: Effort,
  counts: Counts,
  tell: (at: string) => void,
): Promise<void> {
  const draw = random(seed)
  await restart(seed, false)
  const other = await otherStore()
  let left: Left = { disk: new Uint8Array(0), state: [] }
  for (let number = 0; number < effort.rounds; number++) {
    const setup = drawSetup(draw)
    const name = `seed ${seed}, round ${number}, ${JSON.stringify(setup)}`
    const round = new Round(name, Math.floor(draw() * 0x7fff_ffff), setup, left, counts)
    tell(`in the work of round ${number}`)
    await round.record(other)
    tell(`in the power cuts of round ${number}`)
    left = await round.cut({ perEffect: effort.cutsPerCall, kills: KILLS })
  }
  tell('in the scripts')
  await restart(seed, true)
  for (const drawn of fc.sample(script, { seed, numRuns: effort.scripts })) {
    await new Player(drawn).play().catch((error: unknown) => {
      throw new Failure(`seed ${seed}, script ${JSON.stringify(drawn)}`, null, error)
    })
    count(counts, 'script')
  }
  count(counts, 'seeds')
}

/** The file of another store, with a log that says that it was synced. */
async function otherStore(): Promise<Uint8Array> {
  const storage = new Memory()
  const kv = new RandomAccessKV(storage, { pageSize: 512, sync: 'always' })
  for (let i = 0; i < 600; i++) await kv.put(Buffer.from(`key ${i}`), Buffer.alloc(40, i))
  return storage.bytes.copy()
}
