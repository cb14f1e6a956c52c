// `coreyard mirror`: what it keeps, for whom, how much, and what it refuses.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Corestore } from '@coreyard/corestore'
import { expect, onTestFinished, test } from 'vitest'
import { coreyard, filled, json, newDirectory, storeWith } from './command.js'
import { keyOf, metricsOf, newNetwork, runMirror } from './mirrors.js'

const KEY = 'ab'.repeat(32)

test('a mirror that is interrupted says what it keeps, and has the same key when it runs again', async () => {
  const network = await newNetwork()
  const first = await runMirror(['--json', ...network])
  const directory = await filled()
  await coreyard(['place', directory, '--mirrors', first.key, '--copies', '1', ...network])
  const { exitCode, out } = await first.stop()
  expect(exitCode).toBe(130)
  expect(JSON.parse(out)).toEqual({ directory: first.directory, publicKey: first.key, cores: 2, bytes: 20 })
  const again = await runMirror(network, first.directory)
  expect(again.key).toBe(first.key)
})

test('a mirror that was restarted serves what it kept', async () => {
  const network = await newNetwork()
  const first = await runMirror(network)
  const directory = await filled()
  const key = await keyOf(directory, 'chat')
  await coreyard(['place', directory, 'chat', '--mirrors', first.key, '--copies', '1', ...network])
  await first.stop()
  const again = await runMirror(network, first.directory)
  const copy = join(newDirectory(), 'copy')
  expect((await coreyard(['clone', key, copy, '--mirrors', again.key, ...network])).exitCode).toBe(0)
  expect((await coreyard(['cat', copy, key])).out).toBe('hello\nworld\nagain\n')
})

test('a core of a trusted peer is announced, so that readers find it without naming the mirror', async () => {
  const network = await newNetwork()
  const directory = await filled()
  const { err } = await coreyard([
    'place',
    directory,
    '--mirrors',
    KEY,
    '--copies',
    '1',
    '--timeout',
    '0.1',
    ...network,
  ])
  const [, writer = ''] = /^placing as ([0-9a-f]{64})$/m.exec(err) ?? []
  const mirror = await runMirror(['--trusted-peers', writer, ...network])
  await coreyard(['place', directory, 'chat', '--mirrors', mirror.key, '--copies', '1', ...network])
  const key = await keyOf(directory, 'chat')
  const copy = join(newDirectory(), 'copy')
  expect(await coreyard(['clone', key, copy, ...network])).toMatchObject({ exitCode: 0 })
  const covered = await json<{ cores: { copies: number }[] }>([
    'coverage',
    key,
    '--timeout',
    '60',
    ...network,
  ])
  expect(covered.cores).toMatchObject([{ copies: 1 }])
})

test('a mirror for trusted peers alone keeps nothing for others', async () => {
  const network = await newNetwork()
  const mirror = await runMirror(['--only-trusted', '--trusted-peers', KEY, '--json', ...network])
  const placed = await coreyard([
    'place',
    await filled(),
    '--mirrors',
    mirror.key,
    '--copies',
    '1',
    ...network,
  ])
  expect([placed.exitCode, placed.err]).toEqual([
    1,
    expect.stringContaining(`mirror ${mirror.key} closes the connection when it is asked`),
  ])
  expect(JSON.parse((await mirror.stop()).out)).toMatchObject({ cores: 0 })
})

test('a mirror keeps no more cores than --max-bytes has space for', async () => {
  const network = await newNetwork()
  const mirror = await runMirror(['--max-bytes', '16KiB', '--json', ...network])
  const directory = await storeWith(async (store) => {
    for (const name of ['a', 'b', 'c', 'd']) await store.get({ name }).append(name)
  })
  const placed = await coreyard(['place', directory, '--mirrors', mirror.key, '--copies', '1', ...network])
  expect([placed.exitCode, placed.err]).toEqual([1, expect.stringContaining('it is full')])
  const { out, err } = await mirror.stop()
  expect(JSON.parse(out).cores).toBeLessThanOrEqual(2)
  expect(err).toContain('refused: the mirror keeps as many cores as --max-bytes has space for')
})

test('a mirror refuses a core that is larger than --max-bytes, and keeps the others', async () => {
  const network = await newNetwork()
  const mirror = await runMirror(['--max-bytes', '100kB', '--json', ...network])
  const directory = await storeWith(async (store) => {
    await store.get({ name: 'small' }).append('small')
    await store.get({ name: 'huge' }).append(Array.from({ length: 40 }, () => Buffer.alloc(10_000)))
  })
  const place = (name: string) =>
    coreyard(['place', directory, name, '--mirrors', mirror.key, '--copies', '1', ...network])
  expect((await place('small')).exitCode).toBe(0)
  expect((await place('huge')).exitCode).toBe(1)
  const covered = await json<{ cores: { copies: number }[] }>([
    'coverage',
    '--timeout',
    '60',
    await keyOf(directory, 'small'),
    '--mirrors',
    mirror.key,
    ...network,
  ])
  expect(covered.cores).toMatchObject([{ copies: 1 }])
  const { out, err } = await mirror.stop()
  // Asked for once more while it is removed, the core has a record again, of which nothing comes.
  expect(JSON.parse(out)).toMatchObject({ cores: expect.toSatisfy((cores) => cores <= 2), bytes: 5 })
  expect(err).toContain(`refused ${await keyOf(directory, 'huge')}: the core is larger than --max-bytes`)
})

