// Stores on real files: processes that are killed, locks, suspending, and random-access-file.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import RandomAccessFile from 'random-access-file'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FileStorage } from '../src/file.js'
import { RandomAccessKV } from '../src/index.js'
import { assertSound } from './support/model.js'

const CHILD = fileURLToPath(new URL('support/child.js', import.meta.url))
const bytes = (text: string) => Buffer.from(text)

let directory = ''
let file = ''
let told = ''

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'random-access-kv-'))
  file = path.join(directory, 'deep', 'store.kv')
  told = path.join(directory, 'told')
})

afterEach(() => {
  fs.rmSync(directory, { recursive: true })
})

/** Lets a process write from batch `first` on and kills it after some batches. Returns the last one it acknowledged. */
async function writeAndKill(first: number, batches: number): Promise<number> {
  const child = spawn(process.execPath, [CHILD, file, String(first), told])
  let left = batches
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  child.stdout.on('data', (chunk) => {
    left -= chunk.length
    if (left <= 0) child.kill('SIGKILL')
  })
  const [code] = await once(child, 'close')
  expect(code, errors).toBe(null)
  const output = fs.readFileSync(told, 'utf8')
  // The last line may have been cut off.
  return Number(output.slice(0, output.lastIndexOf('\n')).split('\n').pop())
}

const KILLS = process.env.TEST_ALL ? 100 : 20

test('keeps every acknowledged batch when the process is killed, again and again', async () => {
  let next = 0
  for (let kill = 0; kill < KILLS; kill++) {
    const acknowledged = await writeAndKill(next, 1 + ((kill * 37) % 150))
    // Most of the time this store only looks, and the next process has to recover by itself.
    const readOnly = kill % 3 !== 0
    const kv = new RandomAccessKV(new FileStorage(file, { readOnly }), { readOnly })
    const last = Number(Buffer.from((await kv.get(bytes('last'))) ?? []).toString())
    expect(last).toBeGreaterThanOrEqual(acknowledged)
    await expectState(kv, last)
    await assertSound(kv, `after kill ${kill}`)
    await kv.close()
    next = last + 1
  }
})

/** Batches are whole: each key has what the last batch that touched it wrote. */
async function expectState(kv: RandomAccessKV, last: number): Promise<void> {
  for (let i = Math.max(0, last - 249); i <= last; i++) {
    expect(await kv.get(bytes(`a ${i % 500}`))).toEqual(Buffer.alloc(100, i))
    expect(await kv.get(bytes(`b ${i % 500}`))).toEqual(bytes(String(i)))
  }
  for (let i = Math.max(0, last - 6); i <= last; i++) {
    expect(await kv.get(bytes(`large ${i % 7}`))).toEqual(Buffer.alloc(i % 3 === 0 ? 9000 : 3000, i))
  }
}

test('tells a second store, here or in another process, that the file is open', async () => {
  const kv = new RandomAccessKV(new FileStorage(file))
  await kv.put(bytes('a'), bytes('1'))
  await expect(new RandomAccessKV(new FileStorage(file)).ready()).rejects.toMatchObject({
    code: 'KV_LOCKED',
    file,
  })
  const child = spawn(process.execPath, [CHILD, file, '0', told])
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const [code] = await once(child, 'close')
  expect(code).toBe(1)
  expect(errors).toContain('KV_LOCKED')
  expect(errors).toContain(file)
  await kv.close()
  const again = new RandomAccessKV(new FileStorage(file))
  expect(await again.get(bytes('a'))).toEqual(bytes('1'))
  await again.close()
})

test('lets several read-only stores share a file, and writes nothing', async () => {
  const kv = new RandomAccessKV(new FileStorage(file))
  await kv.put(bytes('a'), bytes('1'))
  await kv.close()
  const before = fs.readFileSync(file)
  const readers = [0, 1].map(
    () => new RandomAccessKV(new FileStorage(file, { readOnly: true }), { readOnly: true }),
  )
  for (const reader of readers) {
    expect(await reader.get(bytes('a'))).toEqual(bytes('1'))
    await expect(reader.put(bytes('b'), bytes('2'))).rejects.toMatchObject({ code: 'KV_READ_ONLY' })
    await assertSound(reader, 'read-only')
  }
  await expect(new RandomAccessKV(new FileStorage(file)).ready()).rejects.toMatchObject({ code: 'KV_LOCKED' })
  for (const reader of readers) await reader.close()
  expect(fs.readFileSync(file).equals(before)).toBe(true)
  const missing = path.join(directory, 'missing.kv')
  const none = new RandomAccessKV(new FileStorage(missing, { readOnly: true }), { readOnly: true })
  await expect(none.ready()).rejects.toMatchObject({ code: 'ENOENT' })
  expect(fs.existsSync(missing)).toBe(false)
})

