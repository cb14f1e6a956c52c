import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import RocksDB from 'rocksdb-native'
import { describe, expect, it } from 'vitest'
import { contentsOf, copyOf, emptyDirectory } from './directories.js'
import { engineOf } from './engines.js'

describe('a path that no directory can be at', () => {
  it('a file', async () => {
    const path = join(emptyDirectory(), 'file')
    writeFileSync(path, 'content')
    const engine = engineOf(path)
    await expect(engine.open()).rejects.toMatchObject({
      name: 'StorageError',
      code: 'STORAGE_NOT_WRITABLE',
      directory: path,
      message: expect.stringContaining(path),
      cause: expect.objectContaining({ code: 'ENOTDIR' }),
    })
    expect(existsSync(path)).toBe(true)
  })

  it('a path under a file', async () => {
    const parent = emptyDirectory()
    writeFileSync(join(parent, 'file'), 'content')
    const before = contentsOf(parent)
    const error = expect(engineOf(join(parent, 'file', 'a', 'b')).open()).rejects
    await error.toMatchObject({
      code: 'STORAGE_NOT_WRITABLE',
      cause: expect.objectContaining({ code: 'ENOTDIR' }),
    })
    expect(contentsOf(parent)).toEqual(before)
  })

  it('a name that is too long', async () => {
    const directory = join(emptyDirectory(), 'a'.repeat(300))
    await expect(engineOf(directory).open()).rejects.toMatchObject({
      code: 'STORAGE_NOT_WRITABLE',
      cause: expect.objectContaining({ code: 'ENAMETOOLONG' }),
    })
  })

  it.runIf(process.platform === 'linux').each(['/proc/coreyard', '/sys/coreyard/a'])(
    'a file system that the kernel makes: %s',
    async (directory) => {
      await expect(engineOf(directory).open()).rejects.toMatchObject({
        code: 'STORAGE_NOT_WRITABLE',
        directory,
      })
    },
  )

  it('a directory whose db is a file', async () => {
    const directory = emptyDirectory()
    writeFileSync(join(directory, 'db'), 'content')
    const before = contentsOf(directory)
    await expect(engineOf(directory).open()).rejects.toMatchObject({ code: 'STORAGE_NOT_WRITABLE' })
    expect(contentsOf(directory)).toEqual(before)
  })

  it('a directory whose CORESTORE is one, too', async () => {
    const directory = emptyDirectory()
    mkdirSync(join(directory, 'CORESTORE'))
    await expect(engineOf(directory).open()).rejects.toMatchObject({
      code: 'STORAGE_NOT_WRITABLE',
      cause: expect.objectContaining({ code: 'EISDIR' }),
    })
  })
})

describe('a full disk', () => {
  // Writing to /dev/full fails as writing to a full disk does.
  it.runIf(existsSync('/dev/full'))(
    'is reported as STORAGE_FULL, and the directory opens when there is space',
    async () => {
      const directory = emptyDirectory()
      mkdirSync(join(directory, 'db'))
      symlinkSync('/dev/full', join(directory, 'db', '000001.dbtmp'))
      const engine = engineOf(directory)
      await expect(engine.open()).rejects.toMatchObject({
        code: 'STORAGE_FULL',
        directory,
        message: expect.stringMatching(/full/),
        cause: expect.objectContaining({ code: 'ENOSPC' }),
      })
      await engine.close()

      rmSync(join(directory, 'db'), { recursive: true })
      await engineOf(directory).open()
    },
  )
})

describe('a damaged store', () => {
  const damages: [string, RegExp, (file: string) => void][] = [
    ['CURRENT without content', /CURRENT/, (file) => writeFileSync(file, '')],
    ['CURRENT with other content', /CURRENT/, (file) => writeFileSync(file, 'noise\n')],
    ['CURRENT that names no file', /CURRENT/, (file) => writeFileSync(file, 'MANIFEST-999999\n')],
    ['no CURRENT', /CURRENT/, (file) => rmSync(file)],
    ['a manifest of noise', /MANIFEST/, (file) => writeFileSync(file, 'noise'.repeat(50))],
    ['no manifest', /MANIFEST/, (file) => rmSync(file)],
    ['a table that is cut short', /sst/, (file) => truncateSync(file, 10)],
    ['a table of noise', /sst/, (file) => writeFileSync(file, Buffer.alloc(statSync(file).size, 7))],
    [
      'a table with other bytes in a block',
      /sst/,
      (file) => writeFileSync(file, flipped(readFileSync(file))),
    ],
    ['no table', /sst/, (file) => rmSync(file)],
  ]

  it.each(damages)('is refused for %s, and opens when it has been put back', async (_, files, damage) => {
    const { directory, primaryKey } = await directoryWithTable()
    const database = join(directory, 'db')
    const backup = copyOf(database)
    const damaged = readdirSync(database).filter((name) => files.test(name))
    expect(damaged).not.toEqual([])
    for (const name of damaged) damage(join(database, name))

    const engine = engineOf(directory)
    await expect(engine.open()).rejects.toMatchObject({
      code: 'STORAGE_CORRUPT',
      directory,
      message: expect.stringContaining(directory),
      cause: expect.any(Error),
    })
    await engine.close()

    rmSync(database, { recursive: true })
    cpSync(backup, database, { recursive: true })
    expect(await engineOf(directory).primaryKey()).toEqual(primaryKey)
  })
})

describe('a directory that holds something else', () => {
  it('the database of another program is refused', async () => {
    const directory = emptyDirectory()
    const rocks = new RocksDB(join(directory, 'db'))
    const other = rocks.columnFamily('other')
    await other.ready()
    await rocks.close()
    await expect(engineOf(directory).open()).rejects.toMatchObject({ code: 'STORAGE_CONFLICT', directory })
  })

  it('a file primary-key of another size is refused and stays', async () => {
    const directory = emptyDirectory()
    writeFileSync(join(directory, 'primary-key'), 'a primary key that I wrote down')
    const before = contentsOf(directory)
    await expect(engineOf(directory).open()).rejects.toMatchObject({
      code: 'STORAGE_CORRUPT',
      message: expect.stringContaining('32 bytes'),
    })
    expect(contentsOf(directory)).toEqual(before)
  })
})

/** A store with its records in a table, where RocksDB puts them when it needs the memory or is asked to. */
async function directoryWithTable(): Promise<{ directory: string; primaryKey: Uint8Array }> {
  const directory = emptyDirectory()
  const engine = engineOf(directory)
  const primaryKey = await engine.primaryKey()
  await engine.storage.db.flush()
  await engine.close()
  return { directory, primaryKey }
}

/** Other bytes at the start, where the records are; the end, which says what the file is, stays. */
function flipped(table: Uint8Array): Uint8Array {
  return table.map((byte, index) => (index < 100 ? ~byte : byte))
}
