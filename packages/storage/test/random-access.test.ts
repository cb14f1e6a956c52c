import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Hypercore from 'hypercore'
import RandomAccessFile from 'random-access-file'
import RAM from 'random-access-memory'
import { describe, expect, it } from 'vitest'
import { fileStorage, memoryStorage, type StorageArgument, toStorageError } from '../src/index.js'
import { contentsOf, copyOf, emptyDirectory, key } from './directories.js'
import { engineOf, storedDirectory } from './engines.js'
import { BareStorage, Bytes, LateStorage } from './storages.js'

const engine = 'random-access'

/** Storages that are found again by the same argument. */
const LASTING: [string, () => StorageArgument][] = [
  ['memoryStorage()', () => memoryStorage()],
  ['RAM.reusable()', () => RAM.reusable()],
  ['fileStorage(directory)', () => fileStorage(emptyDirectory())],
  [
    'fileStorage(directory, { lock: false, sync: false })',
    () => fileStorage(emptyDirectory(), { lock: false, sync: false }),
  ],
  [
    'a function that makes a random-access-file',
    () => {
      const directory = emptyDirectory()
      return (path) => new RandomAccessFile(path, { directory, lock: true })
    },
  ],
  [
    'a storage that has only read and write, and answers at once',
    () => {
      const bytes = new Bytes()
      return () => new BareStorage(bytes)
    },
  ],
  [
    'a storage that answers late and out of order',
    () => {
      const bytes = new Bytes()
      return () => new LateStorage(bytes)
    },
  ],
]

describe.each(LASTING)('a store on %s', (_, make) => {
  it('has its cores and its primary key when it is opened again', async () => {
    const argument = make()
    const first = engineOf(argument)
    const primaryKey = await first.primaryKey()
    const core = new Hypercore(first.storage)
    await core.append(['small', Buffer.alloc(100_000, 7)])
    const id = core.key
    await core.close()
    await first.close()

    const second = engineOf(argument)
    expect(Buffer.from(await second.primaryKey())).toEqual(Buffer.from(primaryKey))
    const again = new Hypercore(second.storage, id)
    await again.ready()
    expect([again.length, again.writable]).toEqual([2, true])
    const [small, large] = [await again.get(0), await again.get(1)]
    expect([small, large].map((block) => Buffer.isBuffer(block))).toEqual([true, true])
    expect(small.toString()).toBe('small')
    expect(Buffer.alloc(100_000, 7).equals(large)).toBe(true)
    await again.close()
  })

  it('keeps its data when a store on it closes without opening', async () => {
    const argument = make()
    await engineOf(argument).close()
    const first = engineOf(argument)
    const primaryKey = await first.primaryKey()
    await first.close()
    expect(Buffer.from(await engineOf(argument).primaryKey())).toEqual(Buffer.from(primaryKey))
  })

  it('is refused with another primary key than its own, and read with readOnly', async () => {
    const argument = make()
    const writer = engineOf(argument, { primaryKey: key(1) })
    await writer.open()
    await writer.close()
    const wrong = engineOf(argument, { primaryKey: key(2) })
    await expect(wrong.open()).rejects.toMatchObject({ code: 'STORAGE_CONFLICT' })
    await wrong.close()
    const reader = engineOf(argument, { readOnly: true })
    expect(Buffer.from(await reader.primaryKey())).toEqual(Buffer.from(key(1)))
  })
})

describe('a class', () => {
  it('is made with the name of the one file', async () => {
    const names: unknown[] = []
    class Named extends RAM {
      constructor(name: string) {
        super()
        names.push(name)
      }
    }
    await engineOf(Named).open()
    expect(names).toEqual(['store.kv'])
  })

  it('that loses its data on close gets a new store every time', async () => {
    const first = engineOf(RAM)
    const primaryKey = await first.primaryKey()
    await first.close()
    expect(await engineOf(RAM).primaryKey()).not.toEqual(primaryKey)
  })

  it('that is a function with a prototype, like old random-access-storage, is called with new', async () => {
    function Old(this: { ram: RAM }): void {
      this.ram = new RAM()
    }
    Old.prototype = {
      read(this: { ram: RAM }, ...args: Parameters<RAM['read']>) {
        this.ram.read(...args)
      },
      write(this: { ram: RAM }, ...args: Parameters<RAM['write']>) {
        this.ram.write(...args)
      },
    }
    await engineOf(Old as unknown as StorageArgument).open()
  })
})

