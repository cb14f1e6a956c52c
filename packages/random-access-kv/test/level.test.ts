// The Level face is judged by abstract-level's own test suite.

import RAM from 'random-access-memory'
import tape from 'tape'
import { expect, test } from 'vitest'
import { RandomAccessLevel } from '../src/level.js'

type Suite = (options: { test: unknown; factory: (options: object) => RandomAccessLevel }) => void

test("passes abstract-level's own test suite", async () => {
  const { default: suite } = (await import('abstract-level/test' as string)) as { default: Suite }
  const harness = tape.createHarness()
  const failures: string[] = []
  let assertions = 0
  harness
    .createStream({ objectMode: true })
    .on('data', (row: { type: string; ok?: boolean; name?: string }) => {
      if (row.type !== 'assert') return
      assertions++
      if (row.ok === false) failures.push(JSON.stringify(row))
    })
  const finished = new Promise<void>((resolve) => harness.onFinish(() => resolve()))
  suite({ test: harness, factory: (options) => new RandomAccessLevel(RAM.reusable(), options) })
  await finished
  expect(failures).toEqual([])
  expect(assertions).toBeGreaterThan(2000)
})
