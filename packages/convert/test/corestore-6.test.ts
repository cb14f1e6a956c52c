import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RandomAccessStorage } from '@coreyard/random-access-kv'
import { fileStorage, memoryStorage, type RandomAccessFunction } from '@coreyard/storage'
import Corestore7 from 'corestore-7'
import crypto from 'hypercore-crypto'
import RandomAccessFile from 'random-access-file'
import RAM from 'random-access-memory'
import { describe, expect, it } from 'vitest'
import { contentsOf, copyOf, emptyDirectory, key } from '../../storage/test/directories.js'
import { convert } from '../src/index.js'
import { corestore6, expectFilled, fillStore, hex, looksOf } from './corestore-6.js'
import { engineOf } from './engines.js'
import { PLACES, recordsOf } from './stores.js'

describe.each(PLACES)('a directory of Corestore 6, converted to %s', (_, make) => {
  it('has all its cores, names and blocks afterwards, and stays unchanged', async () => {
    const [directory, to] = [emptyDirectory(), make()]
    const store = corestore6(directory)
    const filled = await fillStore(store)
    await store.close()
    const before = contentsOf(directory)
    const { cores } = await convert(directory, to.argument, { to: to.options })
    expect(cores).toBe(Object.keys(filled).length)
    expect(contentsOf(directory)).toEqual(before)
    await expectFilled(to, filled)
    expect(Buffer.from(await engineOf(to.argument, to.options).primaryKey())).toEqual(
      Buffer.from(store.primaryKey),
    )
  })
})

/** Storages for Corestore 6, and how they are read afterwards. */
const STORAGES: [string, () => { write: (path: string) => object; read: RandomAccessFunction }][] = [
  [
    'RAM.reusable()',
    () => {
      const ram = RAM.reusable()
      return { write: ram, read: ram }
    },
  ],
  [
    'a function that makes a random-access-file',
    () => {
      const directory = emptyDirectory()
      const files = (path: string) => new RandomAccessFile(path, { directory })
      return { write: files, read: files }
    },
  ],
  [
    'a function whose storages have only read',
    () => {
      const ram = RAM.reusable()
      return { write: ram, read: (path) => bare(ram(path)) }
    },
  ],
  [
    'a function whose storages answer late and out of order',
    () => {
      const ram = RAM.reusable()
      return { write: ram, read: (path) => late(ram(path)) }
    },
  ],
]

describe.each(STORAGES)('a Corestore 6 on %s', (_, make) => {
  it('is converted with the cores whose keys are given, and is not written', async () => {
    const { write, read } = make()
    const store = corestore6(write)
    const filled = await fillStore(store)
    await store.close()
    const ids = Object.values(filled).map((looks) => looks.key)
    const paths = ['primary-key', ...ids.flatMap(pathsOf)]
    const before = await hashes(write, paths)
    const to = { argument: memoryStorage() }
    await convert(untouched(read), to.argument, { cores: ids.map((id) => Buffer.from(id, 'hex')) })
    expect(await hashes(write, paths)).toEqual(before)
    await expectFilled(to, filled)
  })
})

describe('a Corestore 6 on fileStorage', () => {
  it('is converted without a change in its directory, also when a core is missing', async () => {
    const directory = emptyDirectory()
    const store = corestore6(directory)
    const filled = await fillStore(store)
    await store.close()
    const before = contentsOf(directory)
    const cores = Object.values(filled).map((looks) => Buffer.from(looks.key, 'hex'))
    const to = { argument: memoryStorage() }
    await convert(fileStorage(directory), to.argument, { cores })
    await expectFilled(to, filled)
    await expect(
      convert(fileStorage(directory), memoryStorage(), { cores: [...cores, key(9)] }),
    ).rejects.toMatchObject({ name: 'StorageError' })
    const missing = join(directory, 'missing')
    await expect(convert(fileStorage(missing), memoryStorage(), { cores })).rejects.toMatchObject({
      code: 'STORAGE_NO_STORE',
    })
    expect(contentsOf(directory)).toEqual(before)
  })
})

