// The commands that compare, copy and change stores: check, diff, backup, restore, convert, rm, clear, compact.

import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Corestore } from '@coreyard/corestore'
import { expect, test } from 'vitest'
import { coreyard, filled, json, newDirectory, storeWith } from './command.js'

test('check says that all is well', async () => {
  const directory = await filled()
  expect(await coreyard(['check', directory])).toMatchObject({ exitCode: 0, out: '2 cores, all well\n' })
  expect(await json(['check', directory])).toEqual({ directory, cores: 2, complete: true, damaged: [] })
})

test('check names a core with a block that does not fit its tree', async () => {
  const directory = await storeWith(async (store) => {
    const core = store.get({ name: 'chat' })
    await core.append(['hello', 'world'])
    const writes = core.core?.storage?.write()
    writes?.putBlock(1, Buffer.from('wrong'))
    await writes?.flush()
  })
  const { exitCode, out } = await coreyard(['check', directory])
  expect([exitCode, out]).toEqual([1, expect.stringContaining('1 of 1 core is damaged')])
  const { out: asJson } = await coreyard(['check', directory, '--json'])
  expect(JSON.parse(asJson)).toMatchObject({
    cores: 1,
    damaged: [{ what: expect.stringContaining('1 blocks') }],
  })
})

test('a directory that was copied is refused by what changes stores, with the command that helps', async () => {
  const copy = join(newDirectory(), 'copy')
  const original = await storeWith(
    async (store) => {
      await store.get({ name: 'chat' }).append('hello')
    },
    { engine: 'rocksdb' },
  )
  cpSync(original, copy, { recursive: true })
  const commands = [
    ['convert', copy, join(newDirectory(), 'converted')],
    ['compact', copy, '--yes'],
    ['rm', copy, 'chat', '--yes', '--writable'],
    ['clear', copy, 'chat', '0..1', '--yes', '--writable'],
  ]
  for (const command of commands) {
    const { exitCode, err } = await coreyard(command)
    expect([exitCode, err]).toEqual([3, expect.stringContaining(`coreyard backup ${copy} `)])
    expect(err).not.toContain('allowBackup')
  }
  expect(await coreyard(['backup', copy, join(newDirectory(), 'backup')])).toMatchObject({ exitCode: 0 })
})

test('diff finds the same, what is missing, what is ahead and what differs', async () => {
  const primaryKey = Buffer.alloc(32, 1)
  const make = (blocks: { [name: string]: string[] }) =>
    storeWith(
      async (store) => {
        for (const [name, values] of Object.entries(blocks)) await store.get({ name }).append(values)
      },
      { engine: 'random-access', primaryKey },
    )
  const one = await make({ same: ['a'], ahead: ['a', 'b'], forked: ['a', 'x'], first: ['a'] })
  const other = await make({ same: ['a'], ahead: ['a'], forked: ['a', 'y'], second: ['a'] })
  const { exitCode, out } = await coreyard(['diff', one, other, '--json'])
  expect(exitCode).toBe(1)
  const { cores, differences } = JSON.parse(out)
  expect(cores).toBe(5)
  expect(
    differences
      .map(({ name, relation, lengths }: { name: string; relation: string; lengths: unknown }) => [
        name,
        relation,
        lengths,
      ])
      .sort(),
  ).toEqual([
    ['ahead', 'ahead', [2, 1]],
    ['first', 'only in first', [1, null]],
    ['forked', 'differs', [2, 2]],
    ['second', 'only in second', [null, 1]],
  ])
  expect((await coreyard(['diff', one, other])).out).toContain('4 of 5 cores differ')
})

test('a backup and what is restored of it are the same as the store', async () => {
  const directory = await filled()
  const [backup, restored] = [join(newDirectory(), 'backup'), join(newDirectory(), 'restored')]
  const copied = await json<Record<string, unknown>>(['backup', directory, backup])
  expect(copied).toEqual({
    destination: backup,
    entries: expect.any(Number),
    bytes: expect.any(Number),
    cores: 2,
    written: expect.any(Number),
  })
  expect((await coreyard(['restore', backup, restored])).out).toContain('2 cores, ')
  for (const copy of [backup, restored]) {
    expect(await coreyard(['diff', directory, copy])).toMatchObject({
      exitCode: 0,
      out: '2 cores, the same in both\n',
    })
  }
})

test('convert makes a store of the other engine', async () => {
  const directory = await filled()
  const destination = join(newDirectory(), 'rocks')
  expect((await coreyard(['convert', directory, destination, '--engine', 'rocksdb'])).exitCode).toBe(0)
  expect((await coreyard(['diff', directory, destination])).exitCode).toBe(0)
})

test('a destination that holds something is refused', async () => {
  const [directory, other] = [await filled(), await filled()]
  const { exitCode, err } = await coreyard(['backup', directory, other])
  expect([exitCode, err]).toEqual([3, expect.stringContaining(other)])
  expect((await coreyard(['convert', directory, directory])).exitCode).toBe(2)
})

