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

/**
 * Runs a script of this directory until it is killed: mostly while it works, every fourth time on its way there.
 *
 * @returns the lines that it has written
 */
export async function runUntilKilled(
  script: string,
  args: readonly string[],
  draw: () => number,
): Promise<string[]> {
  const path = fileURLToPath(new URL(script, import.meta.url))
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const kill = () => child.kill('SIGKILL')
  const early = draw() < 0.25
  const timer = early ? setTimeout(kill, draw() * 400) : null
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    if (lines.push(line) === 1 && timer === null) setTimeout(kill, draw() * 100)
  }
  const [code, signal] = await exited
  if (signal !== 'SIGKILL') throw new Error(`${script} ended by itself, with code ${code}`)
  return lines
}
