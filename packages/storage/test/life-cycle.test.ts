import { existsSync, readdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Hypercore from 'hypercore'
import HypercoreStorage from 'hypercore-storage'
import { describe, expect, it } from 'vitest'
import { toStorageError } from '../src/index.js'
import { emptyDirectory, key } from './directories.js'
import { engineOf, storedDirectory } from './engines.js'

describe('opening', () => {
  it('twice, also at the same time, opens once', async () => {
    const engine = engineOf(emptyDirectory())
    await Promise.all([engine.open(), engine.open(), engine.primaryKey()])
    await engine.open()
    expect(await engine.primaryKey()).toEqual(await engine.primaryKey())
  })

  it('fails the same way every time', async () => {
    const path = join(emptyDirectory(), 'file')
    writeFileSync(path, '')
    const engine = engineOf(path)
    const first = await engine.open().catch((error) => error)
    expect(first).toMatchObject({ code: 'STORAGE_NOT_WRITABLE' })
    expect(await engine.open().catch((error) => error)).toBe(first)
  })

  it('is refused after closing', async () => {
    const engine = engineOf(emptyDirectory())
    await engine.open()
    await engine.close()
    await expect(engine.open()).rejects.toMatchObject({ name: 'StorageError', code: 'STORAGE_CLOSED' })
    await expect(engine.primaryKey()).rejects.toMatchObject({ code: 'STORAGE_CLOSED' })
  })

  it('happens by itself when a core needs the storage', async () => {
    const directory = emptyDirectory()
    const engine = engineOf(directory)
    const core = new Hypercore(engine.storage)
    await core.ready()
    expect(readdirSync(directory).sort()).toEqual(['CORESTORE', 'db'])
    await core.close()
    await engine.close()
    await engineOf(directory).open()
  })
})

describe('closing', () => {
  it('twice, also at the same time, is fine', async () => {
    const engine = engineOf(emptyDirectory())
    await engine.open()
    await Promise.all([engine.close(), engine.close()])
    await engine.close()
    expect(engine.storage.closed).toBe(true)
  })

  it('an engine that was never opened creates nothing, and cannot open later', async () => {
    const directory = join(emptyDirectory(), 'never')
    const engine = engineOf(directory)
    await engine.close()
    await expect(engine.storage.ready()).rejects.toMatchObject({ code: 'STORAGE_CLOSED' })
    expect(existsSync(directory)).toBe(false)
  })

  it('waits for a running open, even if that fails', async () => {
    const { directory, primaryKey } = await storedDirectory()
    for (let turns = 0; turns < 30; turns++) {
      const engine = engineOf(directory)
      const opened = engine.primaryKey().catch((error) => error.code)
      for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate)
      await engine.close()
      expect([primaryKey, 'STORAGE_CLOSED']).toContainEqual(await opened)
    }
    expect(await engineOf(directory).primaryKey()).toEqual(primaryKey)
  })

  it('waits for the primary key to be stored', async () => {
    const directory = emptyDirectory()
    const engine = engineOf(directory)
    const opened = engine.primaryKey()
    await engine.storage.ready()
    await engine.close()
    expect(await engineOf(directory).primaryKey()).toEqual(await opened)
  })

  it('leaves a store that opens when it interrupts the creation of a directory', async () => {
    for (let turns = 0; turns < 30; turns++) {
      const directory = emptyDirectory()
      const engine = engineOf(directory)
      const opened = engine.primaryKey().catch((error) => error.code)
      for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate)
      await engine.close()
      const result = await opened
      const primaryKey = await engineOf(directory).primaryKey()
      expect([primaryKey, 'STORAGE_CLOSED']).toContainEqual(result)
    }
  })

  it('works while a core opens the storage', async () => {
    const { directory } = await storedDirectory()
    const engine = engineOf(directory)
    const opening = engine.storage.ready().catch(() => {})
    await engine.close()
    await opening
    await engineOf(directory).open()
  })

  it('after a failed open is fine', async () => {
    const { directory } = await storedDirectory()
    const holder = engineOf(directory)
    await holder.open()
    const engine = engineOf(directory)
    await expect(engine.open()).rejects.toMatchObject({ code: 'STORAGE_LOCKED' })
    await engine.close()
    await engine.close()
    await holder.close()
    await engineOf(directory).open()
  })

  it.runIf(existsSync('/proc/self/fd'))('leaves no file open, however often it failed', async () => {
    const { directory, primaryKey } = await storedDirectory()
    const holder = engineOf(directory)
    await holder.open()
    for (let round = 0; round < 10; round++) {
      const engine = engineOf(directory)
      await expect(engine.open()).rejects.toMatchObject({ code: 'STORAGE_LOCKED' })
      await engine.close()
    }
    await holder.close()
    for (let round = 0; round < 10; round++) {
      const engine = engineOf(directory, { primaryKey: round % 2 ? primaryKey : key(7) })
      await engine.open().catch(() => {})
      await engine.close()
    }
    expect(openFiles().filter((file) => file.startsWith(directory))).toEqual([])
  })

  it.runIf(existsSync('/proc/self/mem'))(
    'leaves no file open if the device file could not be read',
    async () => {
      const { directory } = await storedDirectory()
      rmSync(join(directory, 'CORESTORE'))
      // It opens and locks as a file does, and its first byte cannot be read.
      symlinkSync('/proc/self/mem', join(directory, 'CORESTORE'))
      const engine = engineOf(directory)
      await expect(engine.open()).rejects.toMatchObject({ code: 'STORAGE_FAILED', directory })
      await engine.close()
      expect(openFiles().filter((file) => file.endsWith('/mem'))).toEqual([])
    },
  )
})

