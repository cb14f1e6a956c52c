// The memory of what the store does not have: how much it holds, and what it forgets.

import { createHash } from 'node:crypto'
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

test('with the default limit it holds half of that, of keys that are hashes', () => {
  const keys = new UnknownKeys(65_536)
  const added = Array.from({ length: 32_768 }, (_, number) => hash(number))
  for (const key of added) keys.add(key)
  expect(added.filter((key) => keys.has(key)).length).toBeGreaterThan(32_000)
})

test('keys that one peer makes up for one bucket make it forget few others', () => {
  const keys = new UnknownKeys(65_536)
  const others = Array.from({ length: 1000 }, (_, number) => hash(number))
  for (const key of others) keys.add(key)
  for (let number = 0; number < 10_000; number++) {
    const key = hash(number + 1000)
    key.fill(0, 0, 4)
    keys.add(key)
  }
  expect(others.filter((key) => keys.has(key)).length).toBeGreaterThan(980)
})

test('a limit of Infinity is one', () => {
  const keys = new UnknownKeys(Infinity)
  keys.add(keyOf(1))
  expect(keys.has(keyOf(1))).toBe(true)
})

test('a key of zeros is not held before it was added', () => {
  const keys = new UnknownKeys(LIMIT)
  keys.add(keyOf(1))
  expect(keys.has(keyOf(0))).toBe(false)
})

test('with a limit of 0 it holds nothing', () => {
  const keys = new UnknownKeys(0)
  keys.add(keyOf(1))
  expect(keys.has(keyOf(1))).toBe(false)
})

function hash(number: number): Uint8Array {
  return createHash('sha256').update(String(number)).digest()
}

function keyOf(number: number): Uint8Array {
  return new Uint8Array(32).fill(number)
}
