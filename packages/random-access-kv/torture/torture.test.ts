// The model check and the power cuts, with new seeds for as long as one likes: TORTURE_SECONDS=600 npm run torture. A failure
// prints its seed; TORTURE_SEED=… plays from there again. TORTURE_SCRIPTS=0 leaves the model check out. Values hold pieces of stores,
// syncs fail and forget, writes fail and arrive, in part or whole, and disks are full for a while.

import fc from 'fast-check'
import { test } from 'vitest'
import { RandomAccessKV } from '../src/index.js'
import { recoverFrom, type Session, work } from '../test/support/power.js'
import { hugeScript, Player, script } from '../test/support/script.js'
import { Memory, random } from '../test/support/storages.js'

const SECONDS = Number(process.env.TORTURE_SECONDS ?? 60)
const SCRIPTS = Number(process.env.TORTURE_SCRIPTS ?? 100)
const FIRST = Number(process.env.TORTURE_SEED ?? Math.floor(Math.random() * 0x7fff_ffff))
/** Power cuts per seed. */
const ROUND = 100

/** The file of another store, with a log that says that it was synced. */
async function otherStore(): Promise<Uint8Array> {
  const storage = new Memory()
  const kv = new RandomAccessKV(storage, { pageSize: 512, sync: 'always' })
  for (let i = 0; i < 600; i++) await kv.put(Buffer.from(`key ${i}`), Buffer.alloc(40, i))
  return storage.bytes.copy()
}

/** Cuts the power again and again on one disk, at random calls, while writes and syncs fail. Returns how many failed. */
async function cutAgainAndAgain(seed: number, hostile: Uint8Array): Promise<number> {
  const draw = random(seed)
  const pageSize = 512 << Math.floor(draw() * 8)
  const sync = draw() < 0.5 ? 'always' : 'checkpoint'
  let disk: Uint8Array = new Uint8Array(0)
  let known: Awaited<ReturnType<typeof recoverFrom>> = []
  let faults = 0
  for (let cut = 0; cut < ROUND; cut++) {
    const session: Session = {
      pageSize,
      sync,
      seed: seed + cut,
      steps: 40,
      failingSyncs: draw() < 0.3 ? 0.3 : 0,
      forgets: draw() < 0.7,
      failingWrites: draw() < 0.3 ? 0.05 : 0,
      hostile,
      ...(draw() < 0.2 && { capacity: disk.length + Math.floor(draw() * 300_000) }),
    }
    const aftermath = await work(session, disk, known, Math.floor(draw() * 200))
    known = await recoverFrom(aftermath, pageSize)
    disk = aftermath.disk
    faults += aftermath.faults
  }
  return faults
}

test(
  'stands whatever chance comes up with',
  async () => {
    const end = Date.now() + SECONDS * 1000
    const hostile = await otherStore()
    let rounds = 0
    let faults = 0
    for (let seed = FIRST; Date.now() < end; seed++, rounds++) {
      try {
        if (SCRIPTS > 0) {
          await fc.assert(
            fc.asyncProperty(script, (drawn) => new Player(drawn).play()),
            { seed, numRuns: SCRIPTS },
          )
          await fc.assert(
            fc.asyncProperty(hugeScript, (drawn) => new Player(drawn).play()),
            { seed, numRuns: 1 },
          )
        }
        faults += await cutAgainAndAgain(seed, hostile)
      } catch (error) {
        throw new Error(`Failed with TORTURE_SEED=${seed}`, { cause: error })
      }
    }
    console.log(
      `${rounds * SCRIPTS} scripts, ${rounds * ROUND} power cuts and ${faults} faults, seeds ${FIRST} to ${FIRST + rounds - 1}`,
    )
  },
  2 ** 31 - 1,
)