test('rm says first what it would remove, and needs --yes, and --writable for a writable core', async () => {
  const directory = await filled()
  const dry = await coreyard(['rm', directory, 'chat'])
  expect(dry).toMatchObject({
    exitCode: 5,
    out: expect.stringMatching(/^would remove chat .* 3 blocks, 15 B, writable\n$/),
  })
  const half = await coreyard(['rm', directory, 'chat', '--yes'])
  expect([half.exitCode, half.err]).toEqual([5, expect.stringContaining('give --writable, too')])
  expect(await names(directory)).toEqual(['chat', 'other'])
  expect(await json(['rm', directory, 'chat', '--yes', '--writable'])).toEqual({
    directory,
    removed: [expect.stringMatching(/^[0-9a-f]{64}$/)],
  })
  expect(await names(directory)).toEqual(['other'])
})

test('rm asks on a terminal', async () => {
  const directory = await filled()
  const refused = await coreyard(['rm', directory, 'chat'], { answers: ['y'] })
  expect([refused.exitCode, refused.err]).toEqual([
    5,
    expect.stringContaining('Remove 1 core, with their secret keys? Type yes: '),
  ])
  expect((await coreyard(['rm', directory, 'chat'], { answers: ['yes'] })).exitCode).toBe(0)
  expect(await names(directory)).toEqual(['other'])
})

test('rm removes nothing if one of the cores is not there', async () => {
  const directory = await filled()
  expect((await coreyard(['rm', directory, 'chat', 'nobody', '--yes', '--writable'])).exitCode).toBe(4)
  expect(await names(directory)).toEqual(['chat', 'other'])
})

test('rm removes a copy with --yes alone', async () => {
  const directory = await storeWith((store) => store.get({ key: Buffer.alloc(32, 1) }).ready())
  expect((await coreyard(['rm', directory, '01'.repeat(32), '--yes'])).exitCode).toBe(0)
  expect(await names(directory)).toEqual([])
})

test('clear frees blocks and keeps the core', async () => {
  const directory = await filled()
  expect((await coreyard(['clear', directory, 'chat', '1..'])).exitCode).toBe(5)
  const cleared = await json(['clear', directory, 'chat', '1..', '--yes', '--writable'])
  expect(cleared).toEqual({ directory, discoveryKey: expect.any(String), start: 1, end: 3 })
  expect(await json(['show', directory, 'chat'])).toMatchObject({ length: 3, ranges: [[0, 1]] })
})

test('compact says how large the store is, and makes it smaller with --yes', async () => {
  const directory = await storeWith(async (store) => {
    const core = store.get({ name: 'a' })
    await core.append(Array.from({ length: 200 }, () => Buffer.alloc(10_000)))
    await core.clear(0, 200)
  })
  expect(await json(['compact', directory])).toEqual({ directory, before: expect.any(Number), after: null })
  const { before, after } = await json<{ before: number; after: number }>(['compact', directory, '--yes'])
  expect(after).toBeLessThanOrEqual(before)
  expect((await coreyard(['compact', directory])).out).toMatch(/ in files: compact them with --yes\n$/)
})

test('an interrupted copy exits with 130', async () => {
  const abort = new AbortController()
  abort.abort()
  const { exitCode } = await coreyard(['backup', await filled(), join(newDirectory(), 'b')], {
    signal: abort.signal,
  })
  expect(exitCode).toBe(130)
})

test('a store whose file is damaged says so', async () => {
  const directory = await filled()
  const file = join(directory, 'store.kv')
  const bytes = readFileSync(file)
  writeFileSync(file, bytes.fill(0xff, 0, 8192))
  const { exitCode, err } = await coreyard(['ls', directory])
  expect([exitCode, err]).toEqual([3, expect.stringContaining(directory)])
})

test.each([
  ['ls', (directory: string) => ['ls', directory]],
  ['clone', (directory: string) => ['clone', 'ab'.repeat(32), directory]],
])('%s of an unfinished copy says which commands continue it', async (_, argumentsFor) => {
  const destination = newDirectory()
  await storeWith(async (store) => {
    await store.get({ name: 'a' }).append(['one', 'two', 'three'])
    const abort = new AbortController()
    const options = { signal: abort.signal, onProgress: () => abort.abort(), batchSize: 1 }
    await expect(store.backup(destination, options)).rejects.toThrow()
  })
  const { exitCode, err } = await coreyard(argumentsFor(destination))
  const advice = 'run the `backup`, `restore` or `convert` again that began it, or remove the directory'
  expect([exitCode, err]).toEqual([3, `error: ${destination} holds an unfinished copy: ${advice}\n`])
})

async function names(directory: string): Promise<string[]> {
  const store = new Corestore(directory)
  const found: string[] = []
  for await (const { name } of store.stored()) if (typeof name === 'string') found.push(name)
  await store.close()
  return found.sort()
}
