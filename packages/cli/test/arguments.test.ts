// What every command has in common: help, wrong arguments, directories that are no store, and what it exits with.

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Corestore } from '@coreyard/corestore'
import { expect, onTestFinished, test } from 'vitest'
import { coreyard, filled, newDirectory } from './command.js'

const COMMANDS = [
  'ls',
  'du',
  'show',
  'cat',
  'check',
  'diff',
  'backup',
  'restore',
  'convert',
  'rm',
  'clear',
  'compact',
  'window',
  'top',
]
const BIN = new URL('../bin/coreyard.js', import.meta.url).pathname

/** The arguments after the directory that a command needs. */
const NEEDS: { readonly [command: string]: string[] } = {
  show: ['core'],
  cat: ['core'],
  rm: ['core'],
  clear: ['core'],
  diff: ['second'],
  backup: ['destination'],
  restore: ['destination'],
  convert: ['destination'],
}

test('the help lists every command and the exit codes', async () => {
  const { exitCode, out } = await coreyard(['--help'])
  expect(exitCode).toBe(0)
  for (const command of [...COMMANDS, 'completion']) expect(out).toMatch(new RegExp(`^  ${command} `, 'm'))
  expect(out).toContain('Exit codes:')
})

test.each([...COMMANDS, 'completion'])('%s has a help', async (command) => {
  const { exitCode, out } = await coreyard([command, '--help'])
  expect([exitCode, out]).toEqual([0, expect.stringContaining(`Usage: coreyard ${command}`)])
  if (command !== 'completion') expect(out).toContain('--json')
})

test.each(COMMANDS)('%s refuses a directory that is not there', async (command) => {
  const missing = join(newDirectory(), 'missing')
  const { exitCode, err } = await coreyard([command, missing, ...(NEEDS[command] ?? [])])
  expect([exitCode, err]).toEqual([3, expect.stringContaining(missing)])
})

test.each(COMMANDS.filter((command) => command !== 'convert'))(
  '%s refuses a file, an empty directory, one of something else and one of Corestore 6, and leaves them alone',
  async (command) => {
    const directory = newDirectory()
    writeFileSync(join(directory, 'file'), 'text')
    mkdirSync(join(directory, 'empty'))
    mkdirSync(join(directory, 'old/cores'), { recursive: true })
    const more = NEEDS[command] ?? []
    const at = (name: string) => coreyard([command, join(directory, name), ...more])
    expect(await at('file')).toMatchObject({ exitCode: 3, err: expect.stringContaining('is a file') })
    expect(await at('empty')).toMatchObject({ exitCode: 3, err: expect.stringContaining('holds no store') })
    expect(await at('.')).toMatchObject({ exitCode: 3, err: expect.stringContaining('holds no store') })
    expect(await at('old')).toMatchObject({ exitCode: 3, err: expect.stringContaining('coreyard convert') })
    expect(execFileSync('find', ['.'], { cwd: directory }).toString().trim().split('\n').sort()).toEqual([
      '.',
      './empty',
      './file',
      './old',
      './old/cores',
    ])
  },
)

test('a directory that is open in this process is refused', async () => {
  const directory = newDirectory()
  const store = new Corestore(directory, { engine: 'random-access' })
  onTestFinished(() => store.close())
  await store.get({ name: 'a' }).append('x')
  const { exitCode, err } = await coreyard(['ls', directory])
  expect([exitCode, err]).toEqual([3, expect.stringContaining('is open in another process')])
  const { out } = await coreyard(['ls', directory, '--json'])
  expect(JSON.parse(out)).toMatchObject({ error: { code: 'STORAGE_LOCKED' } })
})

test('a RocksDB that is open is read as it is on disk, and refused by what changes it', async () => {
  const directory = newDirectory()
  const store = new Corestore(directory, { engine: 'rocksdb' })
  onTestFinished(() => store.close())
  await store.get({ name: 'a' }).append('x')
  expect((await coreyard(['ls', directory])).exitCode).toBe(0)
  const { exitCode, err } = await coreyard(['compact', directory, '--yes'])
  expect([exitCode, err]).toEqual([3, expect.stringContaining('is open in another process')])
})

test('a directory that another process has open is refused, with the process where the system tells', async () => {
  const directory = await filled()
  const program = `
    const { Corestore } = await import(${JSON.stringify(import.meta.resolve('@coreyard/corestore'))})
    await new Corestore(${JSON.stringify(directory)}).ready()
    console.log('open')
    setInterval(() => {}, 1000)`
  const holder = spawn(process.execPath, ['--input-type=module', '-e', program])
  onTestFinished(() => {
    holder.kill()
  })
  await once(holder.stdout, 'data')
  const { exitCode, err } = await coreyard(['ls', directory])
  const who = process.platform === 'linux' ? `process ${holder.pid} ` : 'another process'
  expect([exitCode, err]).toEqual([3, expect.stringContaining(`is open in ${who}`)])
})

