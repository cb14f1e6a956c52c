import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Corestore6 from 'corestore-6'
import Corestore7 from 'corestore-7'
import HypercoreStorage from 'hypercore-storage'
import { describe, expect, it } from 'vitest'
import type { StorageEngine } from '../src/index.js'
import { contentsOf, emptyDirectory, key } from './directories.js'
import { engineOf, storedDirectory } from './engines.js'

describe('a directory of Corestore 7', () => {
  it('opens here with the same primary key and cores', async () => {
    const directory = emptyDirectory()
    const { primaryKey, cores } = await filledBy(new Corestore7(directory))
    const engine = engineOf(directory, { primaryKey })
    expect(await engine.primaryKey()).toEqual(primaryKey)
    await expectCores(engine, cores)
  })

  it('that was made here opens there with the same primary key', async () => {
    const { directory, primaryKey } = await storedDirectory()
    const store = new Corestore7(directory)
    await store.ready()
    expect(store.primaryKey).toEqual(primaryKey)
    const { cores } = await filledBy(store)
    await expectCores(engineOf(directory), cores)
  })

  it('that was made here among other files leaves those alone there, too', async () => {
    const directory = emptyDirectory()
    writeFileSync(join(directory, 'config.json'), '{}')
    const engine = engineOf(directory)
    await engine.open()
    await engine.close()
    const store = new Corestore7(directory)
    await store.ready()
    await store.close()
    expect(existsSync(join(directory, 'config.json'))).toBe(true)
  })
})

describe('a directory of Corestore 6', () => {
  it('opens with its primary key and cores, and is one of Corestore 7 from then on', async () => {
    const directory = emptyDirectory()
    const { primaryKey, cores } = await filledBy(new Corestore6(directory))
    const engine = engineOf(directory)
    expect(await engine.primaryKey()).toEqual(primaryKey)
    await expectCores(engine, cores)
    expect(readdirSync(directory).sort()).toEqual(['CORESTORE', 'db'])

    const store = new Corestore7(directory)
    await store.ready()
    expect(store.primaryKey).toEqual(primaryKey)
    await store.close()
  })

  it('opens if an attempt to take it over has failed before', async () => {
    const directory = emptyDirectory()
    const { primaryKey, cores } = await filledBy(new Corestore6(directory))
    // hypercore-storage's migration fails for every directory with cores.
    const storage = new HypercoreStorage(directory)
    await expect(storage.ready()).rejects.toThrow()
    await storage.close()

    const engine = engineOf(directory, { primaryKey })
    expect(await engine.primaryKey()).toEqual(primaryKey)
    await expectCores(engine, cores)
  })

  it('opens without any core', async () => {
    const directory = emptyDirectory()
    const store = new Corestore6(directory)
    await store.ready()
    await store.close()
    expect(await engineOf(directory).primaryKey()).toEqual(store.primaryKey)
  })

  it('is not touched when another primary key is given', async () => {
    const directory = emptyDirectory()
    const { primaryKey, cores } = await filledBy(new Corestore6(directory))
    const before = contentsOf(directory)
    await expect(engineOf(directory, { primaryKey: key(7) }).open()).rejects.toMatchObject({
      code: 'STORAGE_CONFLICT',
    })
    expect(contentsOf(directory)).toEqual(before)

    const engine = engineOf(directory, { primaryKey })
    await engine.open()
    await expectCores(engine, cores)
  })

  it('is not touched while Corestore 6 has it open', async () => {
    const directory = emptyDirectory()
    const store = new Corestore6(directory)
    await store.get({ name: 'a' }).append('block')
    const before = contentsOf(directory)
    await expect(engineOf(directory).open()).rejects.toMatchObject({ code: 'STORAGE_LOCKED', directory })
    expect(contentsOf(directory)).toEqual(before)
    await store.close()
    expect(await engineOf(directory).primaryKey()).toEqual(store.primaryKey)
  })

  it('is read by a read-only storage after it was opened for writing once, as the error says', async () => {
    const directory = emptyDirectory()
    const { cores } = await filledBy(new Corestore6(directory))
    const before = contentsOf(directory)
    const error = await engineOf(directory, { readOnly: true })
      .open()
      .catch((failure) => failure)
    expect(error.message).toContain('open it once for writing')
    expect(contentsOf(directory)).toEqual(before)
    const writer = engineOf(directory)
    await writer.open()
    await writer.close()
    const store = new Corestore7(engineOf(directory, { readOnly: true }).storage)
    for (const name of ['empty', 'short', 'long']) {
      const core = store.get({ name })
      await core.ready()
      const blocks = cores.get(Buffer.from(core.key).toString('hex')) ?? []
      expect(core.length).toBe(blocks.length)
      for (const [index, block] of blocks.entries()) {
        expect(Buffer.from((await core.get(index)) ?? []).toString()).toBe(block)
      }
    }
    await store.close()
  })

  it('is not migrated by a read-only storage', async () => {
    const directory = emptyDirectory()
    await filledBy(new Corestore6(directory))
    const before = contentsOf(directory)
    await expect(engineOf(directory, { readOnly: true }).open()).rejects.toMatchObject({
      code: 'STORAGE_NOT_MIGRATED',
      message: expect.stringContaining('older version'),
    })
    expect(contentsOf(directory)).toEqual(before)
  })
})

