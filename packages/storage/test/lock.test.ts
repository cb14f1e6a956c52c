import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import HypercoreStorage from 'hypercore-storage'
import { describe, expect, it } from 'vitest'
import { contentsOf, copyOf, emptyDirectory, key } from './directories.js'
import { engineOf, storedDirectory } from './engines.js'
import { holderOf } from './holder.js'

describe('a directory that another process has open', () => {
  it('is refused by name, and stays unchanged', async () => {
    const { directory } = await storedDirectory()
    await holderOf(directory)
    const before = contentsOf(directory)

    await expect(engineOf(directory).open()).rejects.toMatchObject({
      name: 'StorageError',
      code: 'STORAGE_LOCKED',
      directory,
      message: expect.stringContaining(directory),
      cause: expect.objectContaining({ message: 'File descriptor could not be locked' }),
    })

    expect(contentsOf(directory)).toEqual(before)
  })

  it('is refused as locked before its primary key is compared', async () => {
    const { directory } = await storedDirectory()
    await holderOf(directory)
    const engine = engineOf(directory, { primaryKey: key(7) })
    await expect(engine.open()).rejects.toMatchObject({ code: 'STORAGE_LOCKED' })
  })

  it('opens after that process has closed it', async () => {
    const { directory, primaryKey } = await storedDirectory()
    const holder = await holderOf(directory)
    await expect(engineOf(directory).open()).rejects.toMatchObject({ code: 'STORAGE_LOCKED' })
    await holder.end()
    expect(await engineOf(directory).primaryKey()).toEqual(primaryKey)
  })

  it('is waited for with wait', async () => {
    const { directory, primaryKey } = await storedDirectory()
    const holder = await holderOf(directory)
    const waiting = engineOf(directory, { wait: true }).primaryKey()
    await expect(engineOf(directory).open()).rejects.toMatchObject({ code: 'STORAGE_LOCKED' })
    await holder.end()
    expect(await waiting).toEqual(primaryKey)
  })

  it('is no longer waited for when the waiting store closes', async () => {
    const { directory } = await storedDirectory()
    await holderOf(directory)
    const engine = engineOf(directory, { wait: true })
    const waiting = expect(engine.open()).rejects.toMatchObject({ code: 'STORAGE_CLOSED', directory })
    // One that started later and does not wait has been refused: the one that waits has been, too.
    await expect(engineOf(directory).open()).rejects.toMatchObject({ code: 'STORAGE_LOCKED' })
    await engine.close()
    await waiting
  })

  it('is refused if it is open as a backup', async () => {
    const { directory } = await storedDirectory()
    await holderOf(directory, { allowBackup: true })
    for (const allowBackup of [false, true]) {
      await expect(engineOf(directory, { allowBackup }).open()).rejects.toMatchObject({
        code: 'STORAGE_LOCKED',
        cause: expect.objectContaining({ message: expect.stringContaining('While lock file') }),
      })
    }
  })

  it('is not waited for with allowBackup', async () => {
    const { directory } = await storedDirectory()
    await holderOf(directory)
    const engine = engineOf(directory, { allowBackup: true, wait: true })
    await expect(engine.open()).rejects.toMatchObject({ code: 'STORAGE_LOCKED' })
  })

  it('can be read with readOnly', async () => {
    const { directory, primaryKey } = await storedDirectory()
    await holderOf(directory)
    expect(await engineOf(directory, { readOnly: true }).primaryKey()).toEqual(primaryKey)
  })
})

describe('a directory that another store of this process has open', () => {
  it('is refused, and the other store keeps working', async () => {
    const directory = emptyDirectory()
    const first = engineOf(directory)
    await first.open()

    await expect(engineOf(directory).open()).rejects.toMatchObject({ code: 'STORAGE_LOCKED', directory })
    await expect(engineOf(directory, { allowBackup: true }).open()).rejects.toMatchObject({
      code: 'STORAGE_LOCKED',
      cause: expect.objectContaining({ message: expect.stringContaining('lock hold by current process') }),
    })

    expect(await first.storage.getSeed()).toEqual(await first.primaryKey())
  })

  it('cannot be opened by hypercore-storage', async () => {
    const { directory } = await storedDirectory()
    await engineOf(directory).open()
    await expect(new HypercoreStorage(directory).ready()).rejects.toThrow('could not be locked')
  })

  it('is waited for by more stores than libuv has threads', async () => {
    const directory = emptyDirectory()
    const waiting = Array.from({ length: 6 }, () => engineOf(directory, { wait: true }))
    const opened: unknown[] = []
    await Promise.all(
      waiting.map(async (engine) => {
        opened.push(await engine.primaryKey())
        await engine.close()
      }),
    )
    expect(opened).toEqual(Array.from({ length: 6 }, () => opened[0]))
  })
})

describe('a new directory', () => {
  it('has one owner and stays sound when many stores make it at the same moment', async () => {
    for (let round = 0; round < 40; round++) {
      const directory = emptyDirectory()
      const engines = Array.from({ length: 8 }, () => engineOf(directory))
      // Apart by a few turns of the event loop, which differ every time: where they meet is what matters.
      const settled = await Promise.allSettled(
        engines.map(async (engine, index) => {
          for (let turn = 0; turn < index * (round % 4); turn++) await new Promise(setImmediate)
          await engine.open()
        }),
      )
      const failures = settled.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []))
      expect(failures).toEqual(Array(7).fill('STORAGE_LOCKED'))
      await Promise.all(engines.map((engine) => engine.close()))

      const again = engineOf(directory)
      await again.open()
      await again.close()
      expect(readdirSync(directory).sort()).toEqual(['CORESTORE', 'db'])
    }
  })
})

describe('a directory that was copied', () => {
  it('is refused with advice, and stays unchanged', async () => {
    const { directory } = await storedDirectory()
    const copy = copyOf(directory)
    const before = contentsOf(copy)
    await expect(engineOf(copy).open()).rejects.toMatchObject({
      code: 'STORAGE_MOVED',
      directory: copy,
      message: expect.stringContaining('allowBackup: true'),
      cause: expect.objectContaining({ code: 'DEVICE_FILE' }),
    })
    expect(contentsOf(copy)).toEqual(before)
  })

  it('opens with allowBackup, which does not change the device file', async () => {
    const { directory, primaryKey } = await storedDirectory()
    const copy = copyOf(directory)
    const before = readFileSync(join(copy, 'CORESTORE'))
    expect(await engineOf(copy, { allowBackup: true }).primaryKey()).toEqual(primaryKey)
    expect(readFileSync(join(copy, 'CORESTORE'))).toEqual(before)
  })

  it('opens with readOnly', async () => {
    const { directory, primaryKey } = await storedDirectory()
    expect(await engineOf(copyOf(directory), { readOnly: true }).primaryKey()).toEqual(primaryKey)
  })

  it('has no device file if it was made with allowBackup', async () => {
    const directory = emptyDirectory()
    await engineOf(directory, { allowBackup: true }).open()
    expect(existsSync(join(directory, 'CORESTORE'))).toBe(false)
  })
})
