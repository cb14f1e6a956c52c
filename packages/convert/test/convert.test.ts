import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileStorage, memoryStorage } from '@coreyard/storage'
import Corestore7 from 'corestore-7'
import Hypercore from 'hypercore'
import HypercoreStorage from 'hypercore-storage'
import RAM from 'random-access-memory'
import { describe, expect, it, onTestFinished } from 'vitest'
import { contentsOf, copyOf, emptyDirectory, key } from '../../storage/test/directories.js'
import { holderOf } from '../../storage/test/holder.js'
import { BareStorage, Bytes, LateStorage } from '../../storage/test/storages.js'
import { type CopyProgress, convert } from '../src/index.js'
import { engineOf, storedDirectory } from './engines.js'
import { fill, PLACES, type Place, recordsOf } from './stores.js'

const PAIRS = PLACES.flatMap(([from, makeFrom]) =>
  PLACES.map(([to, makeTo]) => [`${from} to ${to}`, makeFrom, makeTo] as const),
)

describe.each(PAIRS)('from %s', (_, makeFrom, makeTo) => {
  it('has every record afterwards, and the source stays unchanged', async () => {
    const [from, to] = [makeFrom(), makeTo()]
    await fill(from)
    const before = await recordsOf(from)
    const converted = await convert(from.argument, to.argument, { from: from.options, to: to.options })
    expect(await recordsOf(to)).toEqual(before)
    expect(await recordsOf(from)).toEqual(before)
    expect(converted).toMatchObject({ cores: 2, entries: Object.keys(before).length - 1 })
    expect(converted.written).toBe(converted.entries)
  })
})

describe('a source', () => {
  it.each(PLACES.slice(0, 2))('does not change by a byte if it is a directory of %s', async (_, make) => {
    const from = { ...make(), argument: emptyDirectory() }
    await fill(from)
    const before = contentsOf(from.argument)
    await convert(from.argument, memoryStorage())
    expect(contentsOf(from.argument)).toEqual(before)
  })

  it('does not change by a byte if it is of fileStorage, whatever is in its directory', async () => {
    const [files, rocks, empty] = [emptyDirectory(), emptyDirectory(), emptyDirectory()]
    await fill({ argument: fileStorage(files) })
    await fill({ argument: rocks })
    const before = [files, rocks, empty].map(contentsOf)
    const to = memoryStorage()
    await convert(fileStorage(files), to)
    expect(await recordsOf({ argument: to })).toEqual(await recordsOf({ argument: files }))
    await expect(convert(fileStorage(rocks), memoryStorage())).rejects.toMatchObject({
      code: 'STORAGE_CONFLICT',
      directory: rocks,
    })
    await expect(convert(fileStorage(empty), memoryStorage())).rejects.toMatchObject({
      code: 'STORAGE_NO_STORE',
    })
    expect([files, rocks, empty].map(contentsOf)).toEqual(before)
  })

  it.each([
    ['answers at once, with read and write only', BareStorage],
    ['answers late and out of order', LateStorage],
  ])('is a storage that %s, and so is the destination', async (_, Storage) => {
    const [source, target] = [new Bytes(), new Bytes()]
    const from: Place = { argument: () => new Storage(source) }
    const to: Place = { argument: () => new Storage(target) }
    await fill(from)
    await convert(from.argument, to.argument)
    expect(await recordsOf(to)).toEqual(await recordsOf(from))
  })

  it('is an instance of hypercore-storage, and so is the destination; both stay open', async () => {
    const directory = emptyDirectory()
    await fill({ argument: directory })
    const [from, to] = [new HypercoreStorage(directory), new HypercoreStorage(emptyDirectory())]
    await convert(from, to)
    expect([from.closed, to.closed]).toEqual([false, false])
    expect(await to.getSeed()).toEqual(await from.getSeed())
    await from.close()
    await to.close()
    expect(await recordsOf({ argument: to.path })).toEqual(await recordsOf({ argument: directory }))
  })

  it.each([
    ['a directory that is not there', () => join(emptyDirectory(), 'none')],
    ['an empty directory', () => emptyDirectory()],
    ['empty memory', () => memoryStorage()],
    ['a class, which begins empty', () => RAM],
  ])('that is %s is refused, and nothing is made', async (_, make) => {
    const [from, to] = [make(), emptyDirectory()]
    await expect(convert(from, to)).rejects.toMatchObject({ code: 'STORAGE_NO_STORE' })
    if (typeof from === 'string') expect(existsSync(join(from, 'CORESTORE'))).toBe(false)
    expect(contentsOf(to)).toEqual({})
  })

  it.each(PLACES)('that another store has open is refused: %s', async (_, make) => {
    const from = make()
    await fill(from)
    await engineOf(from.argument, from.options).open()
    const to = emptyDirectory()
    await expect(convert(from.argument, to)).rejects.toMatchObject({ code: 'STORAGE_LOCKED' })
    expect(contentsOf(to)).toEqual({})
  })

  it('that another process has open is refused', async () => {
    const { directory } = await storedDirectory()
    await holderOf(directory)
    await expect(convert(directory, memoryStorage())).rejects.toMatchObject({
      code: 'STORAGE_LOCKED',
      directory,
    })
  })

  it('is kept from being opened while it is converted', async () => {
    const { directory } = await storedDirectory()
    const opened: unknown[] = []
    /** Writes when the source has been refused. */
    class Waiting extends BareStorage {
      override write(...[offset, data, done]: Parameters<BareStorage['write']>): void {
        const refused = engineOf(directory).open()
        refused.then(
          () => opened.push('open'),
          ({ code }) => opened.push(code),
        )
        refused.catch(() => {}).finally(() => super.write(offset, data, done))
      }
    }
    const bytes = new Bytes()
    await convert(directory, () => new Waiting(bytes))
    expect(new Set(opened)).toEqual(new Set(['STORAGE_LOCKED']))
    await engineOf(directory).open()
  })

  it.each(PLACES.slice(0, 2))('that was never closed has all that was written: %s', async (_, make) => {
    const from = { ...make(), argument: emptyDirectory() }
    const engine = engineOf(from.argument, from.options)
    await engine.open()
    const core = new Hypercore(engine.storage)
    await core.append(['a', 'b'])
    const copy = copyOf(from.argument)
    const before = contentsOf(copy)
    const to = { argument: memoryStorage() }
    await convert(copy, to.argument, { from: { ...from.options, allowBackup: true } })
    expect(contentsOf(copy)).toEqual(before)
    await core.close()
    await engine.close()
    const again = new Hypercore(engineOf(to.argument).storage, core.key)
    await again.ready()
    expect(again.length).toBe(2)
    await again.close()
  })

  it('taken over from Corestore 6, but not core by core yet, is refused', async () => {
    const { directory } = await storedDirectory()
    const storage = new HypercoreStorage(directory)
    await storage.createCore({ key: key(1), discoveryKey: key(2) })
    const batch = storage.db.write({ autoDestroy: true })
    for await (const { key: record, value } of storage.db.iterator({
      gte: Uint8Array.of(1),
      lt: Uint8Array.of(2),
    })) {
      batch.tryPut(record, Uint8Array.of(0, ...value.subarray(1)))
    }
    await batch.flush()
    await storage.close()
    await expect(convert(directory, memoryStorage())).rejects.toMatchObject({
      code: 'STORAGE_NOT_MIGRATED',
      message: expect.stringContaining('02'.repeat(32)),
    })
  })

  it('of a later version is refused', async () => {
    const { directory } = await storedDirectory()
    const storage = new HypercoreStorage(directory)
    await storage.ready()
    const batch = storage.db.write({ autoDestroy: true })
    batch.tryPut(Uint8Array.of(0), Uint8Array.of(3, 0, 0, 0, 0))
    await batch.flush()
    await storage.close()
    await expect(convert(directory, memoryStorage())).rejects.toMatchObject({
      code: 'STORAGE_VERSION',
      message: expect.stringContaining('another version'),
    })
  })
})