// hypercore-storage 1 kept RocksDB's files in the directory itself, and made no device file.
describe('a directory in the layout before db', () => {
  it('opens with its primary key, and the files of others stay where they are', async () => {
    const { directory, primaryKey } = await rootDirectory()
    mkdirSync(join(directory, 'src'))
    writeFileSync(join(directory, 'config.json'), '{}')
    writeFileSync(join(directory, 'server.log'), 'line')
    expect(await engineOf(directory, { primaryKey }).primaryKey()).toEqual(primaryKey)
    expect(readdirSync(directory).sort()).toEqual(['CORESTORE', 'config.json', 'db', 'server.log', 'src'])
  })

  it('is not touched when another primary key is given', async () => {
    const { directory } = await rootDirectory()
    const before = contentsOf(directory)
    await expect(engineOf(directory, { primaryKey: key(7) }).open()).rejects.toMatchObject({
      code: 'STORAGE_CONFLICT',
    })
    expect(contentsOf(directory)).toEqual(before)
  })

  it('opens when the move was interrupted at any file', async () => {
    for (let moved = 0; ; moved++) {
      const { directory, primaryKey } = await rootDirectory()
      const names = readdirSync(directory).filter((name) => name !== 'CURRENT')
      if (moved > names.length) break
      mkdirSync(join(directory, 'db'))
      for (const name of names.slice(0, moved)) renameSync(join(directory, name), join(directory, 'db', name))
      const engine = engineOf(directory, { primaryKey })
      expect(await engine.primaryKey()).toEqual(primaryKey)
      await engine.close()
    }
  })

  it('opens after a move that failed at any file', async () => {
    const { directory, primaryKey } = await rootDirectory()
    for (const name of readdirSync(directory).filter((file) => file !== 'CURRENT')) {
      const obstacle = join(directory, 'db', name)
      if (!existsSync(join(directory, name))) continue
      mkdirSync(join(obstacle, 'full'), { recursive: true })
      const engine = engineOf(directory)
      await expect(engine.open()).rejects.toMatchObject({ name: 'StorageError', directory })
      await engine.close()
      rmSync(obstacle, { recursive: true })
    }
    expect(await engineOf(directory).primaryKey()).toEqual(primaryKey)
  })

  it('opens in one store when many open it at the same moment', async () => {
    const { directory, primaryKey } = await rootDirectory()
    const engines = Array.from({ length: 5 }, () => engineOf(directory))
    const settled = await Promise.allSettled(engines.map((engine) => engine.primaryKey()))
    const opened = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    const failures = settled.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []))
    expect(opened).toEqual([primaryKey])
    expect(failures).toEqual(Array(4).fill('STORAGE_LOCKED'))
  })

  it('is not moved by a read-only storage', async () => {
    const { directory } = await rootDirectory()
    const before = contentsOf(directory)
    await expect(engineOf(directory, { readOnly: true }).open()).rejects.toMatchObject({
      code: 'STORAGE_NOT_MIGRATED',
      message: expect.stringContaining('older version'),
    })
    expect(contentsOf(directory)).toEqual(before)
  })

  it('is not taken for one if the database is of another program', async () => {
    const { directory } = await rootDirectory()
    for (const name of readdirSync(directory)) {
      if (name.startsWith('OPTIONS')) writeFileSync(join(directory, name), '[CFOptions "default"]\n')
    }
    const before = contentsOf(directory)
    await engineOf(directory).open()
    expect(contentsOf(directory)).toMatchObject(before)
  })
})

/** The blocks of each core by its key in hex. */
type Cores = Map<string, string[]>

/** Gives the store cores of different lengths and closes it. */
async function filledBy(store: NamedStore): Promise<{ primaryKey: Uint8Array; cores: Cores }> {
  await store.ready()
  const cores: Cores = new Map()
  for (const [name, length] of Object.entries({ empty: 0, short: 1, long: 300 })) {
    const core = store.get({ name })
    await core.ready()
    const blocks = Array.from({ length }, (_, index) => `${name} ${index}`)
    for (const block of blocks) await core.append(block)
    cores.set(Buffer.from(core.key).toString('hex'), blocks)
  }
  const { primaryKey } = store
  await store.close()
  return { primaryKey, cores }
}

/** Opens all cores by name as Corestore 7 does, and checks that they can be written, too. */
async function expectCores(engine: StorageEngine, cores: Cores): Promise<void> {
  const store = new Corestore7(engine.storage)
  for (const name of ['empty', 'short', 'long']) {
    const core = store.get({ name })
    await core.ready()
    const blocks = cores.get(Buffer.from(core.key).toString('hex'))
    expect(core.length).toBe(blocks?.length)
    for (const [index, block] of (blocks ?? []).entries()) {
      expect(Buffer.from((await core.get(index)) ?? []).toString()).toBe(block)
    }
    await core.append('one more')
    expect(core.writable).toBe(true)
  }
  await store.close()
}

/** A store whose RocksDB files are in the directory itself, without a device file. */
async function rootDirectory(): Promise<{ directory: string; primaryKey: Uint8Array }> {
  const { directory, primaryKey } = await storedDirectory()
  for (const name of readdirSync(join(directory, 'db'))) {
    renameSync(join(directory, 'db', name), join(directory, name))
  }
  rmSync(join(directory, 'db'), { recursive: true })
  rmSync(join(directory, 'CORESTORE'))
  return { directory, primaryKey }
}
