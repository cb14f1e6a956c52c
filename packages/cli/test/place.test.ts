// `coreyard place` and `coreyard coverage`: which cores go to which mirrors, who then has how much, and what is refused.

import { join } from 'node:path'
import { Corestore } from '@coreyard/corestore'
import { expect, onTestFinished, test } from 'vitest'
import { coreyard, filled, json, newDirectory, storeWith } from './command.js'
import { keyOf, newNetwork, runMirror, spawnMirror } from './mirrors.js'

/** For machines that are slow: what is there is found sooner. */
const PATIENT = ['--timeout', '60']

interface Placed {
  readonly placed: boolean
  readonly cores: readonly {
    readonly key: string
    readonly copies: number
    readonly mirrors: readonly { readonly publicKey: string; readonly state: string; readonly have: number }[]
  }[]
}

interface Coverage {
  readonly cores: readonly {
    readonly length: number
    readonly copies: number
    readonly peers: readonly { readonly publicKey: string; readonly have: number; readonly whole: boolean }[]
  }[]
}

test('all cores of a directory are placed, each on as many mirrors as there shall be copies', async () => {
  const network = await newNetwork()
  const mirrors = await Promise.all([runMirror(network), runMirror(network), runMirror(network)])
  const keys = mirrors.map(({ key }) => key)
  const directory = await storeWith(async (store) => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await store.get({ name }).append([name, name])
    await store.get({ name: 'empty' }).ready()
  })
  const { cores } = await placed(['place', directory, '--mirrors', ...keys, '--copies', '2', ...network])
  expect(cores.map(({ copies }) => copies)).toEqual([2, 2, 2, 2, 2, 2])
  const args = ['coverage', directory, '--mirrors', ...keys, '--copies', '2', ...PATIENT, ...network]
  const { cores: covered } = await json<Coverage>(args)
  expect(covered.map(({ copies }) => copies)).toEqual([2, 2, 2, 2, 2, 2])
})

test('a core that is placed again stays on the mirrors that have it', async () => {
  const network = await newNetwork()
  const mirrors = await Promise.all([runMirror(network), runMirror(network)])
  const keys = mirrors.map(({ key }) => key)
  const directory = await filled()
  const place = async () => {
    const { cores } = await placed([
      'place',
      directory,
      'chat',
      '--mirrors',
      ...keys,
      '--copies',
      '1',
      ...network,
    ])
    return cores[0]?.mirrors.map(({ publicKey }) => publicKey)
  }
  expect(await place()).toEqual(await place())
  const key = await keyOf(directory, 'chat')
  const { cores } = await json<Coverage>(['coverage', key, '--mirrors', ...keys, ...PATIENT, ...network])
  expect(cores).toMatchObject([{ copies: 1 }])
})

test('what was appended since comes to the mirrors when the core is placed again', async () => {
  const network = await newNetwork()
  const mirror = await runMirror(network)
  const directory = await filled()
  const key = await keyOf(directory, 'chat')
  const args = ['--mirrors', mirror.key, '--copies', '1', ...network]
  await placed(['place', directory, 'chat', ...args])
  const store = new Corestore(directory)
  await store.get({ name: 'chat' }).append('more')
  await store.close()
  const behind = await coreyard(['coverage', directory, 'chat', '--json', ...args, ...PATIENT])
  expect([behind.exitCode, JSON.parse(behind.out).cores]).toMatchObject([
    1,
    [{ key, length: 4, copies: 0, peers: [{ publicKey: mirror.key, mirror: true, have: 3, whole: false }] }],
  ])
  await placed(['place', directory, 'chat', ...args])
  expect((await json<Coverage>(['coverage', key, ...args, ...PATIENT])).cores).toMatchObject([
    { length: 4, copies: 1 },
  ])
})

test('the cores of a namespace are placed, and no others', async () => {
  const network = await newNetwork()
  const mirror = await runMirror(network)
  let namespace = ''
  const directory = await storeWith(async (store) => {
    const team = store.namespace('team')
    namespace = Buffer.from(team.ns).toString('hex')
    await team.get({ name: 'a' }).append('a')
    await team.get({ name: 'b' }).append('b')
    await store.get({ name: 'other' }).append('other')
  })
  const args = ['--mirrors', mirror.key, '--copies', '1', ...network]
  const { cores } = await placed(['place', directory, '--namespace', namespace, ...args])
  expect(cores).toHaveLength(2)
  const other = await coreyard(['coverage', directory, 'other', '--timeout', '2', ...args])
  expect([other.exitCode, other.out]).toEqual([1, expect.stringContaining('0 copies')])
})