test.each(['show', 'cat', 'rm', 'clear'])(
  '%s refuses a key that is none, and a core that is not there',
  async (command) => {
    const directory = await filled()
    for (const core of ['nobody', 'ab'.repeat(32), 'abcdef', '\x1b[2J']) {
      const { exitCode, err, out } = await coreyard([command, directory, core])
      expect([exitCode, err]).toEqual([4, expect.stringContaining('There is no core')])
      expect(err + out).not.toContain('\x1b')
    }
  },
)

test.each([
  [[], 'Usage: coreyard'],
  [['lss', '.'], 'Did you mean ls?'],
  [['ls'], "missing required argument 'directory'"],
  [['ls', '.', '--jsn'], 'Did you mean --json?'],
  [['ls', '.', '--sort', 'x'], 'Allowed choices are name, length, bytes, size, written'],
  [['convert', 'a', 'b', '--engine', 'x'], 'Allowed choices are rocksdb, random-access'],
  [['window', '.', '--port', 'x'], '--port must be a port from 0 to 65535, not x'],
  [['window', '.', '--port', '65536'], '--port must be a port'],
  [['completion', 'csh'], 'Allowed choices are bash, zsh, fish'],
])('the arguments %j are refused', async (args, message) => {
  const { exitCode, err } = await coreyard(args)
  expect([exitCode, err]).toEqual([2, expect.stringContaining(message)])
})

test('an error is one JSON value with --json', async () => {
  const { exitCode, out, err } = await coreyard(['ls', '/nowhere', '--json'])
  expect([exitCode, err]).toEqual([3, ''])
  expect(JSON.parse(out)).toEqual({
    error: { code: 'STORAGE_NO_STORE', message: 'There is no directory /nowhere' },
  })
})

test('colours are for terminals, and not with NO_COLOR', async () => {
  const directory = await filled()
  expect((await coreyard(['ls', directory], { color: true })).out).toContain('\x1b[1m')
  const env = { ...process.env, FORCE_COLOR: '1' }
  const ls = (more: object) =>
    execFileSync(process.execPath, [BIN, 'ls', directory], { env: { ...env, ...more } }).toString()
  expect(ls({})).toContain('\x1b[1m')
  expect(ls({ NO_COLOR: '1' })).not.toContain('\x1b')
  expect((await coreyard(['ls', directory, '--json'], { color: true })).out).not.toContain('\x1b')
})

test('the version is that of the package', async () => {
  expect((await coreyard(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/)
})

test.each([
  ['bash', ['bash', '-n']],
  ['zsh', null],
  ['fish', null],
] as const)('the completion of %s has every command and option', async (shell, check) => {
  const { exitCode, out } = await coreyard(['completion', shell])
  expect(exitCode).toBe(0)
  for (const command of COMMANDS) expect(out).toContain(command)
  expect(out).toMatch(shell === 'fish' ? /-l writable/ : /--writable/)
  if (check === null) return
  const [program, ...args] = check
  expect(execFileSync(program, args, { input: out }).toString()).toBe('')
})

test('a reader that closes the pipe ends the command without an error', async () => {
  const directory = await filled()
  const script = `"${process.execPath}" "${BIN}" ls "${directory}" --json | head -c 1; echo " \${PIPESTATUS[0]}"`
  const output = execFileSync('bash', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'] }).toString()
  expect(output).toMatch(/^\{ (0|130)\n$/)
})

test.each(['probe', 'clone', 'why', 'place', 'coverage'])(
  '%s shows its timeout in seconds',
  async (command) => {
    const { out } = await coreyard([command, '--help'])
    expect(out.replaceAll(/\s+/g, ' ')).toMatch(/--timeout <seconds>.*\(default: (10|30)\)/)
  },
)

test.each(['ls', 'show', 'rm'])('%s refuses a namespace that is not in hex', async (command) => {
  const { exitCode, err } = await coreyard([
    command,
    await filled(),
    ...(command === 'ls' ? [] : ['chat']),
    '--namespace',
    'rooms',
  ])
  expect([exitCode, err]).toEqual([
    2,
    expect.stringContaining('--namespace must be the digits of a namespace in hex'),
  ])
})
