import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import Hypercore from 'hypercore'
import RocksDB from 'rocksdb-native'
import { describe, expect, it } from 'vitest'
import { contentsOf, emptyDirectory, key } from './directories.js'
import { engineOf, storedDirectory } from './engines.js'

describe('a directory', () => {
  it('becomes a store that Hypercore reads and writes', async () => {
    const directory = emptyDirectory()
    const engine = engineOf(directory)
    const core = new Hypercore(engine.storage)
    await core.append('block')
    const coreKey = core.key
    await core.close()
    await engine.close()

    const again = engineOf(directory)
    const reopened = new Hypercore(again.storage, coreKey)
    expect(Buffer.from((await reopened.get(0)) ?? []).toString()).toBe('block')
    await reopened.close()
  })

  it('is created with its parent directories', async () => {
    const directory = join(emptyDirectory(), 'a', 'b', 'c')
    await engineOf(directory).open()
    expect(Object.keys(contentsOf(directory))).toContain('CORESTORE')
  })

  it('is not accessed before it is opened', () => {
    const directory = join(emptyDirectory(), 'never')
    const engine = engineOf(directory)
    expect(engine.directory).toBe(directory)
    expect(contentsOf(join(directory, '..'))).toEqual({})
  })

  it('is found again when the working directory changes', () => {
    const directory = emptyDirectory()
    const engine = engineOf(relative(process.cwd(), directory))
    expect(engine.directory).toBe(directory)
  })

  it('keeps the files of other programs', async () => {
    const directory = emptyDirectory()
    mkdirSync(join(directory, 'src'))
    writeFileSync(join(directory, 'config.json'), '{}')
    writeFileSync(join(directory, 'src', 'index.js'), 'export {}')
    writeFileSync(join(directory, 'CURRENT'), 'my notes')
    const before = contentsOf(directory)

    await engineOf(directory).open()

    expect(contentsOf(directory)).toMatchObject(before)
    expect(
      Object.keys(contentsOf(directory)).filter((name) => !(name in before || name.startsWith('db/'))),
    ).toEqual(['CORESTORE', 'db'])
  })

  it('opens with the id that it was made with, or with none', async () => {
    const directory = emptyDirectory()
    for (const id of ['laptop', undefined, 'laptop']) {
      const engine = engineOf(directory, { id })
      await engine.open()
      await engine.close()
    }
    expect(readFileSync(join(directory, 'CORESTORE'), 'utf8')).toContain('id=laptop')

    await expect(engineOf(directory, { id: 'phone' }).open()).rejects.toMatchObject({
      code: 'STORAGE_CONFLICT',
      directory,
      message: expect.stringContaining('id'),
    })
  })

  it('takes options of the tree cache', async () => {
    const engine = engineOf(emptyDirectory(), { treeCache: { maxSize: 10 } })
    await engine.open()
    expect((engine.storage as unknown as { treeCache: { maxSize: number } }).treeCache.maxSize).toBe(10)
  })
})

describe('a primary key', () => {
  it('is random and stays with the directory', async () => {
    const { directory, primaryKey } = await storedDirectory()
    expect(primaryKey.byteLength).toBe(32)
    expect(await engineOf(directory).primaryKey()).toEqual(primaryKey)
    expect((await storedDirectory()).primaryKey).not.toEqual(primaryKey)
  })

  it('from the caller is stored in a new directory', async () => {
    const directory = emptyDirectory()
    const engine = engineOf(directory, { primaryKey: key(7) })
    expect(Buffer.from(await engine.primaryKey())).toEqual(Buffer.from(key(7)))
    await engine.close()
    expect(Buffer.from(await engineOf(directory).primaryKey())).toEqual(Buffer.from(key(7)))
  })

  it('from the caller is stored in a database without a store', async () => {
    const directory = emptyDirectory()
    const rocks = new RocksDB(join(directory, 'db'))
    await rocks.ready()
    await rocks.close()
    expect(Buffer.from(await engineOf(directory, { primaryKey: key(7) }).primaryKey())).toEqual(
      Buffer.from(key(7)),
    )
  })

  it('from the caller may be wiped at once', async () => {
    const primaryKey = key(7)
    const engine = engineOf(emptyDirectory(), { primaryKey })
    primaryKey.fill(0)
    expect(Buffer.from(await engine.primaryKey())).toEqual(Buffer.from(key(7)))
  })

  it('from the caller opens the directory when it is the stored one', async () => {
    const { directory, primaryKey } = await storedDirectory()
    expect(await engineOf(directory, { primaryKey }).primaryKey()).toEqual(primaryKey)
  })

  it('from the caller is refused when it differs from the stored one, and no byte changes', async () => {
    const { directory, primaryKey } = await storedDirectory()
    const before = contentsOf(directory)
    const engine = engineOf(directory, { primaryKey: key(7) })

    await expect(engine.open()).rejects.toMatchObject({
      name: 'StorageError',
      code: 'STORAGE_CONFLICT',
      directory,
    })
    await engine.close()

    expect(contentsOf(directory)).toEqual(before)
    expect(await engineOf(directory).primaryKey()).toEqual(primaryKey)
  })

  it('that differs is also refused when a core opens the storage', async () => {
    const { directory } = await storedDirectory()
    const before = contentsOf(directory)
    const engine = engineOf(directory, { primaryKey: key(7) })

    const core = new Hypercore(engine.storage)
    await expect(core.ready()).rejects.toMatchObject({ code: 'STORAGE_CONFLICT' })
    await core.close().catch(() => {})
    await engine.close()

    expect(contentsOf(directory)).toEqual(before)
  })

  it('never shows in the message of an error', async () => {
    const { directory, primaryKey } = await storedDirectory()
    const error: unknown = await engineOf(directory, { primaryKey: key(7) })
      .open()
      .catch((reason) => reason)
    expect(error).toBeInstanceOf(Error)
    for (const secret of [primaryKey, key(7)]) {
      expect(String(error)).not.toContain(Buffer.from(secret).toString('hex'))
    }
  })
})
