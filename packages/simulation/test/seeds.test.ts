// A few seeds of the simulation. `npm run simulate` runs as many as you like.

import { afterAll, expect, test } from 'vitest'
import { drawPlan } from '../src/plan.js'
import { Runner } from '../src/runner.js'

const runner = new Runner()
afterAll(() => runner.close())

test.each([1, 2, 3, 4])('seed %i: stores that go on from copies of themselves do not fork', async (seed) => {
  const { failure, log } = await runner.run(drawPlan(seed, 'copies'))
  expect(failure, log.slice(-40).join('\n')).toBeNull()
})

test.each(Array.from({ length: 12 }, (_, index) => index + 1))(
  'seed %i: stores converge, lose nothing that is safe, and give everything back',
  async (seed) => {
    const { failure, log } = await runner.run(drawPlan(seed, 'safe'))
    expect(failure, log.slice(-40).join('\n')).toBeNull()
  },
)
