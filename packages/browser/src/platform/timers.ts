// The part of `node:timers` that the store uses. A browser has no `setImmediate`, and delays nested timeouts by 4 ms. A message arrives
// without delay.

/** What `setImmediate` returns. On Node.js it can be told not to keep the process alive; a page lives as long as it is open. */
class Immediate {
  readonly run: () => void
  isDue = true

  constructor(run: () => void) {
    this.run = run
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }
}

const waiting: Immediate[] = []
const { port1, port2 } = new MessageChannel()
port1.onmessage = () => {
  const next = waiting.shift()
  if (next?.isDue) next.run()
}

export function setImmediate<Args extends readonly unknown[]>(
  run: (...args: Args) => void,
  ...args: Args
): Immediate {
  const immediate = new Immediate(() => run(...args))
  waiting.push(immediate)
  port2.postMessage(null)
  return immediate
}

export function clearImmediate(immediate: Immediate): void {
  immediate.isDue = false
}

const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis

export { clearInterval, clearTimeout, setInterval, setTimeout }
