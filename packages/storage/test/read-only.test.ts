import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Hypercore from 'hypercore'
import RocksDB from 'rocksdb-native'
import { describe, expect, it } from 'vitest'
import { contentsOf, emptyDirectory, key } from './directories.js'
import { engineOf, storedDirectory } from './engines.js'

describe('a read-only storage', () => {
  it('reads the store, and changes no byte and no time of any file', async () => {
    const directory = emptyDirectory()
    const writer = engineOf(directory)
    const core = new Hypercore(writer.storage)
    await core.append('block')
    const primaryKey = await writer.primaryKey()
    await core.close()
    await writer.close()
    const before = contentsOf(directory)

    const reader = engineOf(directory, { readOnly: true })
    expect(await reader.primaryKey()).toEqual(primaryKey)
    const copy = new Hypercore(reader.storage, core.key, { writable: false })
    expect(Buffer.from((await copy.get(0)) ?? []).toString()).toBe('block')
    expect(contentsOf(directory)).toEqual(before)
    await copy.close()
    await reader.close()
    expect(contentsOf(directory)).toEqual(before)
  })

  it('takes no lock, and does not see later writes', async () => {
    const { directory } = await storedDirectory()
    const reader = engineOf(directory, { readOnly: true })
    await reader.open()
    const writer = engineOf(directory)
    await writer.open()
    await writer.storage.setSeed(key(1))
    expect(await reader.storage.getSeed()).toEqual(await reader.primaryKey())
    expect(await engineOf(directory, { readOnly: true, wait: true }).primaryKey()).toEqual(
      Buffer.from(key(1)),
    )
  })

  it('refuses another primary key', async () => {
    const { directory } = await storedDirectory()
    const before = contentsOf(directory)
    const engine = engineOf(directory, { readOnly: true, primaryKey: key(7) })
    await expect(engine.open()).rejects.toMatchObject({ code: 'STORAGE_CONFLICT' })
    expect(contentsOf(directory)).toEqual(before)
  })

  it('refuses a write as not writable', async () => {
    const { directory } = await storedDirectory()
    const engine = engineOf(directory, { readOnly: true })
    await engine.open()
    await expect(engine.storage.setSeed(key(1))).rejects.toThrow('Batch was not applied')
  })

  it.each(['missing', 'empty'])('is refused for a directory that is %s, which stays so', async (kind) => {
    const parent = emptyDirectory()
    const directory = join(parent, 'store')
    if (kind === 'empty') mkdirSync(directory)
    const before = contentsOf(parent)
    await expect(engineOf(directory, { readOnly: true }).open()).rejects.toMatchObject({
      name: 'StorageError',
      code: 'STORAGE_NO_STORE',
      directory,
      message: expect.stringContaining('holds no store'),
    })
    expect(contentsOf(parent)).toEqual(before)
  })

  it('is refused for a database without a store', async () => {
    const directory = emptyDirectory()
    const rocks = new RocksDB(join(directory, 'db'))
    await rocks.ready()
    await rocks.close()
    for (const primaryKey of [undefined, key(1)]) {
      const engine = engineOf(directory, { readOnly: true, primaryKey })
      await expect(engine.open()).rejects.toMatchObject({ code: 'STORAGE_NO_STORE' })
    }
  })
})
