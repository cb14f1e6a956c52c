// A map whose entries come and go, and what stays behind of them in V8's heap.

import { getHeapSpaceStatistics } from 'node:v8'
import { expect, test } from 'vitest'
import { ShortLived } from '../../src/replication/short-lived.js'

test('entries that come and go leave little in the space of old objects', () => {
  const entries = new ShortLived<number, unknown>()
  for (let number = 0; number < 64; number++) entries.set(number, something(number))
  // They become old.
  for (let number = 0; number < 100_000; number++) something(number)
  const before = oldObjects()
  let most = 0
  for (let number = 64; number < 100_000; number++) {
    entries.set(number, something(number))
    entries.delete(number - 64)
    if (number % 1000 === 0) most = Math.max(most, oldObjects() - before)
  }
  expect(entries.size).toBe(64)
  expect(most).toBeLessThan(8 * 2 ** 20)
})

test('it holds what was set and not deleted, however often it was copied', () => {
  const entries = new ShortLived([[-1, 'first']])
  for (let number = 0; number < 1000; number++) {
    entries.set(number, String(number))
    if (number % 10 !== 0) entries.delete(number)
    entries.delete(number)
    if (number % 10 === 0) entries.set(number, 'again')
  }
  expect(entries.size).toBe(101)
  expect([...entries.values()]).toEqual(['first', ...Array.from({ length: 100 }, () => 'again')])
  expect([...entries].map(([number]) => number)).toEqual([
    -1,
    ...Array.from({ length: 100 }, (_, index) => index * 10),
  ])
  expect([entries.get(10), entries.get(11)]).toEqual(['again', undefined])
})

/** 80 MB of a hundred thousand of them. */
function something(number: number): unknown {
  return new Array(100).fill(number)
}

/** In bytes. */
function oldObjects(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space')?.space_used_size ?? 0
}
