// Writer and reader, started by hand on a network of this machine.

import { join } from 'node:path'
import createTestnet from '@hyperswarm/testnet'
import { describe, expect, onTestFinished, test } from 'vitest'
import { emptyDirectory, Program } from './program.js'

const LONG = 'a line that is longer than the forty bytes that count as short'

test('the reader shows what is typed into the writer, as it is typed', async () => {
  const network = await localNetwork()
  const directory = emptyDirectory()
  const writer = startWriter(directory, network)
  const reader = startReader(directory, network, await keyOf(writer))
  await reader.prints(/Looking for the writer/)
  for (const line of ['short', LONG, 'short again']) {
    writer.type(`${line}\n`)
    await reader.prints(new RegExp(`^[0-9a-f]{8}: ${line}$`, 'm'))
  }
  writer.typeLast('the last line, without an end')
  await reader.prints(/: the last line, without an end$/m)
  await writer.prints(/End of input/)

  const { code, stdout } = await reader.interrupt()
  expect(code).toBe(0)
  const cores = stdout.match(/^[0-9a-f]{8}(?=: )/gm)
  expect(new Set(cores).size).toBe(2)
  expect(await writer.interrupt()).toMatchObject({ code: 0, stderr: '' })
})

test('the reader gets what was written while it was away, and only that', async () => {
  const network = await localNetwork()
  const directory = emptyDirectory()
  const writer = startWriter(directory, network)
  const key = await keyOf(writer)
  writer.type('first\n')
  const before = startReader(directory, network, key)
  await before.prints(/: first$/m)
  expect((await before.interrupt()).code).toBe(0)
  writer.type(`second\n${LONG}\n`)
  await writer.prints(/lines appended: 2/)

  const after = startReader(directory, network, key)
  await after.prints(/: second$/m)
  await after.prints(new RegExp(`: ${LONG}$`, 'm'))
  expect((await after.interrupt()).stdout).not.toMatch(/: first$/m)
})

test('the writer has the same key after a restart, and what it wrote before', async () => {
  const network = await localNetwork()
  const directory = emptyDirectory()
  const before = startWriter(directory, network)
  const key = await keyOf(before)
  before.typeLast('before\n')
  await before.prints(/End of input/)
  expect((await before.interrupt()).code).toBe(0)

  const after = startWriter(directory, network)
  expect(await keyOf(after)).toBe(key)
  after.type('after\n')
  const reader = startReader(directory, network, key)
  await reader.prints(/: before$/m)
  await reader.prints(/: after$/m)
})

describe('a mistake on the command line', () => {
  test.each<['reader' | 'writer', string[], string]>([
    ['writer', ['key'], 'writer takes no key'],
    ['writer', ['--nothing'], "Unknown option '--nothing'"],
    ['writer', ['--bootstrap', 'here'], '--bootstrap must be host:port, not here'],
    ['reader', ['--bootstrap', 'host:99999', 'key'], '--bootstrap must be host:port, not host:99999'],
    ['writer', ['--bootstrap', 'host:0x50'], '--bootstrap must be host:port, not host:0x50'],
    ['reader', [], 'reader takes one key'],
    ['reader', ['one', 'two'], 'reader takes one key'],
  ])('of the %s (%j) ends it with status 2, and says how to use it', async (name, args, message) => {
    const { code, stdout, stderr } = await new Program(name, args, emptyDirectory()).ended
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain(message)
    expect(stderr).toContain(`Usage: ${name} [--storage DIRECTORY]`)
  })
})

test('a key that is none ends the reader with status 1, and says why', async () => {
  const network = await localNetwork()
  const { code, stderr } = await startReader(emptyDirectory(), network, 'nonsense').ended
  expect(code).toBe(1)
  expect(stderr).toContain('key must be 32 bytes, 64 characters of hex')
})

test('a directory that another writer has open ends the second with status 1, and says why', async () => {
  const network = await localNetwork()
  const directory = emptyDirectory()
  await keyOf(startWriter(directory, network))
  const { code, stderr } = await startWriter(directory, network).ended
  expect(code).toBe(1)
  expect(stderr).toContain(join(directory, 'writer'))
  expect(stderr).toContain('is open in another store')
})

/** Arguments that have a program join a DHT of this machine's own, which is gone when the test has finished. */
async function localNetwork(): Promise<string[]> {
  const testnet = await createTestnet(3)
  onTestFinished(() => testnet.destroy())
  return testnet.bootstrap.slice(0, 1).flatMap(({ host, port }) => ['--bootstrap', `${host}:${port}`])
}

function startWriter(directory: string, network: string[]): Program {
  return new Program('writer', ['--storage', join(directory, 'writer'), ...network])
}

function startReader(directory: string, network: string[], key: string): Program {
  return new Program('reader', ['--storage', join(directory, 'reader'), ...network, key])
}

/** The key that a writer prints when it is there to be found. */
async function keyOf(writer: Program): Promise<string> {
  const [, key = ''] = await writer.prints(/^main core key: ([0-9a-f]{64})$/m)
  return key
}
