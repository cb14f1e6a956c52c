// The model check and the power cuts, with new seeds for as long as one likes: TORTURE_SECONDS=600 npm run torture. A failure
// prints its seed; TORTURE_SEED=… plays from there again.

import fc from 'fast-check'
import { test } from 'vitest'
import { recoverFrom, type Session, work } from '../test/support/power.js'
import { hugeScript, Player, script } from '../test/support/script.js'
import { random } from '../test/support/storages.js'

const SECONDS = Number(process.env.TORTURE_SECONDS ?? 60)
const FIRST = Number(process.env.TORTURE_SEED ?? Math.floor(Math.random() * 0x7fff_ffff))
/** Scripts, and power cuts, per seed. */
const ROUND = 100

/** Cuts the power again and again on one disk, at random calls. */
async function cutAgainAndAgain(seed: number): Promise<void> {
  const draw = random(seed)
  const pageSize = 512 << Math.floor(draw() * 8)
  const sync = draw() < 0.5 ? 'always' : 'checkpoint'
  let disk: Uint8Array = new Uint8Array(0)
  let known: Awaited<ReturnType<typeof recoverFrom>> = []
  for (let cut = 0; cut < ROUND; cut++) {
    const session: Session = { pageSize, sync, seed: seed + cut, steps: 40 }
    const aftermath = await work(session, disk, known, Math.floor(draw() * 200))
    known = await recoverFrom(aftermath, pageSize)
    disk = aftermath.disk
  }
}

test(
  'stands whatever chance comes up with',
  async () => {
    const end = Date.now() + SECONDS * 1000
    let rounds = 0
    for (let seed = FIRST; Date.now() < end; seed++, rounds++) {
      try {
        await fc.assert(
          fc.asyncProperty(script, (drawn) => new Player(drawn).play()),
          { seed, numRuns: ROUND },
        )
        await fc.assert(
          fc.asyncProperty(hugeScript, (drawn) => new Player(drawn).play()),
          { seed, numRuns: 1 },
        )
        await cutAgainAndAgain(seed)
      } catch (error) {
        throw new Error(`Failed with TORTURE_SEED=${seed}`, { cause: error })
      }
    }
    console.log(
      `${rounds * ROUND} scripts and ${rounds * ROUND} power cuts, seeds ${FIRST} to ${FIRST + rounds - 1}`,
    )
  },
  2 ** 31 - 1,
)
