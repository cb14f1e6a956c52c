// Two engines that make a store in one empty directory at the same moment: one of them has it.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import RandomAccessFile from 'random-access-file'
import { describe, expect, it } from 'vitest'
import { fileStorage, type StorageArgument, type StorageOptions } from '../src/index.js'
import { emptyDirectory } from './directories.js'
import { engineOf } from './engines.js'

type Door = readonly [name: string, argument: (directory: string) => StorageArgument, options: StorageOptions]

const ROCKSDB: readonly Door[] = [
  ['RocksDB', (directory) => directory, { engine: 'rocksdb' }],
  ['RocksDB with allowBackup', (directory) => directory, { engine: 'rocksdb', allowBackup: true }],
]
const FILES: readonly Door[] = [
  ["the engine 'random-access'", (directory) => directory, { engine: 'random-access' }],
  ['fileStorage', (directory) => fileStorage(directory), {}],
  ['a function', (directory) => (path) => new RandomAccessFile(join(directory, path)), {}],
]
const PAIRS = ROCKSDB.flatMap((one) => FILES.map((other) => [one[0], other[0], one, other] as const))

describe.each(PAIRS)('%s and %s', (_, __, ...doors) => {
  it.each([
    [false, 12],
    [true, 4],
  ])('do not both open a new directory, with wait: %s', async (wait, rounds) => {
    const winners = new Set<string>()
    for (let round = 0; round < rounds; round++) {
      const directory = emptyDirectory()
      const order = round % 2 === 0 ? doors : doors.toReversed()
      const settled = await Promise.all(
        order.map(async ([name, argument, options], index) => {
          // Apart by some turns of the event loop: they meet at another point in each round.
          for (let turn = 0; turn < index * Math.floor(round / 2); turn++) await new Promise(setImmediate)
          const engine = engineOf(argument(directory), { ...options, wait })
          const code = await engine.open().then(
            () => 'opened',
            (error) => error.code,
          )
          if (code !== 'opened') await engine.close()
          return { name, code, engine, argument: argument(directory), options }
        }),
      )
      const [opened, ...others] = settled.filter(({ code }) => code === 'opened')
      expect([opened?.code, others.length], settled.map(({ code }) => code).join()).toEqual(['opened', 0])
      expect(['STORAGE_LOCKED', 'STORAGE_CONFLICT', 'opened']).toEqual(
        expect.arrayContaining(settled.map(({ code }) => code)),
      )
      if (opened === undefined) continue
      winners.add(opened.name)
      const primaryKey = await opened.engine.primaryKey()
      await opened.engine.close()
      const names = opened.name.startsWith('RocksDB') ? ['db'] : ['store.kv']
      expect(readdirSync(directory).filter((name) => name !== 'CORESTORE')).toEqual(names)
      const again = engineOf(opened.argument, opened.options)
      expect(await again.primaryKey()).toEqual(primaryKey)
      await again.close()
    }
    expect(winners.size).toBeGreaterThan(0)
  })
})

it('a directory keeps no store.kv when the opening of RocksDB is cancelled', async () => {
  const directory = emptyDirectory()
  const engine = engineOf(directory, { engine: 'rocksdb' })
  const opening = engine.open()
  await engine.close()
  await expect(opening).rejects.toMatchObject({ code: 'STORAGE_CLOSED' })
  expect(readdirSync(directory)).not.toContain('store.kv')
})
