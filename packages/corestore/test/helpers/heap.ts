// The memory of the process that runs a test.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

/** Bytes in use on the heap, after everything that nobody holds has gone. */
export async function heapUsed(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    await new Promise(setImmediate)
    collectGarbage()
  }
  return process.memoryUsage().heapUsed
}

/**
 * By how many bytes the heap grows while `use` runs, in the one of so many rounds in which it grows the least: a leak is there in each of
 * them, and noise is not.
 */
export async function leastGrowth(rounds: number, use: () => Promise<unknown>): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  let heap = await heapUsed()
  for (let round = 0; round < rounds; round++) {
    await use()
    const before = heap
    heap = await heapUsed()
    least = Math.min(least, heap - before)
  }
  return least
}
