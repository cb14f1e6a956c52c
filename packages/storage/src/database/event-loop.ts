// Decides when the database answers an operation that needs no I/O. RocksDB works in a thread, so its answer arrives in a later turn of
// the event loop. Programs rely on two effects of that. This file provides them without the wait for a thread:
// - work that is pending when an operation begins runs first: promises, and streams in this process;
// - operations without a pause in between let timers, sockets and files have their turn.

import { setImmediate as callLater } from 'node:timers'
import nextTick from 'queue-tick'
import { now } from './clock.js'

/** How long operations may run in one turn of the event loop, in milliseconds. */
const LONGEST = 5

let startedAt: number | null = null
let nextTurn: Promise<void> | null = null

/** Resolves with `value` after pending work has run. If this turn of the event loop has taken long, it resolves in the next turn. */
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