describe('a store in no directory', () => {
  it('leaves the working directory alone', async () => {
    const before = readdirSync('.')
    await engineOf(memoryStorage()).open()
    expect(readdirSync('.')).toEqual(before)
  })

  it('is empty for readOnly, and stays so', async () => {
    const storage = memoryStorage()
    await expect(engineOf(storage, { readOnly: true }).open()).rejects.toMatchObject({
      code: 'STORAGE_NO_STORE',
    })
    await engineOf(storage).open()
  })

  it('reports the error of a failing storage', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
    class Full extends RAM {
      override write(_: number, __: Uint8Array, done?: (error: Error | null) => void): void {
        done?.(full)
      }
    }
    await expect(engineOf(Full).open()).rejects.toMatchObject({ code: 'STORAGE_FULL', cause: full })
  })

  it('reports a lock of another store, and opens after that store has closed', async () => {
    const directory = emptyDirectory()
    for (const storage of [
      (path: string) => new RandomAccessFile(path, { directory, lock: true }),
      memoryStorage(),
    ]) {
      const holder = engineOf(storage)
      expect(holder.directory).toBe(null)
      await holder.open()
      const other = engineOf(storage)
      await expect(other.open()).rejects.toMatchObject({ code: 'STORAGE_LOCKED', directory: null })
      await other.close()
      await expect(engineOf(storage).open()).rejects.toMatchObject({ code: 'STORAGE_LOCKED' })
      await holder.close()
      await engineOf(storage).open()
    }
  })
})

