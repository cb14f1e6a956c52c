// What a watch tells of its process.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { ProcessWatch } from '../src/tasks/process-watch.js'

const ADDED = 64e6
/** In milliseconds. */
const STOP = 500

// As in the processes of tasks: a watch begins when all that is garbage by then has gone.
setFlagsFromString('--expose-gc')
globalThis.gc = runInNewContext('gc')

test('a watch tells how much memory was added', async () => {
  const watch = await ProcessWatch.begin()
  const bytes = Buffer.alloc(ADDED, 1)
  const { memory, heap } = await watch.end()
  // The process may give back some that it had.
  expect(Math.min(memory, heap)).toBeGreaterThan(bytes.byteLength / 2)
})

test('a watch tells a stop without work by the clock, and not by processor time', async () => {
  const watch = await ProcessWatch.begin()
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STOP)
  const { stall, stallProcessor } = await watch.end()
  expect(stall).toBeGreaterThan((STOP - 50) * 1000)
  expect(stallProcessor).toBeLessThan(stall)
})

test('a watch tells a stop with work by processor time', async () => {
  const watch = await ProcessWatch.begin()
  work()
  const { stallProcessor } = await watch.end()
  expect(stallProcessor).toBeGreaterThan((STOP - 50) * 1000)
})

/** Works for so long by the clock and by processor time. */
function work(): void {
  const began = performance.now()
  const before = process.cpuUsage()
  let worked = 0
  while (worked < STOP || performance.now() - began < STOP) {
    const { user, system } = process.cpuUsage(before)
    worked = (user + system) / 1000
  }
}
