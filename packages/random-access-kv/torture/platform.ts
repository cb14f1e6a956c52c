// What of the platform depends on chance or time: random bytes, the clock, timers. One seed decides all of it, so that a run can be
// repeated. Nothing else in a run leaves the turn of the event loop but `setImmediate`, whose order is always the same.

import { random } from '../src/test/index.js'

type Timer = () => void

const real = {
  now: performance.now.bind(performance),
  random: Math.random,
  crypto: globalThis.crypto,
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
}

/** Milliseconds that pass whenever somebody looks at the clock. */
const TICK = 0.9

let draw = random(0)
let time = 0
let tick = 0
let timers: Timer[] = []

/** Puts chance and time of a run in place of the platform's. Returns what puts the platform's back. */
export function install(): () => void {
  performance.now = () => {
    time += tick
    return time
  }
  Math.random = () => draw()
  put('crypto', { getRandomValues })
  put('setTimeout', (run: Timer) => {
    timers.push(run)
    return run
  })
  put('clearTimeout', (timer: unknown) => {
    timers = timers.filter((run) => run !== timer)
  })
  return () => {
    performance.now = real.now
    Math.random = real.random
    put('crypto', real.crypto)
    put('setTimeout', real.setTimeout)
    put('clearTimeout', real.clearTimeout)
  }
}

/** Begins anew: no timers, and the chance of this seed. If time passes, work is split into turns of the event loop. */
export async function restart(seed: number, timePasses: boolean): Promise<void> {
  // What counts the length of a turn begins anew, too.
  await new Promise(setImmediate)
  time = 0
  draw = random(seed)
  tick = timePasses ? TICK : 0
  timers = []
}

/** Lets every timer run that was set. */
export function runTimers(): void {
  for (const run of timers.splice(0)) run()
}

function put(name: 'crypto' | 'setTimeout' | 'clearTimeout', value: unknown): void {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
}

function getRandomValues(bytes: Uint8Array): Uint8Array {
  for (let i = 0; i < bytes.length; i++) bytes[i] = draw() * 256
  return bytes
}
