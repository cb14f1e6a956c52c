import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Hypercore from 'hypercore'
import { afterEach, describe, expect, it } from 'vitest'
import { fileStorage, type StorageArgument, type StorageOptions } from '../src/index.js'
import { emptyDirectory } from './directories.js'
import { engineOf } from './engines.js'

const umask = process.umask()
afterEach(() => {
  process.umask(umask)
})

const DOORS: readonly (readonly [string, (directory: string) => StorageArgument, StorageOptions])[] = [
  ['RocksDB', (directory) => directory, {}],
  ['files', (directory) => directory, { engine: 'random-access' }],
  ['fileStorage', (directory) => fileStorage(directory), {}],
]

describe.each([0o022, 0o000, 0o077])('under the umask %i', (mask) => {
  it.each(DOORS)('only the owner can read what a store on %s makes', async (_, argument, options) => {
    const parent = emptyDirectory()
    process.umask(mask)
    const directory = join(parent, 'above', 'store')
    for (let round = 0; round < 2; round++) {
      const engine = engineOf(argument(directory), options)
      await engine.open()
      expectPrivate(parent)
      const core = new Hypercore(engine.storage)
      await core.append('block')
      await core.close()
      await engine.close()
      expectPrivate(parent)
    }
  })
})

it('a store keeps the permissions of existing files and directories', async () => {
  process.umask(0o022)
  const directory = emptyDirectory()
  mkdirSync(join(directory, 'db'))
  writeFileSync(join(directory, 'db', 'notes.txt'), '')
  chmodSync(directory, 0o755)
  const engine = engineOf(directory)
  await engine.open()
  await engine.close()
  expect(modeOf(directory)).toBe(0o755)
  expect(modeOf(join(directory, 'db'))).toBe(0o755)
  expect(modeOf(join(directory, 'db', 'notes.txt'))).toBe(0o644)
})

it('an existing store.kv keeps its permissions', async () => {
  process.umask(0o022)
  const directory = emptyDirectory()
  const file = join(directory, 'store.kv')
  writeFileSync(file, '')
  const engine = engineOf(directory, { engine: 'random-access' })
  await engine.open()
  await engine.close()
  expect([existsSync(file), modeOf(file)]).toEqual([true, 0o644])
})

function expectPrivate(parent: string): void {
  for (const name of readdirSync(parent, { recursive: true, encoding: 'utf8' })) {
    const path = join(parent, name)
    expect([name, modeOf(path)]).toEqual([name, statSync(path).isDirectory() ? 0o700 : 0o600])
  }
}

function modeOf(path: string): number {
  return statSync(path).mode & 0o777
}
