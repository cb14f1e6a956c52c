// The tables of commands on terminals: names that are long, wide or of several namespaces.

import stringWidth from 'string-width'
import { expect, test } from 'vitest'
import { coreyard, filled, json, storeWith } from './command.js'

const LONG = 'a core with a very long name '.repeat(8).trim()
const WIDE = '日本語の名前'.repeat(10)
const FAMILY = '👨‍👩‍👧‍👦'.repeat(30)

const withLongNames = () =>
  storeWith(async (store) => {
    for (const name of [LONG, WIDE, FAMILY]) await store.get({ name }).append('x')
    await store
      .namespace('team')
      .get({ name: `${LONG} of the team` })
      .append('x')
  })

test.each([['ls'], ['du', '--all']])(
  '%s is no wider than a terminal of 80 columns',
  async (command, ...args) => {
    const directory = await withLongNames()
    const { out } = await coreyard([command, directory, ...args], { isOutTerminal: true })
    for (const line of out.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(80)
    expect(out).toContain('a core with')
    expect(out).toContain('日本語')
  },
)

test('diff is no wider than a terminal of 80 columns', async () => {
  const { out } = await coreyard(['diff', await withLongNames(), await filled()], { isOutTerminal: true })
  for (const line of out.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(80)
})

test('a terminal that is wide shows all of a name', async () => {
  const { out } = await coreyard(['ls', await withLongNames()], { isOutTerminal: true, columns: 4000 })
  expect(out).not.toContain('…')
  expect(out).toContain(`${LONG} of the team`)
})

test.each([['ls'], ['du', '--all']])('%s writes whole names to a pipe', async (command, ...args) => {
  const { out } = await coreyard([command, await withLongNames(), ...args])
  for (const name of [LONG, WIDE, `${LONG} of the team`]) expect(out).toContain(name)
})

test('ls shows the namespaces of cores if there are some, and --namespace takes what it shows', async () => {
  const directory = await storeWith(async (store) => {
    await store.get({ name: 'chat' }).append('x')
    await store.namespace('team').get({ name: 'chat' }).append('x')
    await store.get({ key: Buffer.alloc(32, 1) }).ready()
  })
  const { out } = await coreyard(['ls', directory])
  const [head, ...lines] = out.split('\n').map((line) => line.split(/ {2,}/))
  expect(head?.slice(0, 2)).toEqual(['name', 'namespace'])
  const shown =
    lines.map((line) => line[1]).find((text) => /^[0-9a-f]{8}$/.test(text ?? '')) ?? expect.fail(out)
  expect(lines.slice(0, 3).map((line) => line.slice(0, 2))).toEqual(
    expect.arrayContaining([
      ['chat', '-'],
      ['chat', shown],
      ['-', '-'],
    ]),
  )
  const { cores } = await json<{ cores: { namespace: string }[] }>(['ls', directory, '--namespace', shown])
  expect(cores.map(({ namespace }) => namespace.slice(0, 8))).toEqual([shown])
  expect((await coreyard(['show', directory, 'chat', '--namespace', shown])).out).toContain(
    cores[0]?.namespace,
  )
  expect((await coreyard(['cat', directory, 'chat', '--namespace', '000000'])).out).toBe('x\n')
})

test('ls shows no namespaces where every core is in that of the store', async () => {
  expect((await coreyard(['ls', await filled()])).out).toMatch(/^name +key +blocks/)
})
