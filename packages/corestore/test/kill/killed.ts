// Processes that are killed at a random moment, and what they have told by then.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { StoreOptions } from '../../src/index.js'
import { emptyDirectory } from '../helpers/directories.js'

/** The engines that have to outlive it: the options of the stores. */
export const ENGINES: readonly (readonly [name: string, options: StoreOptions])[] = [
  ['rocksdb', {}],
  ['random-access', { engine: 'random-access' }],
]

/** A process that is not killed on its way is killed after up to so many lines. */
const MOST_LINES = 60

/**
 * Runs a script of this directory until it is killed: mostly while it works, every fourth time on its way there.
 *
 * @param args of the script, after the file that it tells its lines in
 * @returns the lines that it has told. It may have done more: the kill comes between a change and the line that tells of it.
 */
export async function runUntilKilled(
  script: string,
  args: readonly string[],
  draw: () => number,
): Promise<string[]> {
  const path = fileURLToPath(new URL(script, import.meta.url))
  const told = join(emptyDirectory(), 'told')
  writeFileSync(told, '')
  const child = spawn(process.execPath, [path, told, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const kill = () => child.kill('SIGKILL')
  const isEarly = draw() < 0.25
  if (isEarly) setTimeout(kill, draw() * 400)
  // The script also writes a byte to its standard output for each line, which only says when to kill it.
  let left = isEarly ? Number.POSITIVE_INFINITY : Math.floor(draw() * MOST_LINES)
  child.stdout.on('data', (bytes: Uint8Array) => {
    left -= bytes.length
    if (left <= 0) kill()
  })
  const [code, signal] = await exited
  if (signal !== 'SIGKILL') throw new Error(`${script} ended by itself, with code ${code}`)
  const content = readFileSync(told, 'utf8')
  // What follows the last end of a line was cut off.
  return content
    .slice(0, content.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1)
}
