// `coreyard top`, and what other commands show while they work.

import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { PassThrough, Writable } from 'node:stream'
import { Corestore } from '@coreyard/corestore'
import { serveInspector } from '@coreyard/inspector/socket'
import createTestnet from '@hyperswarm/testnet'
import { expect, onTestFinished, test } from 'vitest'
import { coreyard, filled, json, newDirectory } from './command.js'
import { shownBy, whileServed } from './window-client.js'

test('top shows a directory in a terminal, until q', async () => {
  const terminal = newTerminal()
  const running = coreyard(['top', await filled()], { screen: terminal.screen })
  await terminal.until('chat')
  terminal.press('q')
  expect(await running).toMatchObject({ exitCode: 0, err: '' })
})

test('top exits with 130 after Ctrl-C', async () => {
  const terminal = newTerminal()
  const running = coreyard(['top', await filled()], { screen: terminal.screen })
  await terminal.until('other')
  terminal.press('\x03')
  expect((await running).exitCode).toBe(130)
})

test('without a terminal, top and --top are refused, with what a program takes', async () => {
  const directory = await filled()
  for (const args of [
    ['top', directory],
    ['share', directory, '--top'],
  ]) {
    const { exitCode, err } = await coreyard(args)
    expect([exitCode, err]).toEqual([2, expect.stringContaining('ls --json')])
  }
})

test('top --json is one value, of what is on disk', async () => {
  const directory = await filled()
  expect(await json(['top', directory])).toMatchObject({
    directory,
    state: 'disk',
    store: { engine: 'random-access', readOnly: true },
    cores: [
      { name: expect.any(String), key: expect.any(String), rates: { up: 0, down: 0 }, progress: { want: 0 } },
      {},
    ],
    peers: [],
  })
})

test('top --json has the cores that are open and those that are stored, the busiest first', async () => {
  const directory = await filled()
  const store = new Corestore(directory, { engine: 'random-access' })
  onTestFinished(() => store.close())
  await store.get({ name: 'third' }).append('x')
  await serveInspector(store)
  const { state, cores } = await json<{ state: string; cores: { name: string }[] }>(['top', directory])
  expect([state, cores.map(({ name }) => name).sort()]).toEqual(['live', ['chat', 'other', 'third']])
})

test('share --window serves a page that shows what it shares', async () => {
  const { network, end } = await newNetwork()
  const directory = await filled()
  const { err } = await whileServed(['share', directory, '--window', ...network], async (address) => {
    const shown = await shownBy(address, ({ rows }) => rows.length === 2)
    expect(shown.names()).toEqual(['chat', 'other'])
    expect(shown.status.state).toBe('live')
  })
  expect(err).toContain('window at http://127.0.0.1:')
  await end()
})

test('share --top shares while it shows the store, and q ends it', async () => {
  const { network, end } = await newNetwork()
  const directory = await filled()
  const { cores } = await json<{ cores: { name: string; key: string }[] }>(['ls', directory])
  const terminal = newTerminal()
  const running = coreyard(['share', directory, 'chat', '--top', ...network], { screen: terminal.screen })
  await terminal.until('chat')
  const key = cores.find(({ name }) => name === 'chat')?.key ?? ''
  const cloned = await coreyard(['clone', key, newDirectory(), ...network])
  expect(cloned).toMatchObject({ exitCode: 0, out: expect.stringContaining('3 blocks') })
  terminal.press('q')
  expect((await running).exitCode).toBe(0)
  expect(terminal.written()).toMatch(/1049l$/)
  await end()
})

test('clone --top ends by itself, and gives the terminal back before it says what came', async () => {
  const { network, end } = await newNetwork()
  const directory = await filled()
  const { cores } = await json<{ cores: { name: string; key: string }[] }>(['ls', directory])
  const key = cores.find(({ name }) => name === 'chat')?.key ?? ''
  const abort = new AbortController()
  const sharing = coreyard(['share', directory, ...network], { signal: abort.signal })
  const terminal = newTerminal()
  let writtenBefore = ''
  const cloned = await coreyard(['clone', key, newDirectory(), '--top', ...network], {
    screen: terminal.screen,
    onOut: () => {
      writtenBefore = terminal.written()
    },
  })
  expect(cloned).toMatchObject({ exitCode: 0, out: expect.stringContaining('3 blocks') })
  expect(writtenBefore).toMatch(/1049l$/)
  abort.abort()
  await sharing
  await end()
})

test.each(['share', 'mirror'])(
  'q ends %s --top while it waits for a network that does not answer',
  async (command) => {
    const node = createSocket('udp4').bind(0, '127.0.0.1')
    onTestFinished(() => void node.close())
    const terminal = newTerminal()
    node.once('message', () => terminal.press('q'))
    await once(node, 'listening')
    const directory = command === 'share' ? await filled() : newDirectory()
    const args = [command, directory, '--top', '--bootstrap', `127.0.0.1:${node.address().port}`]
    const { exitCode, err } = await coreyard(args, { screen: terminal.screen })
    expect([exitCode, err]).toEqual([130, 'error: The command was ended before it had joined the network\n'])
  },
)

test.each(['share', 'clone', 'mirror'])('%s refuses a port of --window that is none', async (command) => {
  const first = command === 'clone' ? ['ab'.repeat(32), newDirectory()] : [newDirectory()]
  const { exitCode, err } = await coreyard([command, ...first, '--window', 'x'])
  expect([exitCode, err]).toEqual([2, expect.stringContaining('--window must be a port')])
})

/** A terminal of 100 columns that keeps what is written to it. */
function newTerminal() {
  let written = ''
  let onWrite = () => {}
  const input = new PassThrough()
  const output = new Writable({
    decodeStrings: false,
    write: (text: string, _encoding, done) => {
      written += text
      onWrite()
      done()
    },
  })
  return {
    screen: { input, output: Object.assign(output, { columns: 100, rows: 30 }) },
    press: (keys: string) => void input.write(keys),
    written: () => written,
    async until(text: string): Promise<void> {
      while (!written.includes(text)) {
        await new Promise<void>((resolve) => {
          onWrite = resolve
        })
      }
    },
  }
}

async function newNetwork() {
  const testnet = await createTestnet(3)
  const network = ['--bootstrap', ...testnet.bootstrap.map(({ host, port }) => `${host}:${port}`)]
  return { network, end: () => testnet.destroy() }
}
