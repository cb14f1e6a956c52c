// A store that another process has open, and lets others look into.

import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Corestore } from '@coreyard/corestore'
import { serveInspector } from '@coreyard/inspector/socket'
import { expect, onTestFinished, test } from 'vitest'
import { coreyard, json, newDirectory } from './command.js'

test('ls lists the cores of a store that is open, and why explains what it does', async () => {
  const directory = newDirectory()
  const store = new Corestore(directory, { engine: 'random-access' })
  onTestFinished(() => store.close())
  const core = store.get({ name: 'chat' })
  await core.append('hello')
  expect((await coreyard(['ls', directory])).exitCode).toBe(3)

  await serveInspector(store)
  expect(await json(['ls', directory])).toMatchObject({ cores: [{ name: 'chat', length: 1 }] })
  const { exitCode, out } = await coreyard(['why', directory, Buffer.from(core.key ?? []).toString('hex')])
  expect([exitCode, out]).toEqual([1, expect.stringContaining('NO_CONNECTION')])
  expect(out).toContain('The core is open. OPEN')
  expect(await coreyard(['why', directory, 'chat'])).toEqual({ exitCode, out, err: '' })
  expect((await coreyard(['why', directory, 'nobody'])).exitCode).toBe(4)
})

test('what changes a store that is open is refused, whether others may look into it or not', async () => {
  const directory = newDirectory()
  const store = new Corestore(directory, { engine: 'random-access' })
  onTestFinished(() => store.close())
  await store.get({ name: 'chat' }).append('hello')
  await serveInspector(store)
  for (const args of [
    ['rm', directory, 'chat', '--yes', '--writable'],
    ['compact', directory, '--yes'],
  ]) {
    const { exitCode, err } = await coreyard(args)
    expect([exitCode, err]).toEqual([3, expect.stringContaining('is open in')])
  }
})

test('show says of a store that is open what can be known without its records', async () => {
  const directory = newDirectory()
  const store = new Corestore(directory, { engine: 'random-access' })
  onTestFinished(() => store.close())
  await store.get({ name: 'chat' }).append(['hello', 'world'])
  await serveInspector(store)
  const { exitCode, out } = await coreyard(['show', directory, 'chat'])
  expect([exitCode, out]).toEqual([0, expect.stringMatching(/^name +chat$/m)])
  expect(out).toMatch(/^blocks +2, 10 B$/m)
  expect(out).toMatch(/^structure +-$/m)
  expect(out).toContain('[██]')
  expect(await json(['show', directory, 'chat'])).toMatchObject({
    length: 2,
    structure: null,
    treeHash: null,
  })
  expect((await coreyard(['show', directory, 'nobody'])).exitCode).toBe(4)
})

test.each([['ls'], ['show', 'chat'], ['why', 'a'.repeat(64)], ['why', 'chat'], ['top'], ['window']])(
  '%s of a store whose process hangs ends when it is interrupted',
  async (command, ...more) => {
    const directory = newDirectory()
    const store = new Corestore(directory, { engine: 'random-access' })
    onTestFinished(() => store.close())
    await store.ready()
    const hanging = createServer()
    onTestFinished(() => void hanging.close())
    await once(hanging.listen(join(directory, 'inspector.sock')), 'listening')
    const interrupted = new AbortController()
    hanging.once('connection', () => interrupted.abort())
    const { exitCode } = await coreyard([command, directory, ...more], { signal: interrupted.signal })
    expect(exitCode).toBe(130)
  },
)

test.each([['du'], ['cat', 'chat'], ['check'], ['backup', 'copy']])(
  'of a store that is open, %s says that it must be closed, and what can look into it',
  async (command, ...more) => {
    const directory = newDirectory()
    const store = new Corestore(directory, { engine: 'random-access' })
    onTestFinished(() => store.close())
    await store.get({ name: 'chat' }).append('hello')
    await serveInspector(store)
    const args = more.map((each) => (each === 'copy' ? `${directory}-copy` : each))
    const { exitCode, err } = await coreyard([command, directory, ...args])
    expect([exitCode, err]).toEqual([3, expect.stringContaining('is open in')])
    expect(err).toContain('ls, show, why, top and window')
  },
)
