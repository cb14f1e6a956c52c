// The simulation can fail: each fault that is put into the code is noticed within some seeds.

import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { drawPlan, type Failure } from '../src/plan.js'
import { Runner } from '../src/runner.js'
import { MUTATIONS, type Mutation } from './mutations/mutations.js'

/** How many seeds to try at most. */
const SEEDS = 100

test.each(MUTATIONS)('the simulation notices when $fault', { timeout: 600_000 }, async (mutation) => {
  const failure = await firstFailure(mutation)
  expect(failure?.message).toBeTypeOf('string')
  expect(mutation.caughtAs, failure?.message).toContain(failure?.kind)
})

async function firstFailure(mutation: Mutation): Promise<Failure | null> {
  const runner = new Runner(
    ['--import', fileURLToPath(new URL('./mutations/register.js', import.meta.url))],
    {
      SIMULATION_MUTATION: JSON.stringify({ ...mutation, pattern: mutation.pattern.source }),
    },
  )
  try {
    for (let seed = mutation.seed; seed < mutation.seed + SEEDS; seed++) {
      const { failure } = await runner.run(drawPlan(seed, mutation.profile ?? 'safe'))
      if (failure !== null) return failure
    }
    return null
  } finally {
    runner.close()
  }
}