describe('a destination', () => {
  it.each(PLACES)('that holds a store is refused and stays as it is: %s', async (_, make) => {
    const [from, to] = [memoryStorage(), make()]
    await fill({ argument: from })
    await fill(to, 1)
    const before = [await recordsOf(to), typeof to.argument === 'string' && contentsOf(to.argument)]
    await expect(convert(from, to.argument, { to: to.options })).rejects.toMatchObject({
      code: 'STORAGE_NOT_EMPTY',
    })
    expect([await recordsOf(to), typeof to.argument === 'string' && contentsOf(to.argument)]).toEqual(before)
  })

  it('that holds a store of the other engine is refused, and stays unchanged', async () => {
    const from = memoryStorage()
    await fill({ argument: from })
    for (const [wanted, there] of [
      ['rocksdb', 'random-access'],
      ['random-access', 'rocksdb'],
    ] as const) {
      const directory = emptyDirectory()
      await fill({ argument: directory, options: { engine: there } })
      const before = contentsOf(directory)
      await expect(convert(from, directory, { to: { engine: wanted } })).rejects.toMatchObject({
        code: 'STORAGE_CONFLICT',
      })
      expect(contentsOf(directory)).toEqual(before)
    }
  })

  it('with the files of a Corestore 6 is refused, and stays unchanged', async () => {
    const [from, directory] = [memoryStorage(), emptyDirectory()]
    await fill({ argument: from })
    writeFileSync(join(directory, 'primary-key'), key(3))
    const before = contentsOf(directory)
    await expect(convert(from, directory)).rejects.toMatchObject({ code: 'STORAGE_NOT_EMPTY', directory })
    expect(contentsOf(directory)).toEqual(before)
  })

  it('that another store has open is refused', async () => {
    const [from, to] = [memoryStorage(), memoryStorage()]
    await fill({ argument: from })
    await engineOf(to).open()
    await expect(convert(from, to)).rejects.toMatchObject({ code: 'STORAGE_LOCKED' })
  })

  it('keeps the files of other programs in its directory', async () => {
    const [from, directory] = [memoryStorage(), emptyDirectory()]
    await fill({ argument: from })
    writeFileSync(join(directory, 'notes.txt'), 'mine')
    mkdirSync(join(directory, 'src'))
    await convert(from, directory)
    expect(contentsOf(directory)).toHaveProperty(['notes.txt'])
    expect(contentsOf(directory)).toHaveProperty('src')
  })

  it('that loses its data when it closes is refused with STORAGE_FORGOTTEN', async () => {
    const from = memoryStorage()
    await fill({ argument: from })
    await expect(convert(from, RAM)).rejects.toMatchObject({
      code: 'STORAGE_FORGOTTEN',
      message: expect.stringContaining('RAM.reusable()'),
    })
  })

  it('that cannot be a directory is an error', async () => {
    const from = memoryStorage()
    await fill({ argument: from })
    const file = join(emptyDirectory(), 'file')
    writeFileSync(file, '')
    await expect(convert(from, file)).rejects.toMatchObject({ code: 'STORAGE_NOT_WRITABLE', directory: file })
  })

  it('is opened by Corestore 7 and written', async () => {
    const [from, directory] = [memoryStorage(), emptyDirectory()]
    await fill({ argument: from })
    await convert(from, directory)
    const store = new Corestore7(directory)
    const core = store.get({ name: 'core 1' })
    await core.ready()
    expect([core.length, core.writable]).toEqual([3, true])
    await core.append('more')
    await store.close()
  })
})

