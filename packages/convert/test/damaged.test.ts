// Damage in the files of a Corestore 6: found and named, or without effect, but never converted into something else.

import { cpSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { memoryStorage, type StorageError } from '@coreyard/storage'
import { beforeEach, describe, expect, it } from 'vitest'
import { contentsOf, emptyDirectory } from '../../storage/test/directories.js'
import { convert } from '../src/index.js'
import { corestore6, hex } from './corestore-6.js'
import { recordsOf } from './stores.js'

/** A store with one core of eight blocks. */
let directory: string
/** The same with some more blocks, as a crash left it: the last three are in the oplog only. */
let crashed: string
let folder: string
let wanted: Record<string, string>

beforeEach(async () => {
  directory = emptyDirectory()
  const store = corestore6(directory)
  const core = store.get({ name: 'a' })
  for (const block of ['a', '', 'ccc', 'dd', 'eeee', 'f', 'gg', 'h']) await core.append(block)
  // A truncation empties the oplog.
  await core.append('i')
  await core.truncate(8)
  const id = hex(core.discoveryKey)
  folder = join('cores', id.slice(0, 2), id.slice(2, 4), id)
  crashed = emptyDirectory()
  for (let entries = 0; entries < 3; ) {
    await core.append('more')
    cpSync(directory, crashed, { recursive: true })
    entries = statSync(join(crashed, folder, 'oplog')).size > 8192 ? entries + 1 : 0
  }
  await core.truncate(8)
  await store.close()
  wanted = await converted(directory)
})

describe('a wrong byte', () => {
  it.each(['oplog', 'tree', 'data'])(
    'in the file %s is reported with the name of the file, or has no effect',
    async (name) => {
      const path = join(directory, folder, name)
      const whole = readFileSync(path)
      let errors = 0
      for (const offset of bytesOf(whole)) {
        writeFileSync(path, flipped(whole, offset))
        const before = contentsOf(directory)
        const outcome = await converted(directory).catch((error: StorageError) => error)
        expect(contentsOf(directory)).toEqual(before)
        if (outcome instanceof Error) {
          errors++
          expect(outcome).toMatchObject({ code: 'STORAGE_CORRUPT' })
          expect(outcome.message).toContain(`${path} is damaged at offset`)
        } else expect(outcome).toEqual(wanted)
      }
      expect(errors).toBeGreaterThan(0)
    },
  )

  it('in a block is reported at the offset of the block', async () => {
    const path = join(directory, folder, 'data')
    writeFileSync(path, flipped(readFileSync(path), 5))
    await expect(converted(directory)).rejects.toThrow(/offset 4: block 3, of 2 bytes/)
  })

  it('in an entry of the oplog that is not the last one is an error', async () => {
    const path = join(crashed, folder, 'oplog')
    const whole = readFileSync(path)
    expect(whole.length).toBeGreaterThan(8192)
    const second = 8192 + 8 + (whole.readUInt32LE(8192 + 4) >>> 2)
    for (let offset = 8192; offset < second; offset++) {
      writeFileSync(path, flipped(whole, offset))
      await expect(converted(crashed)).rejects.toMatchObject({
        code: 'STORAGE_CORRUPT',
        message: expect.stringContaining(`${path} is damaged at offset 8192`),
      })
    }
  })
})

describe('a file that ends too early', () => {
  it.each(['tree', 'data'])('is an error that names it: %s', async (name) => {
    const path = join(directory, folder, name)
    // What the eight blocks have; those that were truncated are after them.
    const length = name === 'data' ? 14 : readFileSync(path).length
    for (const size of [length - 1, Math.floor(length / 2), 0]) {
      truncateSync(path, size)
      await expect(converted(directory)).rejects.toMatchObject({
        code: 'STORAGE_CORRUPT',
        message: expect.stringContaining(path),
      })
    }
  })

  it('is read up to its last whole entry when it is the oplog', async () => {
    const path = join(crashed, folder, 'oplog')
    const { length } = readFileSync(path)
    const seen = new Set<number>()
    const whole = Object.keys(await converted(crashed)).length
    for (let size = length; size >= 8192; size--) {
      truncateSync(path, size)
      seen.add(Object.keys(await converted(crashed)).length)
    }
    // With three blocks more than the header has, two, one and none.
    expect(seen.size).toBe(4)
    expect(Math.max(...seen)).toBe(whole)
  })
})

/** The records of what a directory is converted to. */
async function converted(from: string): Promise<Record<string, string>> {
  const to = memoryStorage()
  await convert(from, to)
  return recordsOf({ argument: to })
}

/** Offsets of all bytes that hold something, and of a few that do not. */
function bytesOf(bytes: Uint8Array): number[] {
  return [...bytes.keys()].filter((offset) => bytes[offset] !== 0 || offset % 97 === 0)
}

function flipped(bytes: Uint8Array, offset: number): Uint8Array {
  return bytes.map((byte, index) => (index === offset ? byte ^ 4 : byte))
}
