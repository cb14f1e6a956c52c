// `coreyard clone` that fails: it leaves nothing behind that holds no block, and keeps what was there before.

import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Corestore } from '@coreyard/corestore'
import b4a from 'b4a'
import { expect, onTestFinished, test, vi } from 'vitest'
import { withSwarm } from '../src/network.js'
import { readAddress } from '../src/network-options.js'
import { withNewStore } from '../src/new-store.js'
import { storedCores } from '../src/which-core.js'
import { coreyard, filled, json, newDirectory, storeWith } from './command.js'
import { keyOf, newNetwork } from './mirrors.js'

const KEY = 'ab'.repeat(32)

test('a clone for which no peer was found leaves no directory that it has made', async () => {
  const parent = newDirectory()
  const directory = join(parent, 'deep/down/copy')
  const { exitCode } = await coreyard(['clone', KEY, directory, '--timeout', '0.2', ...(await newNetwork())])
  expect(exitCode).toBe(4)
  expect(readdirSync(parent)).toEqual([])
})

test('a clone that is interrupted before a block has come leaves an empty directory as it was', async () => {
  const directory = newDirectory()
  const abort = new AbortController()
  const onErr = () => abort.abort()
  const args = ['clone', KEY, directory, ...(await newNetwork())]
  const { exitCode, out } = await coreyard(args, { signal: abort.signal, onErr })
  expect([exitCode, out]).toEqual([130, ''])
  expect(readdirSync(directory)).toEqual([])
})

test('a clone that fails leaves a store with the cores that it had', async () => {
  const directory = await filled()
  const before = await json(['ls', directory])
  await coreyard(['clone', KEY, directory, '--timeout', '0.2', ...(await newNetwork())])
  expect(await json(['ls', directory])).toEqual(before)
})

test('a clone that fails keeps what else came into its directory', async () => {
  const directory = join(newDirectory(), 'copy')
  const network = await newNetwork()
  const onErr = () => existsSync(directory) && writeFileSync(join(directory, 'notes'), 'mine')
  await coreyard(['clone', KEY, directory, '--timeout', '0.5', ...network], { onErr })
  expect(readdirSync(directory)).toEqual(['notes'])
})

test('a clone that is interrupted when a part has come keeps the part', async () => {
  const store = new Corestore(newDirectory(), { engine: 'random-access' })
  onTestFinished(() => store.close())
  const core = store.get({ name: 'chat' })
  await core.append(['here', 'gone', 'gone'])
  await core.clear(1, 3)
  const key = b4a.toString(core.key ?? expect.fail('It is open'), 'hex')
  const directory = join(newDirectory(), 'copy')
  const network = await newNetwork()
  const options = { bootstrap: network.slice(1).map(readAddress), signal: new AbortController().signal }
  await withSwarm(store, options, async (swarm) => {
    await swarm.join(core.discoveryKey ?? expect.fail('It is open'), { client: false }).flushed()
    const abort = new AbortController()
    const onErr = (text: string) => text.includes('1 of 3 blocks') && abort.abort()
    const { exitCode, err } = await coreyard(['clone', key, directory, ...network], {
      signal: abort.signal,
      answers: [],
      onErr,
    })
    expect([exitCode, err]).toEqual([130, expect.stringContaining('1 of 3 blocks')])
  })
  expect(await json(['ls', directory])).toMatchObject({ cores: [{ key, length: 3 }] })
})

test('a clone of a core that is empty at its peers says so', async () => {
  const network = await newNetwork()
  const directory = await storeWith((store) => store.get({ name: 'empty' }).ready())
  const { cores } = await json<{ cores: { key: string }[] }>(['ls', directory])
  const abort = new AbortController()
  const sharing = coreyard(['share', directory, ...network], { signal: abort.signal })
  const clone = () =>
    coreyard(['clone', cores[0]?.key ?? '', join(newDirectory(), 'copy'), '--timeout', '5', ...network])
  await expect.poll(async () => (await clone()).err).toContain('it is empty there')
  abort.abort()
  await sharing
})

test('a clone whose store cannot be closed says why', async () => {
  const network = await newNetwork()
  const directory = await filled()
  const key = await keyOf(directory, 'chat')
  const abort = new AbortController()
  const sharing = coreyard(['share', directory, ...network], { signal: abort.signal })
  const { close } = Corestore.prototype
  vi.spyOn(Corestore.prototype, 'close').mockImplementationOnce(async function (this: Corestore) {
    await close.call(this)
    throw new Error('The disk is gone')
  })
  const { exitCode, err } = await coreyard(['clone', key, join(newDirectory(), 'copy'), ...network])
  expect([exitCode, err]).toEqual([70, expect.stringContaining('error: The disk is gone\n')])
  abort.abort()
  await sharing
})

test('a mirror that fails before it has written its key leaves no directory', async () => {
  const parent = newDirectory()
  mkdirSync(join(parent, 'given'))
  for (const name of ['made', 'given']) {
    const abort = new AbortController()
    abort.abort()
    const args = ['mirror', join(parent, name), '--bootstrap', '127.0.0.1:1']
    expect((await coreyard(args, { signal: abort.signal })).exitCode).toBe(130)
  }
  expect(readdirSync(parent)).toEqual(['given'])
  expect(readdirSync(join(parent, 'given'))).toEqual([])
})

test('a mirror that fails after it has written its key keeps its directory', async () => {
  const directory = join(newDirectory(), 'mirror')
  const onErr = (text: string) => {
    if (text.startsWith('mirror ')) throw new Error('the terminal is gone')
  }
  const { exitCode, err } = await coreyard(['mirror', directory, ...(await newNetwork())], { onErr })
  expect([exitCode, err]).toEqual([70, expect.stringMatching(/^mirror [0-9a-f]{64}\n/)])
  expect(readdirSync(directory)).not.toEqual([])
})

test('a new store that fails keeps a closed core of which the first block is missing', async () => {
  const directory = join(newDirectory(), 'store')
  const failing = withNewStore(directory, { idleTimeout: 0 }, async (store) => {
    const core = store.get({ name: 'chat' })
    await core.append(['gone', 'here'])
    await core.clear(0)
    await core.close()
    await expect.poll(async () => (await storedCores(store))[0]?.state).toBe('stored')
    throw new Error('too late')
  })
  await expect(failing).rejects.toThrow('too late')
  expect(await json(['ls', directory])).toMatchObject({ cores: [{ name: 'chat', length: 2 }] })
})
