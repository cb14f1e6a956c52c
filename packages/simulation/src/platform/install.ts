// Puts virtual time and seeded randomness in place of the platform's, for everything that this process imports later. So this
// is imported before any package of the Hypercore stack: some draw numbers when they are loaded.

import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import timers from 'node:timers'
import sodium from 'sodium-universal'
import { Clock } from './clock.js'
import { Random } from './random.js'
import { VirtualTimer } from './timer.js'

/** What one run has in place of the platform. */
export interface Platform {
  readonly clock: Clock
  readonly random: Random
}

/** Before the first run: what a package draws while it is loaded is the same in every process. */
let platform: Platform = {
  clock: new Clock(
    () => 0,
    (error) => {
      throw error
    },
  ),
  random: new Random(0),
}

/** What runs from now on takes its time and randomness from here. */
export function usePlatform(next: Platform): void {
  platform = next
}

/** The longest delay of `setTimeout`, in milliseconds. It takes a longer one for 1. */
const LONGEST_DELAY = 2 ** 31 - 1

type Callback = (...args: unknown[]) => void

const virtualTimers = {
  setTimeout: (callback: Callback, delay?: unknown, ...args: unknown[]) =>
    new VirtualTimer(platform.clock, callback, args, milliseconds(delay), false),
  setInterval: (callback: Callback, delay?: unknown, ...args: unknown[]) =>
    new VirtualTimer(platform.clock, callback, args, milliseconds(delay), true),
  setImmediate: (callback: Callback, ...args: unknown[]) =>
    new VirtualTimer(platform.clock, callback, args, null, false),
  clearTimeout: clear,
  clearInterval: clear,
  clearImmediate: clear,
}

/** As Node.js reads a delay. */
function milliseconds(delay: unknown): number {
  const number = Number(delay)
  return number >= 1 && number <= LONGEST_DELAY ? Math.trunc(number) : 1
}

function clear(timer: unknown): void {
  if (timer instanceof VirtualTimer) timer.close()
}

function randomBytes(size: number): Buffer {
  const bytes = Buffer.alloc(size)
  platform.random.fill(bytes)
  return bytes
}

Object.assign(globalThis, virtualTimers)
Object.assign(timers, virtualTimers)
Object.assign(crypto, { randomBytes })
syncBuiltinESMExports()
Math.random = () => platform.random.float()
Date.now = () => platform.clock.wall
performance.now = () => platform.clock.look()
Object.assign(sodium, {
  randombytes_buf: (bytes: Uint8Array) => platform.random.fill(bytes),
  crypto_sign_keypair(publicKey: Uint8Array, secretKey: Uint8Array) {
    sodium.crypto_sign_seed_keypair(publicKey, secretKey, randomBytes(sodium.crypto_sign_SEEDBYTES))
  },
})