test('a core that peers have is placed by its key', async () => {
  const network = await newNetwork()
  const [one, other] = await Promise.all([runMirror(network), runMirror(network)])
  const directory = await filled()
  const key = await keyOf(directory, 'chat')
  await placed(['place', directory, 'chat', '--mirrors', one.key, '--copies', '1', ...network])
  const { cores } = await placed(['place', key, '--mirrors', one.key, other.key, '--copies', '2', ...network])
  expect(cores).toMatchObject([{ key, copies: 2 }])
})

test('another mirror is taken in place of one that is not found', async () => {
  const network = await newNetwork()
  const mirrors = await Promise.all([runMirror(network), runMirror(network)])
  const keys = ['ab'.repeat(32), ...mirrors.map(({ key }) => key)]
  const { cores } = await placed(['place', await filled(), '--mirrors', ...keys, '--copies', '2', ...network])
  expect(cores.map(({ copies }) => copies)).toEqual([2, 2])
})

test('another mirror is taken in place of one that is killed while it receives', async () => {
  const network = await newNetwork()
  const measured = ['--metrics', '0', ...network]
  const mirrors = await Promise.all([spawnMirror(measured), spawnMirror(measured)])
  const blocks = Array.from({ length: 3000 }, () => Buffer.alloc(10_000))
  const directory = await storeWith((store) => store.get({ name: 'large' }).append(blocks))
  const args = ['place', directory, '--mirrors', ...mirrors.map(({ key }) => key), '--copies', '1']
  const placing = coreyard([...args, '--timeout', '5', '--json', ...network])
  const receiving = await Promise.race(mirrors.map((mirror) => mirror.receives().then(() => mirror)))
  await receiving.kill('SIGKILL')
  const { exitCode, out } = await placing
  expect([exitCode, JSON.parse(out)]).toMatchObject([0, { placed: true, cores: [{ copies: 1 }] }])
})

test('a mirror that is restarted while it receives gets the rest', async () => {
  const network = await newNetwork()
  const first = await spawnMirror(['--metrics', '0', ...network])
  const blocks = Array.from({ length: 3000 }, () => Buffer.alloc(10_000))
  const directory = await storeWith((store) => store.get({ name: 'large' }).append(blocks))
  const placing = coreyard([
    'place',
    directory,
    '--mirrors',
    first.key,
    '--copies',
    '1',
    '--json',
    ...network,
  ])
  await first.receives()
  await first.kill('SIGKILL')
  const again = await spawnMirror(network, first.directory)
  expect(again.key).toBe(first.key)
  const { exitCode, out } = await placing
  expect([exitCode, JSON.parse(out)]).toMatchObject([0, { cores: [{ copies: 1 }] }])
})

test('mirrors that are not found are an error, and are said to be not found by coverage', async () => {
  const network = await newNetwork()
  const missing = 'ab'.repeat(32)
  const args = ['--mirrors', missing, '--copies', '1', '--timeout', '2', ...network]
  const { exitCode, err } = await coreyard(['place', await filled(), ...args])
  expect([exitCode, err]).toEqual([4, expect.stringContaining('None of the mirrors was found')])
  const { out } = await coreyard(['place', await filled(), '--json', ...args])
  expect(JSON.parse(out)).toMatchObject({ error: { code: 'NO_MIRROR' } })
  const covered = await coreyard(['coverage', missing, ...args])
  expect([covered.exitCode, covered.err]).toEqual([1, `mirror ${missing} was not found\n`])
})

test('a core of which a part is here is placed in part, and that is said', async () => {
  const network = await newNetwork()
  const mirror = await runMirror(network)
  const directory = await filled()
  const key = await keyOf(directory, 'chat')
  await coreyard(['clear', directory, 'chat', '1..2', '--yes', '--writable'])
  const args = ['--mirrors', mirror.key, '--copies', '1', '--timeout', '3', ...network]
  const { exitCode, err } = await coreyard(['place', directory, 'chat', ...args])
  expect([exitCode, err]).toEqual([1, expect.stringContaining(`${key} is not whole here`)])
  expect(err).toContain(`mirror ${mirror.key} does not get on with ${key.slice(0, 16)}`)
  const covered = await coreyard(['coverage', key, ...args, ...PATIENT])
  expect([covered.exitCode, covered.out]).toEqual([1, expect.stringMatching(/mirror [0-9a-f]{16} +2 {2}66%/)])
})