describe("a directory with the engine 'random-access'", () => {
  it('has one file, and opens with its own engine by default', async () => {
    const directory = join(emptyDirectory(), 'made', 'with', 'those', 'above')
    const first = engineOf(directory, { engine })
    const primaryKey = await first.primaryKey()
    expect([first.directory, first.storage.path]).toEqual([directory, directory])
    await first.close()
    expect(readdirSync(directory)).toEqual(['store.kv'])
    const second = engineOf(directory)
    expect(await second.primaryKey()).toEqual(primaryKey)
    expect(readdirSync(directory)).toEqual(['store.kv'])
  })

  it('is refused with the engine rocksdb, and stays unchanged', async () => {
    const { directory } = await storedFile()
    const before = contentsOf(directory)
    await expect(engineOf(directory, { engine: 'rocksdb' }).open()).rejects.toMatchObject({
      code: 'STORAGE_CONFLICT',
      directory,
      message: expect.stringContaining("holds a store of the engine 'random-access'"),
    })
    await expect(engineOf(directory, { engine: 'rocksdb', readOnly: true }).open()).rejects.toMatchObject({
      code: 'STORAGE_CONFLICT',
    })
    expect(contentsOf(directory)).toEqual(before)
  })

  it('is refused in the directory of a RocksDB or Corestore 6 store, which stays unchanged', async () => {
    const { directory: rocks } = await storedDirectory()
    const corestore6 = emptyDirectory()
    writeFileSync(join(corestore6, 'primary-key'), key(6))
    for (const directory of [rocks, corestore6]) {
      const before = contentsOf(directory)
      for (const readOnly of [false, true]) {
        await expect(engineOf(directory, { engine, readOnly }).open()).rejects.toMatchObject({
          code: 'STORAGE_CONFLICT',
          directory,
          message:
            directory === rocks
              ? expect.stringContaining("holds a store of the engine 'rocksdb'")
              : expect.stringMatching(
                  /^(?!.*open the path).*holds a store of Corestore 6.*convert\('.*engine: 'random-access'/,
                ),
        })
      }
      expect(contentsOf(directory)).toEqual(before)
    }
  })

  it('does not change by a byte with a wrong primary key or readOnly', async () => {
    const { directory, primaryKey } = await storedFile()
    const before = contentsOf(directory)
    const wrong = engineOf(directory, { primaryKey: key(9) })
    await expect(wrong.open()).rejects.toMatchObject({ code: 'STORAGE_CONFLICT' })
    await wrong.close()
    const reader = engineOf(directory, { readOnly: true })
    expect(await reader.primaryKey()).toEqual(primaryKey)
    await reader.close()
    const missing = join(emptyDirectory(), 'missing')
    await expect(engineOf(missing, { engine, readOnly: true }).open()).rejects.toMatchObject({
      code: 'STORAGE_NO_STORE',
      directory: missing,
    })
    expect(existsSync(missing)).toBe(false)
    expect(contentsOf(directory)).toEqual(before)
  })

  it('is locked while it is open, and opens later with wait', async () => {
    const { directory, primaryKey } = await storedFile()
    const holder = engineOf(directory)
    await holder.open()
    await expect(engineOf(directory).open()).rejects.toMatchObject({ code: 'STORAGE_LOCKED', directory })
    const waiting = engineOf(directory, { wait: true })
    const opened = waiting.primaryKey()
    const given = engineOf(directory, { wait: true })
    const never = given.open()
    await given.close()
    await expect(never).rejects.toMatchObject({ code: 'STORAGE_CLOSED' })
    await holder.close()
    expect(await opened).toEqual(primaryKey)
  })

  it('is not recognised in an empty file of its name', async () => {
    const { directory, primaryKey } = await storedDirectory()
    writeFileSync(join(directory, 'store.kv'), '')
    for (const options of [{}, { engine: 'rocksdb' }, { readOnly: true }] as const) {
      const rocks = engineOf(directory, options)
      expect(await rocks.primaryKey()).toEqual(primaryKey)
      await rocks.close()
    }
  })

  it('does not open from an engine that was closed before', async () => {
    const directory = join(emptyDirectory(), 'never')
    const closed = engineOf(directory, { engine })
    await closed.close()
    await expect(closed.storage.ready()).rejects.toMatchObject({ code: 'STORAGE_CLOSED' })
    expect(existsSync(directory)).toBe(false)
  })

  it('closes while it opens, at whatever moment', async () => {
    const directory = emptyDirectory()
    for (let turns = 0; turns < 12; turns++) {
      const opening = engineOf(directory, { engine })
      const opened = opening.open().catch((error: { code: string }) => error.code)
      for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate)
      await opening.close()
      expect([undefined, 'STORAGE_CLOSED']).toContain(await opened)
    }
    await engineOf(directory).open()
  })

  it('may be copied and moved', async () => {
    const { directory, primaryKey } = await storedFile()
    expect(await engineOf(copyOf(directory)).primaryKey()).toEqual(primaryKey)
  })

  it('releases its lock while suspended, and cannot continue after another store wrote to it', async () => {
    const { directory } = await storedFile()
    const suspended = engineOf(directory)
    await suspended.open()
    await suspended.storage.suspend()
    const other = engineOf(directory)
    await other.open()
    await expect(suspended.storage.resume()).rejects.toMatchObject({ code: 'STORAGE_LOCKED' })
    const core = new Hypercore(other.storage)
    await core.append('something else')
    await core.close()
    await other.close()
    const error: unknown = await suspended.storage.resume().catch((reason) => reason)
    expect(toStorageError(error, directory)).toMatchObject({ code: 'STORAGE_CHANGED', directory })
    await suspended.close()
    await engineOf(directory).open()
  })

  it('reports damage with file and offset, and a file of another kind', async () => {
    const { directory } = await storedFile()
    const file = join(directory, 'store.kv')
    const intact = join(emptyDirectory(), 'intact')
    cpSync(file, intact)
    const content = readFileSync(file)
    // Past both meta pages: the tree and what it needs.
    writeFileSync(file, content.subarray(0, 8192))
    await expect(engineOf(directory).open()).rejects.toMatchObject({
      code: 'STORAGE_CORRUPT',
      directory,
      message: expect.stringMatching(/store\.kv ends before offset \d+/),
    })
    writeFileSync(file, content.fill(0xaa, 8192))
    await expect(engineOf(directory).open()).rejects.toMatchObject({
      code: 'STORAGE_CORRUPT',
      directory,
      message: expect.stringMatching(/at offset \d+ of .*store\.kv/),
    })
    writeFileSync(file, 'my own notes, which happen to have this name'.repeat(500))
    const before = contentsOf(directory)
    await expect(engineOf(directory).open()).rejects.toMatchObject({ code: 'STORAGE_CONFLICT', directory })
    expect(contentsOf(directory)).toEqual(before)
    cpSync(intact, file)
    await engineOf(directory).open()
  })

  it('reports a path that cannot be a directory', async () => {
    const file = join(emptyDirectory(), 'file')
    writeFileSync(file, '')
    await expect(engineOf(file, { engine }).open()).rejects.toMatchObject({ code: 'STORAGE_NOT_WRITABLE' })
    const taken = emptyDirectory()
    mkdirSync(join(taken, 'store.kv'))
    await expect(engineOf(taken, { engine }).open()).rejects.toMatchObject({ code: 'STORAGE_NOT_WRITABLE' })
  })
})