describe('an argument', () => {
  const store = async () => {
    const directory = emptyDirectory()
    await fill({ argument: directory })
    return directory
  }

  it('that names the directory of the source as the destination is refused, by any of its names', async () => {
    const directory = await store()
    const link = join(emptyDirectory(), 'link')
    symlinkSync(directory, link)
    const before = contentsOf(directory)
    for (const same of [directory, `${directory}/.`, link]) {
      for (const engine of ['rocksdb', 'random-access'] as const) {
        await expect(convert(directory, same, { to: { engine } })).rejects.toMatchObject({
          code: 'BAD_ARGUMENT',
        })
      }
    }
    const memory = memoryStorage()
    await expect(convert(memory, memory)).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
    expect(contentsOf(directory)).toEqual(before)
  })

  it('that is the file of the source under another name is refused', async () => {
    const directory = emptyDirectory()
    await fill({ argument: directory, options: { engine: 'random-access' } })
    const before = await recordsOf({ argument: directory })
    const files = fileStorage(directory)
    for (const [from, to] of [
      [directory, files],
      [files, directory],
      [files, fileStorage(directory)],
    ] as const) {
      await expect(convert(from, to)).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
    }
    const hidden = (path: string) => files(path)
    await expect(convert(directory, hidden)).rejects.toMatchObject({ code: 'STORAGE_LOCKED' })
    expect(await recordsOf({ argument: directory })).toEqual(before)
  })

  it('that is a relative path names the directory that it named when it was given', async () => {
    const before = process.cwd()
    onTestFinished(() => process.chdir(before))
    const [here, there] = [emptyDirectory(), emptyDirectory()]
    await fill({ argument: join(here, 'from') })
    process.chdir(here)
    await convert('from', './to', { progress: () => process.chdir(there) })
    expect(readdirSync(there)).toEqual([])
    expect(await recordsOf({ argument: join(here, 'to') })).toEqual(
      await recordsOf({ argument: join(here, 'from') }),
    )
  })

  it.each([
    ['from', { from: 1 }],
    ['to', { to: {} }],
    ['batchSize', { options: { batchSize: 0 } }],
    ['progress', { options: { progress: 'yes' } }],
    ['signal', { options: { signal: {} } }],
    ['engine', { options: { to: { engine: 'sqlite' } } }],
    ['engine', { options: { from: { engine: 'sqlite' } } }],
  ])('that is wrong is a TypeError, and nothing is made: %s', async (_, wrong) => {
    const directory = emptyDirectory()
    const given: Record<string, unknown> = { from: await store(), to: directory, options: {}, ...wrong }
    await expect(
      convert(given.from as never, given.to as never, given.options as never),
    ).rejects.toMatchObject({
      name: 'TypeError',
      code: 'BAD_ARGUMENT',
    })
    expect(contentsOf(directory)).toEqual({})
  })
})

describe('progress', () => {
  it('grows by one batch at most, and the record that fills it, in both phases', async () => {
    const from = memoryStorage()
    await fill({ argument: from }, 3, 20)
    const seen: CopyProgress[] = []
    const { entries, bytes, cores } = await convert(from, memoryStorage(), {
      batchSize: 2000,
      progress: (progress) => seen.push(progress),
    })
    for (const phase of ['copying', 'checking'] as const) {
      const steps = seen.filter((progress) => progress.phase === phase)
      expect(steps.at(-1)).toEqual({ phase, entries, bytes, cores })
      expect(steps.length).toBeGreaterThan(10)
      for (const [index, step] of steps.entries()) {
        expect(step.bytes - (steps[index - 1]?.bytes ?? 0)).toBeLessThan(2000 + 20 * 500 + 100)
      }
    }
    expect(seen.map(({ phase }) => phase).lastIndexOf('copying')).toBeLessThan(
      seen.map(({ phase }) => phase).indexOf('checking'),
    )
  })
})