describe('the cores of a Corestore 6', () => {
  it('are found by key, by discovery key, and by keys that the primary key derives', async () => {
    const ram = RAM.reusable()
    const store = corestore6(ram)
    const [one, two] = [store.get({ name: 'one' }), store.get({ name: 'two' })]
    await one.append('1')
    await two.append('2')
    await store.close()
    const records = []
    for (const cores of [
      [one.key, two.key],
      [two.discoveryKey, one.discoveryKey, two.key],
      (primaryKey: Uint8Array) => {
        expect(Buffer.from(primaryKey)).toEqual(Buffer.from(store.primaryKey))
        return new Set([one.key, two.key])
      },
    ]) {
      const to = memoryStorage()
      expect(await convert(ram, to, { cores })).toMatchObject({ cores: 2 })
      records.push(await recordsOf({ argument: to }))
    }
    expect(records[1]).toEqual(records[0])
    expect(records[2]).toEqual(records[0])
  })

  it('keep the key that they have, whatever manifest they were made with', async () => {
    for (const manifestVersion of [0, 1]) {
      const directory = emptyDirectory()
      const store = corestore6(directory, { manifestVersion, compat: false })
      const core = store.get({ name: 'a' })
      await core.append(['x', 'y'])
      const looks = await looksOf(core)
      expect(looks.manifestVersion).toBe(manifestVersion)
      await store.close()
      const to = emptyDirectory()
      await convert(directory, to)
      const converted = new Corestore7(to)
      const again = converted.get({ name: 'a' })
      expect(await looksOf(again)).toEqual(looks)
      await again.append('z')
      await converted.close()
    }
  })

  it('with one name and different kinds of keys are all kept, and the one of the kind of Corestore 6 keeps the name', async () => {
    const directory = emptyDirectory()
    const keys: Uint8Array[] = []
    for (const options of [
      { manifestVersion: 1, compat: false },
      {},
      { manifestVersion: 0, compat: false },
    ]) {
      const store = corestore6(directory, options)
      const core = store.get({ name: 'a' })
      await core.append(`core ${keys.length}`)
      keys.push(core.key)
      await store.close()
    }
    const to = emptyDirectory()
    expect(await convert(directory, to)).toMatchObject({ cores: 3 })
    const store = new Corestore7(to)
    const named = store.get({ name: 'a' })
    await named.ready()
    expect(hex(named.key)).toBe(hex(keys[1] ?? key(0)))
    for (const [index, id] of keys.entries()) {
      expect(Buffer.from((await store.get(id).get(0)) ?? []).toString()).toBe(`core ${index}`)
    }
    await store.close()
  })

  it('that were replicated in part keep their blocks, and are not writable', async () => {
    const writer = corestore6(emptyDirectory())
    const original = writer.get({ name: 'a' })
    await original.append(
      Array.from({ length: 300 }, (_, index) => `block ${index} ${'-'.repeat(index % 7)}`),
    )
    const directory = emptyDirectory()
    const sparse = corestore6(directory)
    const copy = sparse.get(original.key)
    await copy.ready()
    const [near, far] = [writer.replicate(true), sparse.replicate(false)]
    near.pipe(far).pipe(near)
    for (const index of [0, 1, 7, 8, 9, 100, 255, 256, 299]) await copy.get(index)
    const looks = await looksOf(copy)
    await Promise.all([writer.close(), sparse.close()])
    const to = emptyDirectory()
    await convert(directory, to)
    const store = new Corestore7(to)
    const converted = store.get(original.key)
    expect(await looksOf(converted)).toEqual(looks)
    expect(looks.blocks.filter((block) => block !== null)).toHaveLength(9)
    expect(converted.writable).toBe(false)
    await store.close()
  })

  it('that have no name are found by their keys', async () => {
    const directory = emptyDirectory()
    const store = corestore6(directory)
    const keyPair = crypto.keyPair()
    const core = store.get({ keyPair } as never)
    await core.append('mine')
    const looks = await looksOf(core)
    await store.close()
    const to = emptyDirectory()
    await convert(directory, to)
    const again = new Corestore7(to)
    const found = again.get(keyPair.publicKey)
    expect(await looksOf(found)).toEqual(looks)
    expect(found.writable).toBe(true)
    await again.close()
  })
})

