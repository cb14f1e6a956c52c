// The commands that read a store: ls, du, show, cat.

import { readFileSync } from 'node:fs'
import { Corestore } from '@coreyard/corestore'
import Hyperbee from 'hyperbee'
import Hyperdrive from 'hyperdrive'
import { expect, test } from 'vitest'
import { coreyard, filled, json, storeWith } from './command.js'

interface Core {
  readonly name: string | null
  readonly key: string
  readonly discoveryKey: string
  readonly length: number
}

test('ls lists the cores of a store, by name', async () => {
  const { exitCode, out } = await coreyard(['ls', await filled()])
  expect(exitCode).toBe(0)
  const [head, ...lines] = out.trimEnd().split('\n')
  expect(head).toMatch(/^name +key +blocks +here +size +writable +written \(UTC\)$/)
  expect(lines.map((line) => line.split(/ {2,}/).slice(0, 4))).toMatchObject([
    ['chat', expect.stringMatching(/^[0-9a-f]{16}$/), '3', 'all'],
    ['other', expect.stringMatching(/^[0-9a-f]{16}$/), '1', 'all'],
    ['2 cores, 20 B of blocks'],
  ])
})

test('ls --json gives the keys and lengths of each core', async () => {
  const directory = await filled()
  const { cores } = await json<{ cores: Core[] }>(['ls', directory])
  expect(Object.keys(cores[0] ?? {})).toEqual([
    'name',
    'nameIsHex',
    'namespace',
    'key',
    'id',
    'discoveryKey',
    'writable',
    'length',
    'byteLength',
    'fork',
    'contiguousLength',
    'lastWritten',
  ])
  expect(cores).toMatchObject([
    {
      name: 'chat',
      nameIsHex: false,
      namespace: '0'.repeat(64),
      writable: true,
      length: 3,
      byteLength: 15,
      fork: 0,
    },
    { name: 'other', length: 1 },
  ])
})

test('ls sorts and filters', async () => {
  const directory = await storeWith(async (store) => {
    await store.get({ name: 'long' }).append(['1', '2'])
    await store.get({ name: 'heavy' }).append(Buffer.alloc(1000))
    await store.namespace('app').get({ name: 'long' }).append('1')
    await store.get({ key: Buffer.alloc(32, 1) }).ready()
  })
  const names = async (...args: string[]) => {
    const { cores } = await json<{ cores: Core[] }>(['ls', directory, ...args])
    return cores.map(({ name, length }) => `${name} ${length}`)
  }
  expect((await names('--sort', 'length'))[0]).toBe('long 2')
  expect((await names('--sort', 'bytes'))[0]).toBe('heavy 1')
  expect(await names('--name', 'hea')).toEqual(['heavy 1'])
  expect(await names('--writable')).toHaveLength(3)
  expect(await names('--namespace', '0'.repeat(64))).toEqual(['heavy 1', 'long 2'])
})

test('a name with control characters cannot change what the terminal shows', async () => {
  const directory = await storeWith((store) => store.get({ name: '\x1b]0;owned\x07\u202e\n' }).append('x'))
  const { out } = await coreyard(['ls', directory])
  expect(out).toContain('\\x1b]0;owned\\x07\\u{202e}\\x0a')
  const { out: asJson } = await coreyard(['ls', directory, '--json'])
  for (const written of [out, asJson]) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there
    expect(written).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/)
  }
})

test('du says who takes how much, by kind, namespace and core', async () => {
  const directory = await filled()
  const { out } = await coreyard(['du', directory])
  expect(out).toMatch(/^block +4 /m)
  expect(out).toMatch(/^chat +[0-9a-f]{16} +15 B/m)
  const usage = await json<Record<string, unknown>>(['du', directory])
  expect(Object.keys(usage)).toEqual(['directory', 'files', 'bytes', 'kinds', 'cores', 'other', 'namespaces'])
  expect(usage.namespaces).toMatchObject([{ namespace: '0'.repeat(64), cores: 2 }])
})

test('du shows the largest cores, and all of them with --all', async () => {
  const directory = await storeWith((store) =>
    Promise.all(Array.from({ length: 25 }, (_, index) => store.get({ name: `core ${index}` }).append('x'))),
  )
  expect((await coreyard(['du', directory])).out).toContain('and 5 smaller ones (--all)')
  expect((await coreyard(['du', directory, '--all'])).out.match(/^core \d+ /gm)).toHaveLength(25)
})

test('show gives keys, signers, tree hash and a strip of what is here', async () => {
  const directory = await storeWith(async (store) => {
    const core = store.get({ name: 'chat' })
    await core.append(Array.from({ length: 10 }, () => 'block'))
    await core.clear(5, 10)
  })
  const { out, exitCode } = await coreyard(['show', directory, 'chat'])
  expect(exitCode).toBe(0)
  for (const field of ['key', 'discovery key', 'tree hash', 'signer', 'manifest'])
    expect(out).toContain(`\n${field}`)
  expect(out).toContain('here          5 of 10')
  expect(out).toContain('[█████░░░░░]')
  const shown = await json<Record<string, unknown>>(['show', directory, 'chat'])
  expect(shown).toMatchObject({
    name: 'chat',
    structure: null,
    treeHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    manifest: { version: 1, quorum: 1, signers: [expect.stringMatching(/^[0-9a-f]{64}$/)] },
    ranges: [[0, 5]],
    progress: { total: 10, have: 5 },
  })
})

test('show knows a Hyperbee and a Hyperdrive', async () => {
  const directory = await storeWith(async (store) => {
    await new Hyperbee(store.get({ name: 'bee' })).put('a', 'b')
    await new Hyperdrive(store.namespace('drive')).put('/a', Buffer.from('file'))
  })
  const structure = async (name: string) =>
    (await json<{ structure: string }>(['show', directory, name])).structure
  expect(await structure('bee')).toBe('Hyperbee')
  expect(await structure('db')).toBe('Hyperdrive')
})

