// The packages on other runtimes than the one that runs the tests: as users install them, in a process of their own.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { emptyDirectory } from '../helpers/directories.js'
import { type Consumer, installPacked, ROOT } from './packed.js'

const { resolve } = createRequire(import.meta.url)
/** npm has a package of Bare for each system; this is the one that the repository installs. */
const HAS_BARE = process.platform === 'linux' && process.arch === 'x64'
/** Where `npm run test:runtimes` puts the others. */
const INSTALLED = join(ROOT, '.runtimes/node_modules')

/** A program, and the arguments that come before those of a script. */
type Runtime = readonly [program: string, ...args: string[]]

const WITH_ROCKSDB: Record<string, Runtime> = {
  'this Node.js': [process.execPath],
  ...(HAS_BARE ? { Bare: [join(dirname(resolve('bare-runtime-linux-x64/package')), 'bin/bare')] } : {}),
  ...installed({
    'Node.js 22': ['node-22/bin/node'],
    'Node.js 24': ['node-24/bin/node'],
    'Node.js 26': ['node-26/bin/node'],
  }),
}
const WITHOUT_ROCKSDB = installed({
  Bun: ['bun/bin/bun'],
  Deno: ['deno/deno', 'run', '-A', '--node-modules-dir=manual'],
})

const PARTS = [
  'memory',
  'random-access',
  'locked random-access',
  'replication',
  'encryption',
  'suspended random-access',
  'idle',
  'backup',
  'hyperbee',
  'hyperdrive',
  'autobase',
]

const ROCKSDB_PARTS = ['rocksdb', 'locked rocksdb', 'suspended rocksdb', 'conversion']

let consumer: Consumer
beforeAll(() => {
  consumer = installPacked()
})
afterAll(() => consumer.remove())

test.each(Object.entries(WITH_ROCKSDB))(
  'on %s a store does all it promises, and the process ends by itself',
  (_, runtime) => passes(runtime, [...PARTS, ...ROCKSDB_PARTS]),
)

if (Object.keys(WITHOUT_ROCKSDB).length > 0) {
  test.each(Object.entries(WITHOUT_ROCKSDB))(
    'on %s a store does all but RocksDB, and says so',
    (_, runtime) => passes(runtime, [...PARTS, 'no rocksdb']),
  )
}

function installed(runtimes: Record<string, Runtime>): Record<string, Runtime> {
  const found = Object.entries(runtimes).filter(([, [program]]) => existsSync(join(INSTALLED, program)))
  return Object.fromEntries(
    found.map(([name, [program, ...args]]) => [name, [join(INSTALLED, program), ...args]]),
  )
}

async function passes([program, ...args]: Runtime, parts: readonly string[]): Promise<void> {
  const child = spawn(program, [...args, 'exercise.mjs', emptyDirectory(), ...parts], {
    cwd: consumer.directory,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr, [code]] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    once(child, 'exit'),
  ])
  expect(stdout + stderr).toBe(parts.map((part) => `passed: ${part}\n`).join(''))
  expect(code).toBe(0)
}