describe('a suspended storage', () => {
  it('continues after resume', async () => {
    const engine = engineOf(emptyDirectory())
    const core = new Hypercore(engine.storage)
    await core.append('one')
    await engine.storage.suspend()
    await engine.storage.resume()
    await core.append('two')
    expect(core.length).toBe(2)
    await core.close()
  })

  it('releases its lock, and closes without a resume', async () => {
    const { directory, primaryKey } = await storedDirectory()
    const engine = engineOf(directory)
    await engine.open()
    await engine.storage.suspend()
    expect(await engineOf(directory).primaryKey()).toEqual(primaryKey)
    await engine.close()
  })

  it('cannot resume after another store has opened the directory', async () => {
    const { directory } = await storedDirectory()
    const engine = engineOf(directory)
    await engine.open()
    await engine.storage.suspend()
    const other = engineOf(directory)
    await other.open()
    await other.close()
    const error: unknown = await engine.storage.resume().catch((reason) => reason)
    expect(toStorageError(error, directory)).toMatchObject({
      code: 'STORAGE_CHANGED',
      directory,
      cause: error,
    })
  })
})

describe('a hypercore-storage instance', () => {
  it('is used as it is, and closed with the engine', async () => {
    const directory = emptyDirectory()
    const storage = new HypercoreStorage(directory)
    const engine = engineOf(storage)
    expect(engine.storage).toBe(storage)
    expect(engine.directory).toBe(directory)
    const primaryKey = await engine.primaryKey()
    await engine.close()
    expect(storage.closed).toBe(true)
    expect(await engineOf(directory).primaryKey()).toEqual(primaryKey)
  })

  it('may be open already', async () => {
    const storage = new HypercoreStorage(emptyDirectory())
    await storage.setSeed(key(3))
    expect(Buffer.from(await engineOf(storage).primaryKey())).toEqual(Buffer.from(key(3)))
  })

  it('with another primary key than the one given is refused, and keeps its own', async () => {
    const storage = new HypercoreStorage(emptyDirectory())
    await storage.setSeed(key(3))
    await expect(engineOf(storage, { primaryKey: key(4) }).open()).rejects.toMatchObject({
      code: 'STORAGE_CONFLICT',
    })
    expect(await storage.getSeed()).toEqual(Buffer.from(key(3)))
  })

  it('rejects like a directory when it cannot be opened, and closes', async () => {
    const { directory } = await storedDirectory()
    const holder = engineOf(directory)
    await holder.open()
    const engine = engineOf(new HypercoreStorage(directory))
    await expect(engine.open()).rejects.toMatchObject({ code: 'STORAGE_LOCKED', directory })
    await engine.close()
    await holder.close()
    await engineOf(directory).open()
  })

  it('gets no primary key with readOnly when it has none', async () => {
    const storage = new HypercoreStorage(emptyDirectory())
    const engine = engineOf(storage, { readOnly: true })
    expect(engine.readOnly).toBe(true)
    await expect(engine.primaryKey()).rejects.toMatchObject({ code: 'STORAGE_NO_STORE' })
    expect(await storage.getSeed()).toBe(null)
  })

  it('that has no primary key uses the one given with readOnly, and does not keep it', async () => {
    const storage = new HypercoreStorage(emptyDirectory())
    const engine = engineOf(storage, { readOnly: true, primaryKey: key(5) })
    expect(await engine.primaryKey()).toEqual(key(5))
    expect(await storage.getSeed()).toBe(null)
  })
})

function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)]
    } catch {
      return [] // the one that listed the directory
    }
  })
}
