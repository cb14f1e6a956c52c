// Turns of the event loop. If storage and cache answer immediately, promises resolve in the same turn. A caller that awaits one call after
// the other would then keep timers, sockets and signals waiting. Long runs therefore continue in the next turn.

import { now } from './clock.js'

/** How long work may continue in one turn, in milliseconds. */
const LONGEST = 8

interface Platform {
  setImmediate?: (run: () => void) => unknown
  MessageChannel: new () => {
    port1: { onmessage: (() => void) | null }
    port2: { postMessage(message: null): void }
  }
}

const platform = globalThis as unknown as Platform

let startedAt: number | null = null
let turn: Promise<void> | null = null

/** The next turn, to be awaited; null as long as this one has not been long. */
export function nextTurn(): Promise<void> | null {
  if (startedAt === null) {
    startedAt = now()
    later(() => {
      startedAt = null
      turn = null
    })
    // The time of day, which is the clock on Bare, may be set back.
  } else if (turn === null && Math.abs(now() - startedAt) > LONGEST) {
    turn = new Promise(later)
  }
  return turn
}

/** The next turn, however short this one has been. */
export function anotherTurn(): Promise<void> {
  return new Promise(later)
}

/**
 * Calls `run` for the numbers from 0 up to, not including, `count`, `step` of them at a time, and lets others have their turn in between.
 * A loop with `await` in it is slower: after each of them, V8 continues in code that it has not optimized yet.
 */
export async function inSteps(
  count: number,
  step: number,
  run: (from: number, to: number) => void,
): Promise<void> {
  for (let from = 0; from < count; from += step) {
    run(from, Math.min(count, from + step))
    await nextTurn()
  }
}

/** The result, in the next turn if this one has been long. */
export function inTurn<T>(result: T): Promise<T> {
  const next = nextTurn()
  return next === null ? Promise.resolve(result) : next.then(() => result)
}

const later: (run: () => void) => void =
  platform.setImmediate === undefined ? byMessage() : (run) => void platform.setImmediate?.(run)

/** Browsers delay consecutive timers by 4 ms. A message arrives without delay. */
function byMessage(): (run: () => void) => void {
  const waiting: (() => void)[] = []
  const { port1, port2 } = new platform.MessageChannel()
  port1.onmessage = () => waiting.shift()?.()
  return (run) => {
    waiting.push(run)
    port2.postMessage(null)
  }
}
