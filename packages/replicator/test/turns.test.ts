// Turns: how many tasks run at a time, in which order, and that one that fails gives its turn up.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Turns } from '../src/turns.js'

test('tasks begin in the order in which they came, never more than the limit at a time, whatever fails', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.boolean(), { maxLength: 30 }),
      async (scheduler, limit, fails) => {
        const turns = new Turns(limit)
        const begun: number[] = []
        let running = 0
        const results = Promise.allSettled(
          fails.map((fail, index) =>
            turns.run(async () => {
              begun.push(index)
              expect(++running).toBeLessThanOrEqual(limit)
              await scheduler.schedule(Promise.resolve())
              running--
              if (fail) throw new Error(`Task ${index} failed`)
              return index
            }),
          ),
        )
        await scheduler.waitFor(results)
        expect(begun).toEqual(fails.map((_, index) => index))
        expect((await results).map(({ status }) => status === 'rejected')).toEqual(fails)
      },
    ),
  )
})

test('a turn that was given up is taken by the next to come', async () => {
  const turns = new Turns(1)
  expect(await turns.run(() => 'first')).toBe('first')
  expect(await turns.run(() => 'second')).toBe('second')
})
