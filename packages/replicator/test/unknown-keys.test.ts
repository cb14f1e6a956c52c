// The memory of what the store does not have: how much it holds, and what it forgets.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { UnknownKeys } from '../src/unknown-keys.js'

const LIMIT = 8

test('it holds what was added or asked for last, forgets what was deleted, and never more than its limit', () => {
  const operation = fc.record({
    type: fc.constantFrom('add', 'has', 'delete'),
    key: fc.integer({ min: 0, max: 20 }),
  })
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
      const keys = new UnknownKeys(LIMIT)
      let recency: number[] = []
      for (const { type, key } of operations) {
        const touched = type === 'add' || (type === 'has' && keys.has(keyOf(key)))
        if (type === 'add') keys.add(keyOf(key))
        if (type === 'delete') keys.delete(keyOf(key))
        if (touched || type === 'delete') recency = recency.filter((other) => other !== key)
        if (touched) recency.push(key)
      }
      // Asking refreshes, so ask for the certain ones first, from the newest on.
      const certain = recency.slice(-LIMIT / 2).reverse()
      expect(certain.filter((key) => !keys.has(keyOf(key)))).toEqual([])
    }),
  )
})

test('it holds no more than its limit', () => {
  const keys = new UnknownKeys(LIMIT)
  for (let key = 0; key < 100; key++) keys.add(keyOf(key))
  const held = Array.from({ length: 100 }, (_, key) => key).filter((key) => keys.has(keyOf(key)))
  expect(held.length).toBeGreaterThanOrEqual(LIMIT / 2)
  expect(held.length).toBeLessThanOrEqual(LIMIT)
})

test('with a limit of 0 it holds nothing', () => {
  const keys = new UnknownKeys(0)
  keys.add(keyOf(1))
  expect(keys.has(keyOf(1))).toBe(false)
})

function keyOf(number: number): Uint8Array {
  return new Uint8Array(32).fill(number)
}