describe('a store of Corestore 6', () => {
  it('that was never closed has all writes, at any moment', async () => {
    const directory = emptyDirectory()
    const store = corestore6(directory)
    const core = store.get({ name: 'a' })
    for (let step = 0; step < 24; step++) {
      if (step === 9) await core.truncate(4)
      else if (step === 15) await core.clear(2, 6)
      else if (step === 17) await core.setUserData('mine', key(4))
      else await core.append([`${step}`, '', 'x'.repeat(step)])
      const looks = await looksOf(core)
      const to = emptyDirectory()
      await convert(copyOf(directory), to)
      const converted = new Corestore7(to)
      expect(await looksOf(converted.get({ name: 'a' }))).toEqual(looks)
      await converted.close()
    }
  })

  it('is converted without any core', async () => {
    const directory = emptyDirectory()
    const store = corestore6(directory)
    await store.ready()
    await store.close()
    const to = memoryStorage()
    expect(await convert(directory, to)).toMatchObject({ cores: 0, entries: 0 })
    expect(Buffer.from(await engineOf(to).primaryKey())).toEqual(Buffer.from(store.primaryKey))
  })

  it('is converted when its directory has an unfinished RocksDB and other files', async () => {
    const directory = emptyDirectory()
    const store = corestore6(directory)
    await store.get({ name: 'a' }).append('x')
    await store.close()
    const empty = emptyDirectory()
    const begun = engineOf(empty)
    await begun.storage.db.ready()
    await begun.close()
    cpSync(join(empty, 'db'), join(directory, 'db'), { recursive: true })
    mkdirSync(join(directory, 'cores/ab/cd', 'ab'.repeat(32)), { recursive: true })
    mkdirSync(join(directory, 'cores/ab/cd', `abcd${'ab'.repeat(30)}`), { recursive: true })
    writeFileSync(join(directory, 'cores/ab/notes.txt'), '')
    const before = contentsOf(directory)
    expect(await convert(directory, memoryStorage())).toMatchObject({ cores: 1 })
    expect(contentsOf(directory)).toEqual(before)
  })

  it('that Corestore 6 has open is refused, and stays unchanged', async () => {
    const directory = emptyDirectory()
    const store = corestore6(directory)
    await store.get({ name: 'a' }).append('x')
    const before = contentsOf(directory)
    await expect(convert(directory, emptyDirectory())).rejects.toMatchObject({
      code: 'STORAGE_LOCKED',
      directory,
    })
    expect(contentsOf(directory)).toEqual(before)
    await store.get({ name: 'a' }).append('y')
    await store.close()
    await convert(directory, memoryStorage())
  })

  it('continues core by core after any interruption', async () => {
    const directory = emptyDirectory()
    const store = corestore6(directory)
    const filled = await fillStore(store)
    await store.close()
    const wanted = memoryStorage()
    await convert(directory, wanted)
    const to = memoryStorage()
    for (let stop = 1; ; stop++) {
      const controller = new AbortController()
      let left = stop
      const progress = () => {
        if (--left === 0) controller.abort('enough')
      }
      try {
        await convert(directory, to, { batchSize: 50_000, progress, signal: controller.signal })
        break
      } catch (error) {
        expect(error).toBe('enough')
      }
    }
    expect(await recordsOf({ argument: to })).toEqual(await recordsOf({ argument: wanted }))
    await expectFilled({ argument: to }, filled)
  })
})

