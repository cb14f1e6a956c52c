// The work of compacting grows with what is moved, not with the holes times what is moved.

import { expect, test } from 'vitest'
import { Front } from '../src/space/front.js'
import { Space } from '../src/space/space.js'
import { random } from './support/storages.js'

test('the first hole of a size is found among those that are left', () => {
  const draw = random(3)
  for (let round = 0; round < 50; round++) {
    let page = 0
    const holes = Array.from({ length: Math.floor(draw() * 40) }, () => {
      page += 1 + Math.floor(draw() * 9)
      const hole = { page, count: 1 + Math.floor(draw() * 9) }
      page += hole.count
      return hole
    })
    const front = new Front(holes)
    for (let take = 0; take < 60; take++) {
      const count = 1 + Math.floor(draw() * 9)
      const expected = holes.findIndex((hole) => hole.count >= count)
      expect(front.find(count)).toBe(expected)
      const hole = holes[expected]
      if (hole === undefined) continue
      expect(front.page(expected)).toBe(hole.page)
      hole.page += count
      hole.count -= count
      front.set(expected, hole)
    }
  }
})

/** Counts how often the holes of a space are looked at, by the steps of its maps' iterators. */
function stepsToPack(holes: number): number {
  const space = new Space(holes * 4)
  for (let i = 0; i < holes; i++) space.release(i * 4, 2)
  let steps = 0
  const { next } = Object.getPrototypeOf(new Map().entries()) as Iterator<unknown>
  const iterator = Object.getPrototypeOf(new Map().entries()) as { next: () => unknown }
  iterator.next = function (this: Iterator<unknown>) {
    steps++
    return next.call(this)
  }
  try {
    space.pack()
    for (let i = 0; i < holes; i++) space.allocate(2)
    space.unpack()
  } finally {
    iterator.next = next
  }
  return steps
}

test('taking pages from the front looks at each hole a constant number of times', () => {
  expect(stepsToPack(8000)).toBeLessThan(stepsToPack(1000) * 20)
})

test('pages taken from the front are free ones, the first that fit, while others are released', () => {
  const draw = random(11)
  const space = new Space(400)
  const used = new Set(Array.from({ length: 400 }, (_, page) => page))
  const give = (page: number, count: number) => {
    for (let p = page; p < page + count; p++) used.delete(p)
    space.release(page, count)
  }
  for (let page = 0; page < 396; page += 4) if (draw() < 0.6) give(page, 1 + Math.floor(draw() * 3))
  space.pack()
  for (let i = 0; i < 150; i++) {
    const count = 1 + Math.floor(draw() * 3)
    const page = space.allocate(count)
    for (let p = page; p < page + count; p++) {
      expect(used.has(p), `page ${p} is taken`).toBe(false)
      used.add(p)
    }
    const other = [...used][Math.floor(draw() * used.size)] as number
    if (draw() < 0.5) give(other, 1)
  }
})
