// The window in a terminal, as an emulator shows it.

import { inspect } from '@coreyard/inspector'
import { type Source, storeSource } from '@coreyard/window'
import stringWidth from 'string-width'
import { expect, onTestFinished, test } from 'vitest'
import { showTop, type TopOptions } from '../src/terminal.js'
import { Emulator } from './emulator.js'
import { connect, fill, openStore, write } from './stores.js'

const [UP, DOWN, END, ESCAPE, ENTER] = ['\x1b[A', '\x1b[B', '\x1b[F', '\x1b', '\r']

test('cores, peers, rates and events are shown while blocks arrive', async () => {
  const [store, other] = [openStore(), openStore()]
  const there = await write(other, 'from afar', 40)
  const here = store.get({ key: there.key ?? undefined })
  await here.ready()
  const { terminal } = show(store)
  await terminal.until((text) => text.includes('CORES 1 by activity') && text.includes('PEERS 0'))
  connect(store, other)
  for (let index = 0; index < 20; index++) await here.get(index)
  await terminal.until((text) => text.includes('20/40 50%') && text.includes('PEERS 1'))
  expect(terminal.text).toMatch(/█[▓▒]?░/)
  for (let index = 20; index < 40; index++) await here.get(index)
  await terminal.until((text) => text.includes('is complete') && text.includes('joined'))
  expect(terminal.text).toMatch(/█ +40 /)
})

test('keys choose, explain, go back, filter, sort and leave', async () => {
  const store = openStore()
  await fill(store, 300)
  const { terminal, ended } = show(store)
  await terminal.until((text) => text.includes('CORES 300 by activity'))
  terminal.press('s')
  await terminal.until((text) => text.includes('by name') && text.includes('core 0 '))
  terminal.press(DOWN + DOWN + UP)
  await terminal.until((text) => text.includes('> core 0 '))
  terminal.press(END)
  await terminal.until((text) => text.includes('> core 99 '))
  terminal.press(ENTER)
  await terminal.until(
    (text) => text.includes('NO  The store has no connection.') && text.includes('Join the discovery key'),
  )
  terminal.press(ESCAPE)
  await terminal.until((text) => text.includes('> core 99 '))
  terminal.press('/')
  terminal.press('core 29')
  await terminal.until((text) => text.includes('CORES 11 of 300') && text.includes('filter: core 29_'))
  terminal.press(ENTER)
  await terminal.until((text) => text.includes('/ core 29 (Esc clears)'))
  terminal.press(ESCAPE)
  await terminal.until((text) => text.includes('CORES 300 by name'))
  terminal.press('q')
  expect(await ended).toBe(false)
})

test('Tab goes to the peers, and Enter shows one with its cores', async () => {
  const [store, other] = [openStore(), openStore()]
  const core = await write(store, 'chat', 3)
  connect(store, other)
  await other.get({ key: core.key ?? undefined }).get(0)
  const { terminal } = show(store)
  await terminal.until((text) => text.includes('PEERS 1') && text.includes('1 cores'))
  terminal.press('\t')
  terminal.press(DOWN)
  terminal.press(ENTER)
  await terminal.until((text) => text.includes('public key') && /chat +has \d+%/.test(text))
})

test.each(['q', '\x03', 'signal'])('the terminal is given back as it was after %j', async (how) => {
  const abort = new AbortController()
  const { terminal, ended } = show(openStore(), new Emulator(), { signal: abort.signal })
  await terminal.until((text) => text.includes('CORES 0'))
  expect([terminal.isAlternate, terminal.isRaw]).toEqual([true, true])
  if (how === 'signal') abort.abort()
  else terminal.press(how)
  expect(await ended).toBe(how !== 'q')
  await terminal.until(() => !terminal.isAlternate)
  expect(terminal.isRaw).toBe(false)
  expect(terminal.written.endsWith('\x1b[?25h\x1b[?1049l')).toBe(true)
})

test('an error that ends the process is printed on the terminal as it was', async () => {
  const { terminal } = show(openStore())
  await terminal.until((text) => text.includes('CORES 0'))
  const error = new Error('as if it ended the process')
  for (const listener of process.listeners('uncaughtExceptionMonitor')) listener(error, 'uncaughtException')
  await terminal.until(() => !terminal.isAlternate)
  expect(terminal.isRaw).toBe(false)
})