describe('a wrong source', () => {
  it.each([
    ['no key', 'STORAGE_NO_STORE', []],
    ['a core that is not there', 'STORAGE_EMPTY', [key(1)]],
    ['a key of another length', 'BAD_ARGUMENT', [key(1).subarray(1)]],
    ['no keys', 'BAD_ARGUMENT', 7],
  ])('with the list of cores is an error, and nothing is made: %s', async (what, code, cores) => {
    const ram = RAM.reusable()
    if (what !== 'no key') {
      const store = corestore6(ram)
      await store.ready()
      await store.close()
    }
    const to = emptyDirectory()
    await expect(convert(ram, to, { cores: cores as never })).rejects.toMatchObject({ code })
    expect(readdirSync(to)).toEqual([])
  })

  it('is a list of cores for a directory, in which they are found', async () => {
    await expect(convert(emptyDirectory(), memoryStorage(), { cores: [] })).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
    })
  })

  it('is a function that makes no storage, or throws', async () => {
    const cores: Uint8Array[] = []
    for (const make of [
      () => 5,
      () => {
        throw new Error('mine')
      },
    ]) {
      await expect(convert(make as never, memoryStorage(), { cores })).rejects.toMatchObject({
        code: 'BAD_ARGUMENT',
        message: expect.stringContaining("'primary-key'"),
      })
    }
  })

  it('is a primary key of another length', async () => {
    const directory = emptyDirectory()
    writeFileSync(join(directory, 'primary-key'), 'short')
    await expect(convert(directory, memoryStorage())).rejects.toMatchObject({
      code: 'STORAGE_CORRUPT',
      message: expect.stringContaining(join(directory, 'primary-key')),
    })
  })

  it('is a core in the folder of another', async () => {
    const directory = emptyDirectory()
    const store = corestore6(directory)
    const core = store.get({ name: 'a' })
    await core.append('x')
    await store.close()
    const id = hex(core.discoveryKey)
    const folder = join(directory, 'cores', id.slice(0, 2), id.slice(2, 4))
    cpSync(join(folder, id), join(folder, `${id.slice(0, 62)}00`), { recursive: true })
    rmSync(join(folder, id), { recursive: true })
    await expect(convert(directory, memoryStorage())).rejects.toMatchObject({ code: 'STORAGE_CORRUPT' })
    expect(existsSync(folder)).toBe(true)
  })
})

/** The files of a core in the layout. @param id its key in hex */
function pathsOf(id: string): string[] {
  const name = hex(crypto.discoveryKey(Buffer.from(id, 'hex')))
  return ['oplog', 'tree', 'bitfield', 'data'].map(
    (file) => `cores/${name.slice(0, 2)}/${name.slice(2, 4)}/${name}/${file}`,
  )
}

/** The SHA-256 of each. */
async function hashes(make: (path: string) => object, paths: string[]): Promise<string[]> {
  const all: string[] = []
  for (const path of paths) {
    const storage = make(path) as RandomAccessFile
    const size = await new Promise<number>((resolve) => storage.stat((_, stat) => resolve(stat?.size ?? 0)))
    const bytes = await new Promise<Uint8Array>((resolve) =>
      size === 0
        ? resolve(new Uint8Array(0))
        : storage.read(0, size, (_, data) => resolve(data ?? new Uint8Array(0))),
    )
    await new Promise<void>((resolve) => storage.close(() => resolve()))
    all.push(`${size} ${createHash('sha256').update(bytes).digest('hex')}`)
  }
  return all
}

/** The same storages, that fail the test if anything but reading is asked of them. */
function untouched(make: RandomAccessFunction): RandomAccessFunction {
  const never = () => expect.fail('The source was written')
  return (path) => {
    const storage = make(path)
    return new Proxy(storage, {
      get(target, name) {
        if (['write', 'truncate', 'del', 'unlink', 'suspend'].includes(String(name))) return never
        const value = Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }
}

function bare(ram: RAM): RandomAccessStorage {
  return {
    read: (offset, size, done) => ram.read(offset, size, done),
    write: () => expect.fail('The source was written'),
  }
}

function late(ram: RAM): RandomAccessStorage {
  let asked = 0
  const later = (run: () => void) => {
    const wait = (turns: number): void => {
      if (turns === 0) run()
      else setImmediate(wait, turns - 1)
    }
    wait(3 - (asked++ % 3))
  }
  return {
    read: (offset, size, done) => later(() => ram.read(offset, size, done)),
    write: () => expect.fail('The source was written'),
    stat: (done) => later(() => ram.stat(done)),
    close: (done) => later(() => ram.close(done)),
  }
}