describe('fileStorage(directory)', () => {
  it("is the directory with the engine 'random-access'", async () => {
    const { directory, primaryKey } = await storedFile()
    const files = engineOf(fileStorage(directory))
    expect(files.directory).toBe(directory)
    expect(await files.primaryKey()).toEqual(primaryKey)
    await expect(engineOf(fileStorage(directory)).open()).rejects.toMatchObject({
      code: 'STORAGE_LOCKED',
      directory,
    })
    const waiting = engineOf(fileStorage(directory), { wait: true })
    const opened = waiting.primaryKey()
    await files.close()
    expect(await opened).toEqual(primaryKey)
    expect(() => engineOf(fileStorage(directory), { engine: 'rocksdb' })).toThrow(
      expect.objectContaining({ code: 'BAD_ARGUMENT' }),
    )
  })

  it('creates nothing with readOnly, not even a directory', async () => {
    const directory = emptyDirectory()
    const missing = join(directory, 'missing')
    for (const argument of [fileStorage(directory), fileStorage(missing)]) {
      await expect(engineOf(argument, { readOnly: true }).open()).rejects.toMatchObject({
        code: 'STORAGE_NO_STORE',
      })
    }
    expect(readdirSync(directory)).toEqual([])
  })

  it('is refused in the directory of a RocksDB store, which stays unchanged', async () => {
    const { directory } = await storedDirectory()
    const before = contentsOf(directory)
    for (const readOnly of [false, true]) {
      await expect(engineOf(fileStorage(directory), { readOnly }).open()).rejects.toMatchObject({
        code: 'STORAGE_CONFLICT',
        directory,
      })
    }
    expect(contentsOf(directory)).toEqual(before)
    await engineOf(directory).open()
  })

  it('is shared by readers, and locked against writers meanwhile', async () => {
    const { directory, primaryKey } = await storedFile()
    for (let reader = 0; reader < 2; reader++) {
      const readOnly = engineOf(fileStorage(directory), { readOnly: true, primaryKey })
      expect(await readOnly.primaryKey()).toEqual(primaryKey)
    }
    await expect(engineOf(directory).open()).rejects.toMatchObject({ code: 'STORAGE_LOCKED' })
  })

  it('without its lock lets others open it', async () => {
    const { directory, primaryKey } = await storedFile()
    await engineOf(directory).open()
    const other = engineOf(fileStorage(directory, { lock: false }), { primaryKey })
    expect(await other.primaryKey()).toEqual(primaryKey)
  })

  it('is a function that makes a random-access-storage for any caller', async () => {
    const directory = emptyDirectory()
    const wrapped = (path: string) => fileStorage(directory)(path)
    const primaryKey = await engineOf(wrapped).primaryKey()
    expect(readdirSync(directory)).toEqual(['store.kv'])
    expect(primaryKey).toHaveLength(32)
  })
})

/** A directory with a closed store in one file, and its primary key. */
async function storedFile(): Promise<{ directory: string; primaryKey: Uint8Array }> {
  const directory = emptyDirectory()
  const made = engineOf(directory, { engine })
  const primaryKey = await made.primaryKey()
  await made.close()
  return { directory, primaryKey }
}