test('a core is found by its name, its keys, z32 and how a key begins', async () => {
  const directory = await filled()
  const { cores } = await json<{ cores: Core[] }>(['ls', directory])
  const [chat] = cores
  const store = new Corestore(directory)
  const core = store.get(chat?.key ?? '')
  await core.ready()
  const { id } = core
  await store.close()
  for (const name of [chat?.key, chat?.discoveryKey, id, chat?.key.slice(0, 8)]) {
    expect(await json(['show', directory, name ?? ''])).toMatchObject({ name: 'chat' })
  }
})

test('show prints the key in hex and as a program prints core.id', async () => {
  const directory = await filled()
  const { cores } = await json<{ cores: (Core & { id: string })[] }>(['ls', directory])
  const { out } = await coreyard(['show', directory, 'chat'])
  expect(out).toContain(cores[0]?.key ?? 'no key')
  expect(out).toContain(cores[0]?.id ?? 'no id')
})

test('a core that is not stored gets a name that is like it, and how long the beginning of a key is', async () => {
  const directory = await filled()
  const like = await coreyard(['show', directory, 'cha'])
  expect([like.exitCode, like.err]).toEqual([4, expect.stringContaining('such as chat')])
  const short = await coreyard(['show', directory, 'ba1'])
  expect(short.err).toContain('The beginning of a key needs 6 characters')
})

test('a name of two namespaces needs the namespace', async () => {
  const directory = await storeWith(async (store) => {
    await store.get({ name: 'same' }).append('root')
    await store.namespace('app').get({ name: 'same' }).append('app')
  })
  const { exitCode, err } = await coreyard(['cat', directory, 'same'])
  expect([exitCode, err]).toEqual([2, expect.stringContaining('same is 2 cores here')])
  const { out } = await coreyard(['cat', directory, 'same', '--namespace', '0'.repeat(64)])
  expect(out).toBe('root\n')
})

test.each([
  [[], 'hello\nworld\nagain\n'],
  [['1'], 'world\n'],
  [['1..'], 'world\nagain\n'],
  [['..1'], 'hello\n'],
  [['0..2'], 'hello\nworld\n'],
  [['1', '--encoding', 'hex'], '776f726c64\n'],
  [['1', '--encoding', 'binary'], 'world'],
  [['1', '--json'], '{"index":1,"value":"world"}\n'],
])('cat %j writes %j', async (args, written) => {
  const { exitCode, out } = await coreyard(['cat', await filled(), 'chat', ...args])
  expect([exitCode, out]).toEqual([0, written])
})

test('cat writes JSON blocks as JSON, and refuses those that are none', async () => {
  const directory = await storeWith(async (store) => {
    await store.get({ name: 'json', valueEncoding: 'json' }).append({ a: 1 })
    await store.get({ name: 'text' }).append('no json')
  })
  expect((await coreyard(['cat', directory, 'json', '--encoding', 'json'])).out).toBe('{"a":1}\n')
  expect(await coreyard(['cat', directory, 'text', '--encoding', 'json'])).toMatchObject({ exitCode: 2 })
})

test('cat says what is built on a core, and which blocks are not here', async () => {
  const directory = await storeWith(async (store) => {
    const core = store.get({ name: 'bee' })
    await new Hyperbee(core).put('a', 'b')
    await core.clear(1)
  })
  const { exitCode, err } = await coreyard(['cat', directory, 'bee'])
  expect(exitCode).toBe(4)
  expect(err).toContain('The core is a Hyperbee')
  expect(err).toContain('1 of 2 blocks are not here: 1.')
})

test('JSON of cat and of errors has its control characters escaped', async () => {
  const value = 'a\u009b\u2028'
  const directory = await storeWith((store) => store.get({ name: 'a' }).append(JSON.stringify(value)))
  const escaped = 'a\\u009b\\u2028'
  expect((await coreyard(['cat', directory, 'a', '--encoding', 'json'])).out).toBe(`"${escaped}"\n`)
  const line = await coreyard(['cat', directory, 'a', '--encoding', 'json', '--json'])
  expect(line.out).toBe(`{"index":0,"value":"${escaped}"}\n`)
  expect((await coreyard(['ls', value, '--json'])).out).toContain(escaped)
})

test('cat shows control characters of a block on a terminal, and leaves them as they are elsewhere', async () => {
  const directory = await storeWith((store) => store.get({ name: 'a' }).append('\x1b[31mred'))
  expect((await coreyard(['cat', directory, 'a'], { answers: [] })).out).toBe('\x1b[31mred\n')
  expect((await coreyard(['cat', directory, 'a'], { isOutTerminal: true })).out).toBe('\\x1b[31mred\n')
})

test.each([
  ['x', 'none: give 5, 5..10, 5.. or ..10'],
  ['..', 'none'],
  ['2..1', 'ends before it begins'],
  ['0..4', 'the core has 3 blocks'],
])('the range %s is refused', async (range, message) => {
  const { exitCode, err } = await coreyard(['cat', await filled(), 'chat', range])
  expect([exitCode, err]).toEqual([2, expect.stringContaining(message)])
})

test('reading a store changes no byte of it', async () => {
  const directory = await filled({ engine: 'random-access' })

  const before = readFileSync(`${directory}/store.kv`)
  for (const args of [['ls'], ['du'], ['show', 'chat'], ['cat', 'chat'], ['check']]) {
    const [command = '', ...rest] = args
    expect((await coreyard([command, directory, ...rest])).exitCode).toBe(0)
  }
  expect(readFileSync(`${directory}/store.kv`).equals(before)).toBe(true)
})