test('a mirror that has more than --max-bytes clears the core that was not used for the longest time, and none of a trusted peer', async () => {
  const network = await newNetwork()
  const core = (name: string) =>
    storeWith((store) => store.get({ name }).append([Buffer.alloc(30_000, name), Buffer.alloc(30_000)]))
  const [trusted, old, recent] = await Promise.all([core('trusted'), core('old'), core('recent')])
  const store = new Corestore(trusted, { readOnly: true })
  const { publicKey } = await store.createKeyPair('@coreyard/place')
  await store.close()
  const mirror = await runMirror([
    '--max-bytes',
    '130kB',
    '--trusted-peers',
    Buffer.from(publicKey).toString('hex'),
    ...network,
  ])
  for (const directory of [trusted, old, recent]) {
    const args = ['place', directory, '--mirrors', mirror.key, '--copies', '1', ...network]
    expect((await coreyard(args)).exitCode).toBe(0)
  }
  const copies = async (directory: string) => {
    const args = ['coverage', directory, '--mirrors', mirror.key, '--timeout', '60', '--json', ...network]
    return JSON.parse((await coreyard(args)).out).cores[0].copies
  }
  await expect.poll(() => copies(old)).toBe(0)
  expect([await copies(trusted), await copies(recent)]).toEqual([1, 1])
})

test('a mirror serves metrics of its store and of blind-peer', async () => {
  const mirror = await runMirror(['--metrics', '0', ...(await newNetwork())])
  const text = await metricsOf(mirror)
  expect(text).toContain('coreyard_cores')
  expect(text).toContain('blind_peer_cores 0')
  expect(text.match(/# EOF/g)).toHaveLength(1)
})

test('a mirror refuses a file, a directory of something else, and a store with cores that were not placed there', async () => {
  const directory = newDirectory()
  writeFileSync(join(directory, 'file'), 'text')
  mkdirSync(join(directory, 'old/cores'), { recursive: true })
  const mirror = (at: string) => coreyard(['mirror', at, '--bootstrap', '127.0.0.1:1'])
  expect(await mirror(join(directory, 'file'))).toMatchObject({
    exitCode: 3,
    err: expect.stringContaining('is a file'),
  })
  expect(await mirror(directory)).toMatchObject({
    exitCode: 3,
    err: expect.stringContaining('holds no store'),
  })
  expect(await mirror(join(directory, 'old'))).toMatchObject({
    exitCode: 3,
    err: expect.stringContaining('coreyard convert'),
  })
  const store = await filled()
  expect(await mirror(store)).toMatchObject({
    exitCode: 3,
    err: expect.stringContaining('give it a directory of its own'),
  })
  expect(existsSync(join(store, 'mirror'))).toBe(false)
})

test('a mirror refuses a directory that is in use', async () => {
  const directory = newDirectory()
  const store = new Corestore(directory)
  onTestFinished(() => store.close())
  await store.ready()
  const { exitCode, err } = await coreyard(['mirror', directory, '--bootstrap', '127.0.0.1:1'])
  expect([exitCode, err]).toEqual([3, expect.stringContaining('is open in another process')])
})

test.each([
  [['--max-bytes', '0'], '--max-bytes must be a size above 0, as 10GB, 500MB or 1.5TiB, not 0'],
  [['--max-bytes', 'much'], 'not much'],
  [['--max-bytes', '-1GB'], 'not -1GB'],
  [['--max-bytes', '10XB'], 'not 10XB'],
  [['--max-bytes', '99999PB'], 'not 99999PB'],
  [['--trusted-peers', 'x'], '--trusted-peers must be 64 characters of hex or 52 of z32, not x'],
  [['--only-trusted'], '--only-trusted needs --trusted-peers'],
  [['--metrics', 'x'], '--metrics must be a port'],
  [['--bootstrap', 'x'], '--bootstrap must be host:port'],
])('mirror refuses the arguments %j, and makes no directory', async (args, message) => {
  const directory = join(newDirectory(), 'mirror')
  const { exitCode, err } = await coreyard(['mirror', directory, ...args])
  expect([exitCode, err]).toEqual([2, expect.stringContaining(message)])
  expect(existsSync(directory)).toBe(false)
})