test('lets go of the file while suspended, and goes on afterwards', async () => {
  const kv = new RandomAccessKV(new FileStorage(file))
  await kv.put(bytes('a'), bytes('1'))
  await kv.suspend()
  const reading = kv.get(bytes('a'))
  const writing = kv.put(bytes('b'), bytes('2'))
  const reader = new RandomAccessKV(new FileStorage(file, { readOnly: true }), { readOnly: true })
  expect(await reader.get(bytes('a'))).toEqual(bytes('1'))
  expect(await reader.get(bytes('b'))).toBe(null)
  await reader.close()
  await kv.resume()
  expect(await reading).toEqual(bytes('1'))
  await writing
  expect(await kv.get(bytes('b'))).toEqual(bytes('2'))
  await kv.close()
})

test('is the file that its relative path named when it was made', async () => {
  const before = process.cwd()
  const elsewhere = path.join(directory, 'elsewhere')
  fs.mkdirSync(elsewhere)
  try {
    process.chdir(directory)
    const kv = new RandomAccessKV(new FileStorage('./deep/store.kv'))
    await kv.put(bytes('a'), bytes('1'))
    await kv.suspend()
    process.chdir(elsewhere)
    await kv.resume()
    expect(await kv.get(bytes('a'))).toEqual(bytes('1'))
    await kv.close()
    expect(fs.readdirSync(elsewhere)).toEqual([])
  } finally {
    process.chdir(before)
  }
})

test('notices that another store has written while it was suspended', async () => {
  const kv = new RandomAccessKV(new FileStorage(file))
  await kv.put(bytes('a'), bytes('1'))
  await kv.suspend()
  const other = new RandomAccessKV(new FileStorage(file))
  await other.put(bytes('a'), bytes('2'))
  await other.close()
  const waiting = kv.get(bytes('a')).catch((error: unknown) => error)
  await expect(kv.resume()).rejects.toMatchObject({ code: 'KV_REOPEN' })
  await kv.close()
  expect(await waiting).toMatchObject({ code: 'KV_CLOSED' })
  const again = new RandomAccessKV(new FileStorage(file))
  expect(await again.get(bytes('a'))).toEqual(bytes('2'))
  await again.close()
})

test('runs on random-access-file, and syncs its descriptor', async () => {
  const open = () =>
    new RandomAccessKV((name) => new RandomAccessFile(path.join(directory, name)), { sync: 'always' })
  let kv = open()
  for (let i = 0; i < 100; i++) await kv.put(bytes(`key ${i}`), Buffer.alloc(200, i))
  await kv.checkpoint()
  await kv.put(bytes('late'), bytes('1'))
  await assertSound(kv, 'on random-access-file')
  await kv.close()
  kv = open()
  expect(await kv.get(bytes('late'))).toEqual(bytes('1'))
  expect(await kv.get(bytes('key 99'))).toEqual(Buffer.alloc(200, 99))
  await kv.close()
})

test('runs on random-access-file without stat, from a file that is not there yet', async () => {
  const open = () =>
    new RandomAccessKV((name) =>
      Object.assign(new RandomAccessFile(path.join(directory, name)), { statable: false }),
    )
  for (const before of [null, bytes('1')]) {
    const kv = open()
    expect(await kv.get(bytes('a'))).toEqual(before)
    await kv.put(bytes('a'), bytes('1'))
    await kv.close()
  }
})

test('reports a file that was cut off, on its own storage and on random-access-file', async () => {
  const kv = new RandomAccessKV(new FileStorage(file))
  for (let i = 0; i < 300; i++) await kv.put(bytes(`key ${i}`), Buffer.alloc(3000, i))
  await kv.close()
  fs.truncateSync(file, fs.statSync(file).size / 2)
  for (const storage of [new FileStorage(file), new RandomAccessFile(file)]) {
    const cut = new RandomAccessKV(storage)
    const report = { code: 'KV_DAMAGED', file, offset: expect.any(Number), cause: expect.any(Error) }
    await expect(cut.iterator().nextMany(300)).rejects.toMatchObject(report)
    await cut.close()
  }
})

test('gives the space of a clean close back', async () => {
  const kv = new RandomAccessKV(new FileStorage(file))
  for (let i = 0; i < 50; i++) await kv.put(bytes(`key ${i}`), Buffer.alloc(100_000, i))
  await kv.batch([{ type: 'clear' }])
  for (let i = 0; i < 3; i++) {
    await kv.put(bytes('last'), bytes(String(i)))
    await kv.checkpoint()
  }
  await kv.close()
  expect(fs.statSync(file).size).toBeLessThan(2_000_000)
})

test('every directory that is made for a file is synced, and the one above, each after its content', async () => {
  const names = new Map<number, string>()
  const synced: string[] = []
  const { openSync, fsyncSync } = fs
  fs.openSync = (name, ...rest) => {
    const fd = openSync(name, ...rest)
    names.set(fd, String(name))
    return fd
  }
  fs.fsyncSync = (fd) => {
    synced.push(names.get(fd) ?? '')
    fsyncSync(fd)
  }
  try {
    const kv = new RandomAccessKV(new FileStorage(path.join(directory, 'a', 'b', 'c', 'store.kv')))
    await kv.ready()
    await kv.close()
  } finally {
    Object.assign(fs, { openSync, fsyncSync })
  }
  expect(synced).toEqual(['a/b/c', 'a/b', 'a', ''].map((name) => path.join(directory, name)))
})
