// When the database answers what it can do at once. RocksDB works in a thread, so its answer comes in a later turn of the event
// loop. Programs come to rely on two effects of that, which this file provides without the wait for a thread:
// - what is under way when an operation begins goes on first: promises, and streams in this process;
// - operations that follow one another without a pause leave timers, sockets and files their turn.

import { setImmediate as callLater } from 'node:timers'
import nextTick from 'queue-tick'
import { now } from './clock.js'

/** How long operations may follow one another in one turn of the event loop, in milliseconds. */
const LONGEST = 5

let startedAt: number | null = null
let nextTurn: Promise<void> | null = null

/** Resolves with `value` after pending work has run. If this turn of the event loop has been long, it resolves in the next one. */
export function answerLater<T>(value: T): Promise<T> {
  if (startedAt === null) startTurn()
  else if (nextTurn === null && now() - startedAt > LONGEST) {
    nextTurn = new Promise((resolve) => callLater(resolve))
  }
  if (nextTurn !== null) return nextTurn.then(() => value)
  return new Promise((resolve) => nextTick(() => resolve(value)))
}

function startTurn(): void {
  startedAt = now()
  const end = callLater(() => {
    startedAt = null
    nextTurn = null
  })
  end.unref() // does not keep the process alive
}
