// Processes that are killed at a random moment, and what they have told by then.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { StoreOptions } from '../../src/index.js'

/** The engines that have to outlive it: the options of the stores. */
export const ENGINES: readonly (readonly [name: string, options: StoreOptions])[] = [
  ['rocksdb', {}],
  ['random-access', { engine: 'random-access' }],
]

/** Random moments that are the same again for the same seed, which is told so that a failure can be repeated: `SEED=…`. */
export function randomMoments(): () => number {
  let state = Number(process.env.SEED ?? Date.now() % 2 ** 32)
  console.info(`SEED=${state}`)
  return () => {
    // mulberry32, by Tommy Ettinger
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * Runs a script of this directory until it is killed: mostly while it works, every fourth time on its way there.
 *
 * @returns the lines that it has written
 */
export async function runUntilKilled(
  script: string,
  args: readonly string[],
  random: () => number,
): Promise<string[]> {
  const path = fileURLToPath(new URL(script, import.meta.url))
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const kill = () => child.kill('SIGKILL')
  const early = random() < 0.25
  const timer = early ? setTimeout(kill, random() * 400) : null
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    if (lines.push(line) === 1 && timer === null) setTimeout(kill, random() * 100)
  }
  const [code, signal] = await exited
  if (signal !== 'SIGKILL') throw new Error(`${script} ended by itself, with code ${code}`)
  return lines
}
