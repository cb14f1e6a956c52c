// The power goes at every point of a session; the store opens at a batch boundary, not older than the last sync.

import { expect, test } from 'vitest'
import { recoverFrom, type Session, work } from './support/power.js'

const EMPTY = new Uint8Array(0)
/** All of them in CI, which sets `TEST_ALL`. */
const CUTS = process.env.TEST_ALL ? 2000 : 500
/** The sessions whose syncs fail now and then. */
const SEEDS = process.env.TEST_ALL ? 12 : 3

/** Cuts the power at every call of a session, and once more while the store works on what is left. Returns the cuts made. */
async function cutEverywhere(session: Session): Promise<number> {
  const whole = await work(session, EMPTY, [], Number.POSITIVE_INFINITY)
  let cuts = 0
  for (let at = 0; at < whole.calls; at++) {
    const what = `cut at call ${at} of ${JSON.stringify(session)}`
    try {
      const first = await work(session, EMPTY, [], at)
      const left = await recoverFrom(first, session.pageSize)
      const again = { ...session, seed: session.seed + at, steps: 12 }
      const second = await work(again, first.disk, left, 1 + ((at * 7) % 40))
      const rest = await recoverFrom(second, session.pageSize)
      const third = await work({ ...again, steps: 10 }, second.disk, rest, Number.POSITIVE_INFINITY)
      await recoverFrom(third, session.pageSize)
    } catch (error) {
      throw new Error(what, { cause: error })
    }
    cuts += 2
  }
  return cuts
}

test('opens at a batch boundary after a power cut at any point of commit, checkpoint, log restart and page reuse', async () => {
  let cuts = 0
  let seed = 1
  while (cuts < CUTS) {
    for (const pageSize of [512, 4096]) {
      for (const sync of ['checkpoint', 'always'] as const) {
        cuts += await cutEverywhere({ pageSize, sync, seed: seed++, steps: 60 })
      }
    }
  }
  expect(cuts).toBeGreaterThanOrEqual(CUTS)
})

test('keeps what it needs when syncs fail now and then, and the power goes later', async () => {
  for (let seed = 100; seed < 100 + SEEDS; seed++) {
    const session: Session = {
      pageSize: 512,
      sync: seed % 2 === 0 ? 'always' : 'checkpoint',
      seed,
      steps: 60,
    }
    const failing = { ...session, failingSyncs: 0.3 }
    const whole = await work(failing, EMPTY, [], Number.POSITIVE_INFINITY)
    for (let at = seed % 3; at < whole.calls; at += 3) {
      try {
        const left = await work(failing, EMPTY, [], at)
        const state = await recoverFrom(left, session.pageSize)
        const more = await work(
          { ...session, seed: seed + at, steps: 8 },
          left.disk,
          state,
          Number.POSITIVE_INFINITY,
        )
        await recoverFrom(more, session.pageSize)
      } catch (error) {
        throw new Error(`cut at call ${at} of ${JSON.stringify(failing)}`, { cause: error })
      }
    }
  }
})
