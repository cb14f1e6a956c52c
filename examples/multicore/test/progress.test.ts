// How progress is shown on a terminal, and where there is none.

import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { formatBytes, Progress } from '../src/progress.js'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
})

afterEach(() => {
  vi.useRealTimers()
})

test('a bar that stays in its place on a terminal', () => {
  expect(shownOn({ isTTY: true })).toBe(
    `\r[${'.'.repeat(30)}] 0 of 4 blocks, 0 B\x1b[K` +
      `\r[${'#'.repeat(15)}${'.'.repeat(15)}] 2 of 4 blocks, 10 B\x1b[K` +
      `\r[${'#'.repeat(30)}] 4 of 4 blocks, 1.5 kB\x1b[K\n`,
  )
})

test('now and then a line elsewhere, and the last state in any case', () => {
  expect(shownOn({ isTTY: false })).toBe('0 of 4 blocks, 0 B\n4 of 4 blocks, 1.5 kB\n')
})

test('sizes in units that are read at a glance', () => {
  expect([0, 999, 1000, 85_149, 2_500_000].map(formatBytes)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '85.1 kB',
    '2.5 MB',
  ])
})

function shownOn({ isTTY }: { isTTY: boolean }): string {
  const output = Object.assign(new PassThrough(), { isTTY })
  const progress = new Progress(output)
  progress.show(0, 4, 0)
  progress.show(2, 4, 10)
  progress.end(4, 4, 1500)
  return String(output.read())
}
