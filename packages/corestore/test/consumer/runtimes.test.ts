// The packages on other runtimes than the one that runs the tests: as users install them, in a process of their own.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { emptyDirectory } from '../helpers/directories.js'
import { type Consumer, installPacked } from './packed.js'

const { resolve } = createRequire(import.meta.url)
/** npm has a package of Bare for each system; this is the one that the repository installs. */
const HAS_BARE = process.platform === 'linux' && process.arch === 'x64'
const RUNTIMES = {
  'Node.js': process.execPath,
  ...(HAS_BARE ? { Bare: join(dirname(resolve('bare-runtime-linux-x64/package')), 'bin/bare') } : {}),
}
const PARTS = [
  'memory',
  'random-access',
  'rocksdb',
  'locked random-access',
  'locked rocksdb',
  'replication',
  'encryption',
  'suspended random-access',
  'suspended rocksdb',
  'idle',
  'backup',
  'conversion',
  'hyperbee',
  'hyperdrive',
  'autobase',
]

let consumer: Consumer
beforeAll(() => {
  consumer = installPacked()
})
afterAll(() => consumer.remove())

test.each(Object.entries(RUNTIMES))(
  'on %s a store does all it promises, and the process ends by itself',
  async (_, runtime) => {
    const program = spawn(runtime, ['exercise.mjs', emptyDirectory()], {
      cwd: consumer.directory,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [stdout, stderr, [code]] = await Promise.all([
      textOf(program.stdout),
      textOf(program.stderr),
      once(program, 'exit'),
    ])
    expect(stdout + stderr).toBe(PARTS.map((part) => `passed: ${part}\n`).join(''))
    expect(code).toBe(0)
  },
)