test.each([
  [10, 3],
  [1, 1],
  [20, 2],
  [40, 10],
  [60, 14],
  [300, 80],
])('a terminal of %i columns and %i rows is filled and not exceeded', async (columns, rows) => {
  const store = openStore()
  await fill(store, 50)
  const { terminal } = show(store, new Emulator(columns, rows))
  await terminal.until(() => terminal.drawn.length > 0)
  for (const key of [DOWN, ENTER, DOWN, ESCAPE, '\t', '/', 'x', ESCAPE]) terminal.press(key)
  terminal.resize(columns, rows)
  const before = terminal.drawn.length
  await terminal.until(() => terminal.drawn.length > before)
  for (const { row, text } of terminal.drawn) {
    expect(row).toBeLessThanOrEqual(rows)
    expect(stringWidth(text)).toBeLessThanOrEqual(columns)
  }
})

test('a terminal that is resized again and again shows all in its last size', async () => {
  const store = openStore()
  await fill(store, 50)
  const { terminal } = show(store)
  await terminal.until((text) => text.includes('CORES 50'))
  for (let size = 1; size < 60; size++) terminal.resize(5 + size * 2, 1 + (size % 30))
  terminal.resize(90, 20)
  await terminal.until((text) => text.includes('CORES 50') && text.includes('q quit'))
  expect(terminal.lines.every((line) => line.length <= 90)).toBe(true)
})

test('names with control characters, wide letters and markup do not move anything', async () => {
  const store = openStore()
  for (const name of [
    '\x1b[2J\x1b]0;title\x07',
    '\u202egnirts',
    '漢字かな交じり文'.repeat(20),
    '👩‍👩‍👧‍👦',
    'x'.repeat(4000),
    'a\nb\rc\td',
  ]) {
    await write(store, name)
  }
  const { terminal } = show(store)
  await terminal.until((text) => text.includes('CORES 6'))
  expect(terminal.written).not.toContain('\x1b[2J\x1b]')
  for (const hidden of '\u202e\x07\r\n\t') expect(terminal.written).not.toContain(hidden)
  expect(terminal.text).toContain('\\x1b[2J\\x1b]0;title\\x')
  expect(terminal.text).toContain('a\\x0ab\\x0dc\\x09d')
  const widths = terminal.lines.filter((line) => /█ +1 +$/.test(line))
  expect(widths).toHaveLength(6)
})

test('without colours nothing is coloured', async () => {
  const store = openStore()
  await write(store, 'chat')
  const { terminal } = show(store, new Emulator(), { color: false })
  await terminal.until((text) => text.includes('chat'))
  expect(terminal.written).not.toMatch(/\[[1-9;]+m/)
})

test('only lines that have changed are written again', async () => {
  const store = openStore()
  await fill(store, 50)
  const core = await write(store, 'changes')
  const { terminal } = show(store)
  await terminal.until((text) => text.includes('changes'))
  const before = terminal.written.length
  await core.append(['two', 'three'])
  await terminal.until((text) => /changes +█+ +3 /.test(text))
  expect(terminal.written.slice(before)).not.toContain('core 1')
})

test('all cores of a list in parts are shown once it ends, where nothing follows', async () => {
  const store = openStore()
  await fill(store, 3)
  const { cores } = await inspect(store)
  const source: Source = {
    async *sights(signal) {
      yield { type: 'begins', state: 'disk', directory: '/my-app', note: 'It is on disk.' }
      for (const core of cores) yield { type: 'listed', cores: [core] }
      yield { type: 'list-ends', note: null }
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    },
    explain: () => Promise.reject(new Error('not asked')),
  }
  const terminal = new Emulator()
  const abort = new AbortController()
  const ended = showTop(source, terminal.streams, { signal: abort.signal })
  await terminal.until((text) => text.includes('CORES 3 by'))
  for (const name of ['core 0', 'core 1', 'core 2']) expect(terminal.text).toContain(name)
  abort.abort()
  await ended
})

test('a closed store is said to be closed, and its cores stay', async () => {
  const store = openStore()
  await write(store, 'chat')
  const { terminal } = show(store)
  await terminal.until((text) => text.includes('chat'))
  await store.close()
  await terminal.until((text) => text.includes('The store is closed.') && text.includes('waiting'))
  expect(terminal.text).toContain('chat')
})

function show(store: Parameters<typeof storeSource>[0], terminal = new Emulator(), options: TopOptions = {}) {
  const abort = new AbortController()
  const ended = showTop(storeSource(store), terminal.streams, { signal: abort.signal, ...options })
  onTestFinished(async () => {
    abort.abort()
    terminal.press('\x03')
    await ended
  })
  return { terminal, ended }
}