test('place ends with Ctrl-C while it waits for a mirror', async () => {
  const network = await newNetwork()
  const abort = new AbortController()
  const placing = coreyard(
    ['place', await filled(), '--mirrors', 'ab'.repeat(32), '--copies', '1', ...network],
    {
      signal: abort.signal,
      onErr: () => abort.abort(),
    },
  )
  expect((await placing).exitCode).toBe(130)
})

const KEY = 'ab'.repeat(32)

test.each([
  [['place', 'DIR'], '--mirrors is missing'],
  [
    ['place', 'DIR', '--mirrors', KEY, '--copies', '2'],
    '--copies 2 needs as many mirrors, and --mirrors has 1',
  ],
  [['place', 'DIR', '--mirrors', KEY, KEY, '--copies', '2'], '--mirrors has 1'],
  [['place', 'DIR', '--mirrors', 'x'], '--mirrors must be 64 characters of hex or 52 of z32, not x'],
  [['place', 'DIR', '--mirrors', KEY, '--copies', '0'], '--copies must be a number above 0, not 0'],
  [['place', 'DIR', '--mirrors', KEY, '--copies', '1.5'], '--copies must be a number above 0'],
  [['place', 'DIR', '--mirrors', KEY, '--copies', '1', '--timeout', '0'], '--timeout must be seconds'],
  [['place', KEY, 'chat', '--mirrors', KEY, '--copies', '1'], 'a key is one core'],
  [['place', KEY, '--namespace', KEY, '--mirrors', KEY, '--copies', '1'], 'a key is one core'],
  [['place', 'DIR', '--namespace', KEY, '--mirrors', KEY, '--copies', '1'], 'has no cores'],
  [['coverage', KEY, 'chat'], 'a key is one core'],
  [['coverage', 'DIR', '--copies', 'x'], '--copies must be'],
  [['coverage', 'DIR', '--mirrors', 'x'], '--mirrors must be'],
  [['clone', KEY, 'DIR', '--mirrors', 'x'], '--mirrors must be'],
])('the arguments %j are refused', async (args, message) => {
  const directory = await filled()
  const { exitCode, err } = await coreyard(args.map((arg) => (arg === 'DIR' ? directory : arg)))
  expect([exitCode, err]).toEqual([2, expect.stringContaining(message)])
})

test.each(['place', 'coverage'])(
  '%s refuses no directory, a store in use, an empty store and a core that is not there',
  async (command) => {
    const args = ['--mirrors', KEY, '--copies', '1', '--bootstrap', '127.0.0.1:1']
    const missing = join(newDirectory(), 'missing')
    expect(await coreyard([command, missing, ...args])).toMatchObject({
      exitCode: 3,
      err: expect.stringContaining(`There is no directory ${missing}`),
    })
    const directory = await filled()
    expect((await coreyard([command, directory, 'nobody', ...args])).exitCode).toBe(4)
    const empty = await storeWith((store) => store.ready())
    expect((await coreyard([command, empty, ...args])).exitCode).toBe(2)
    const store = new Corestore(directory)
    onTestFinished(() => store.close())
    await store.ready()
    expect((await coreyard([command, directory, ...args])).exitCode).toBe(3)
  },
)

test.each(['mirror', 'place', 'coverage'])('%s has a help with --bootstrap and --json', async (command) => {
  const { exitCode, out } = await coreyard([command, '--help'])
  expect([exitCode, out]).toEqual([0, expect.stringMatching(/--json[\s\S]*--bootstrap/)])
})

/** Places, and expects that it has worked. */
async function placed(args: readonly string[]): Promise<Placed> {
  const { exitCode, out, err } = await coreyard([...args, '--json'])
  expect([exitCode, err, out]).toEqual([0, expect.anything(), expect.stringContaining('"placed": true')])
  return JSON.parse(out)
}
