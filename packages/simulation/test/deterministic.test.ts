// The same seed gives the same log, byte for byte, whichever process it runs in and whatever ran there before.

import { expect, test } from 'vitest'
import { drawPlan, type Outcome } from '../src/plan.js'
import { Runner } from '../src/runner.js'

const SEEDS = [3, 7, 12, 22]

test('a run has the same log in another process, and after other runs', async () => {
  const together = await runAll(SEEDS)
  const alone = (await Promise.all(SEEDS.map((seed) => runAll([seed])))).flat()
  expect(together.map(({ digest }) => digest)).toEqual(alone.map(({ digest }) => digest))
  expect(together.map(({ log }) => log)).toEqual(alone.map(({ log }) => log))
})

test('another seed has another log', async () => {
  const digests = (await runAll(SEEDS)).map(({ digest }) => digest)
  expect(new Set(digests).size).toBe(SEEDS.length)
})

/** Runs seeds in one process. */
async function runAll(seeds: readonly number[]): Promise<Outcome[]> {
  const runner = new Runner()
  const outcomes: Outcome[] = []
  try {
    for (const seed of seeds) outcomes.push(await runner.run(drawPlan(seed, 'safe')))
  } finally {
    runner.close()
  }
  return outcomes
}
