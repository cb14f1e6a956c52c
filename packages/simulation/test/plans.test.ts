// Every plan that the simulation has ever failed with, as short as it could be made.

import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import type { Plan } from '../src/plan.js'
import { Runner } from '../src/runner.js'

const PLANS = new URL('./plans/', import.meta.url)

const runner = new Runner()
afterAll(() => runner.close())

test.each(readdirSync(PLANS))('%s passes', async (file) => {
  const { failure, log } = await runner.run(JSON.parse(readFileSync(new URL(file, PLANS), 'utf8')) as Plan)
  expect(failure, log.slice(-40).join('\n')).toBeNull()
})
