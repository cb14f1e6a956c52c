// The turns in which the muxers of a process read.

import { afterEach, expect, test, vi } from 'vitest'
import { readingTurns } from '../../src/replication/reading-turns.js'

const turns = vi.hoisted(() => [] as (() => void)[])
vi.mock('node:timers', () => ({ setImmediate: (turn: () => void) => turns.push(turn) }))

afterEach(() => {
  while (turns.length > 0) turns.shift()?.()
})

test('an error of one muxer does not hold up those behind it in the line', () => {
  const read: string[] = []
  readingTurns.wait({
    readOn() {
      throw new Error('its stream failed')
    },
  })
  readingTurns.wait({ readOn: () => void read.push('another') })
  expect(() => turns.shift()?.()).toThrow('its stream failed')
  expect(turns.length).toBe(1)
  turns.shift()?.()
  expect(read).toEqual(['another'])
})

test('those in line share a turn, and those that got nothing are first in the next one', () => {
  const read: number[] = []
  const takers = Array.from({ length: 1000 }, (_, index) => ({
    readOn() {
      if (readingTurns.take()) read.push(index)
    },
  }))
  for (const taker of takers) readingTurns.wait(taker)
  turns.shift()?.()
  expect(read).toEqual(Array.from({ length: 512 }, (_, index) => index))
  turns.shift()?.()
  expect(read.slice(512)).toEqual(Array.from({ length: 488 }, (_, index) => 512 + index))
})
