// Arguments given by accident: empty variables, missing arguments, destinations that cannot be written. Output that is not read.

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { coreyard, filled, newDirectory, storeWith } from './command.js'

const BIN = new URL('../bin/coreyard.js', import.meta.url).pathname
const KEY = 'ab'.repeat(32)

test.each([
  [['ls', ''], 'directory'],
  [['show', 'DIR', ''], 'core'],
  [['cat', 'DIR', 'chat', ''], 'range'],
  [['rm', 'DIR', 'chat', ''], 'core'],
  [['backup', 'DIR', ''], 'destination'],
  [['restore', 'DIR', ''], 'destination'],
  [['convert', 'DIR', ''], 'destination'],
  [['diff', 'DIR', ''], 'second'],
  [['clone', KEY, ''], 'directory'],
  [['mirror', ''], 'directory'],
  [['share', 'DIR', ''], 'core'],
  [['place', '', '--mirrors', KEY], 'source'],
])('the empty argument in %j is refused, and stands for no directory', async (args, name) => {
  const directory = await filled()
  const { exitCode, err } = await coreyard(args.map((arg) => (arg === 'DIR' ? directory : arg)))
  expect([exitCode, err]).toEqual([2, `error: The argument <${name}> is empty\n`])
})

test.each([
  [['lss'], 'Did you mean ls?'],
  [['ls'], "missing required argument 'directory'"],
  [['ls', '.', '--sort', 'x'], 'Allowed choices are'],
  [['ls', '.', '--jsn'], 'Did you mean --json?'],
  [['ls', ''], 'The argument <directory> is empty'],
  [['window', '.', '--port', 'x'], '--port must be a port'],
  [['help', 'nosuch'], 'There is no such command: see coreyard --help'],
])('the wrong arguments %j are one JSON value with --json', async (args, message) => {
  const { exitCode, out, err } = await coreyard([...args, '--json'])
  expect([exitCode, err]).toEqual([2, ''])
  expect(JSON.parse(out)).toEqual({ error: { code: 'USAGE', message: expect.stringContaining(message) } })
})

test.runIf(process.platform === 'linux')(
  'a command whose output cannot be written prints an error without a stack',
  async () => {
    const directory = await filled()
    for (const args of [
      ['ls', directory],
      ['cat', directory, 'chat'],
      ['check', directory, '--json'],
      ['--help'],
    ]) {
      const full = openSync('/dev/full', 'w')
      const { status, stderr } = spawnSync(process.execPath, [BIN, ...args], {
        stdio: ['ignore', full, 'pipe'],
        encoding: 'utf8',
      })
      closeSync(full)
      expect([status, stderr]).toEqual([
        70,
        expect.stringContaining('error: the results cannot be written: ENOSPC'),
      ])
      expect(stderr).not.toContain('    at ')
    }
  },
)

test('a core whose name looks like an option is no option', async () => {
  const directory = await filled()
  const { exitCode, out, err } = await coreyard(['show', directory, '--', '--json'])
  expect([exitCode, out, err]).toEqual([4, '', expect.stringContaining('There is no core --json')])
})

test('cat writes no more than its reader takes', async () => {
  let written = 0
  const abort = new AbortController()
  const { exitCode } = await coreyard(['cat', await filled(), 'chat'], {
    signal: abort.signal,
    onOut: () => written++,
    drained: async () => abort.abort(),
  })
  expect([exitCode, written]).toEqual([130, 1])
})

test('cat that is interrupted ends although its reader has stopped reading', async () => {
  const directory = await storeWith(async (store) => {
    const core = store.get({ name: 'large' })
    for (let index = 0; index < 8; index++) await core.append(Buffer.alloc(1_000_000, 'x'))
  })
  const cat = spawn(process.execPath, [BIN, 'cat', directory, 'large'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(cat, 'exit')
  await once(cat.stdout, 'readable')
  cat.kill('SIGINT')
  expect(await ended).toEqual([130, null])
})

test.runIf(process.platform === 'linux')(
  'a destination that cannot be written is refused with its reason',
  async () => {
    const directory = await filled()
    for (const args of [['backup', directory], ['convert', directory], ['clone', KEY], ['mirror']]) {
      const { exitCode, err } = await coreyard([...args, '/proc/nowhere'])
      expect([exitCode, err]).toEqual([3, expect.stringContaining('/proc/nowhere cannot be used: ENOENT')])
      expect(err).not.toContain('readOnly')
    }
  },
)

test('a copy into an open store names that store', async () => {
  const { Corestore } = await import('@coreyard/corestore')
  const [directory, destination] = [await filled(), await filled()]
  const store = new Corestore(destination)
  await store.ready()
  const { exitCode, err } = await coreyard(['backup', directory, destination])
  await store.close()
  expect([exitCode, err]).toEqual([3, `error: ${destination} is open in another process: end that first\n`])
  expect(readdirSync(destination)).toEqual(['store.kv'])
})

test('a directory with the files of a store and no store in them is told as such, and not to be opened for writing', async () => {
  const directory = newDirectory()
  writeFileSync(join(directory, 'store.kv'), '')
  const { exitCode, err } = await coreyard(['ls', directory])
  expect([exitCode, err]).toEqual([3, expect.stringContaining('holds no store that can be read')])
  expect(err).not.toContain('for writing')
})
