// Turns of the event loop. A store in memory, or in files that are in the cache, does all at once: whoever awaits one operation
// after the other would keep timers, sockets and files waiting until the last one is done.
import { setImmediate as callLater } from 'node:timers'

/** How long operations may follow one another in one turn, in milliseconds. */
const LONGEST = 5

let startedAt: number | null = null
let next: Promise<void> | null = null

/** The next turn of the event loop, to be awaited; `null` as long as this one has not been long. */
export function nextTurn(): Promise<void> | null {
  if (startedAt === null) {
    startedAt = performance.now()
    const end = callLater(() => {
      startedAt = null
      next = null
    })
    end.unref() // nobody waits for it
  } else if (next === null && performance.now() - startedAt > LONGEST) {
    next = new Promise((resolve) => callLater(resolve))
  }
  return next
}
