// `coreyard window`: what it shows of a directory that no process has open, and of one that a process has open.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { Corestore } from '@coreyard/corestore'
import { serveInspector } from '@coreyard/inspector/socket'
import { expect, onTestFinished, test } from 'vitest'
import { coreyard, filled, newDirectory, storeWith } from './command.js'
import { shownBy, whileServed } from './window-client.js'

test('a directory that no process has open is shown as it is on disk, and is not kept locked', async () => {
  const directory = await filled()
  await whileServed(['window', directory], async (address) => {
    const board = await shownBy(address, ({ status }) => status.state === 'disk' && !status.listing)
    expect(board.names()).toEqual(['chat', 'other'])
    expect(board.status.note).toContain('inspector: true')
    // The app can start.
    const store = new Corestore(directory, { engine: 'random-access' })
    await store.ready()
    await store.close()
  })
})

test('a store that a process opens later with an inspector is shown live', async () => {
  const directory = await filled()
  await whileServed(['window', directory], async (address) => {
    await shownBy(address, ({ status }) => status.state === 'disk' && !status.listing)
    const store = new Corestore(directory, { engine: 'random-access', inspector: true })
    onTestFinished(() => store.close())
    await store.get({ name: 'chat' }).append('more')
    await shownBy(
      address,
      ({ status, rows }) => status.state === 'live' && rows.some(({ length }) => length === 4),
    )
  })
})

test.each(['random-access', 'rocksdb'] as const)(
  'a %s store that is open is shown live, and the page waits when it closes and goes on when it opens',
  async (engine) => {
    const directory = newDirectory()
    const open = async () => {
      const store = new Corestore(directory, { engine })
      onTestFinished(() => store.close())
      await serveInspector(store)
      return store
    }
    const store = await open()
    await store.get({ name: 'chat' }).append('hello')
    await whileServed(['window', directory], async (address) => {
      await shownBy(address, ({ status, rows }) => status.state === 'live' && rows.length === 1)
      await store.close()
      const waiting = await shownBy(address, ({ status }) => status.state === 'waiting')
      expect(waiting.names()).toEqual(['chat'])
      await (await open()).get({ name: 'second' }).append('hello')
      await shownBy(address, ({ status, rows }) => status.state === 'live' && rows.length === 2)
    })
  },
)

test('a process that is killed leaves a page that waits, and no error', async () => {
  const directory = await filled()
  const owner = await startOwner(directory)
  await whileServed(['window', directory], async (address) => {
    await shownBy(address, ({ status }) => status.state === 'live')
    owner.kill('SIGKILL')
    await shownBy(address, ({ status }) => status.state === 'waiting')
    await startOwner(directory)
    await shownBy(address, ({ status }) => status.state === 'live')
  })
})

test('a store that is open and does not let others look is refused', async () => {
  const directory = newDirectory()
  const store = new Corestore(directory, { engine: 'random-access' })
  onTestFinished(() => store.close())
  await store.ready()
  const { exitCode, err } = await coreyard(['window', directory])
  expect([exitCode, err]).toEqual([3, expect.stringContaining('is open in')])
})

test('a port that is taken is refused, and says which', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void taken.close())
  await once(taken, 'listening')
  const address = taken.address()
  const port = typeof address === 'object' && address !== null ? String(address.port) : ''
  const { exitCode, err } = await coreyard(['window', await filled(), '--port', port])
  expect([exitCode, err]).toEqual([70, expect.stringContaining(`127.0.0.1:${port}`)])
})

test('with --json the address is one JSON value', async () => {
  const directory = await storeWith((store) => store.ready())
  const result = await whileServed(['window', directory, '--json'], async () => {})
  expect(JSON.parse(result.out)).toEqual({
    directory,
    address: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}\/$/),
  })
  expect(result.exitCode).toBe(130)
})

/** Another process that has the store open, and lets others look. */
async function startOwner(directory: string): Promise<ChildProcess> {
  const program = `
    const { Corestore } = await import(${JSON.stringify(import.meta.resolve('@coreyard/corestore'))})
    const { serveInspector } = await import(${JSON.stringify(import.meta.resolve('@coreyard/inspector/socket'))})
    const store = new Corestore(${JSON.stringify(directory)})
    await serveInspector(store)
    console.log('open')
    setInterval(() => {}, 1000)`
  const owner = spawn(process.execPath, ['--input-type=module', '-e', program])
  onTestFinished(() => void owner.kill('SIGKILL'))
  await once(owner.stdout, 'data')
  return owner
}
