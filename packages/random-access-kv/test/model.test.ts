// The store does what a sorted array does, whatever happens in between.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hugeScript, Player, script } from './support/script.js'

/** All of them in CI, which sets `TEST_ALL`. */
const RUNS = process.env.TEST_ALL ? 1000 : 250

test('behaves like a sorted array in random interleavings of batches, snapshots, iterators and reopens', async () => {
  let runs = 0
  const property = fc.asyncProperty(script, async (drawn) => {
    runs++
    await new Player(drawn).play()
  })
  await fc.assert(property, { numRuns: RUNS })
  expect(runs).toBeGreaterThanOrEqual(RUNS)
})

test('behaves like a sorted array with values of up to 20 MB', async () => {
  const property = fc.asyncProperty(hugeScript, (drawn) => new Player(drawn).play())
  await fc.assert(property, { numRuns: 12 })
})
