// The file stays in proportion to what is in it, and opening does not read it.

import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FileStorage } from '../src/file.js'
import { type Operation, RandomAccessKV } from '../src/index.js'
import { assertSame, assertSound, contents } from './support/model.js'
import { Bytes, Memory, random } from './support/storages.js'

const key = (i: number) => {
  const bytes = Buffer.alloc(16)
  bytes.writeUInt32BE(i, 12)
  return bytes
}

let directory = ''

beforeAll(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'random-access-kv-'))
})

afterAll(() => {
  fs.rmSync(directory, { recursive: true })
})

async function load(kv: RandomAccessKV, from: number, to: number, size: number, fill = 1): Promise<void> {
  for (let i = from; i < to; i += 5000) {
    const batch: Operation[] = []
    for (let j = i; j < Math.min(to, i + 5000); j++) {
      batch.push({ type: 'put', key: key(j), value: Buffer.alloc(size, j + fill) })
    }
    await kv.batch(batch)
  }
}

test('overwriting the same million keys keeps the file under twice the live data', async () => {
  const file = path.join(directory, 'million.kv')
  const kv = new RandomAccessKV(new FileStorage(file))
  const count = 1_000_000
  const size = 100
  const live = count * (size + 16)
  await load(kv, 0, count, size)
  const draw = random(3)
  let largest = 0
  // Once over every key in order, and as many again at random.
  await load(kv, 0, count, size, 2)
  for (let round = 0; round < 100; round++) {
    const batch = Array.from({ length: 2000 }, (): Operation => {
      return { type: 'put', key: key(Math.floor(draw() * count)), value: Buffer.alloc(size, round) }
    })
    await kv.batch(batch)
    largest = Math.max(largest, (await kv.stats()).fileBytes)
  }
  expect(largest).toBeLessThan(2 * live)
  await kv.close()
  expect(fs.statSync(file).size).toBeLessThan(2 * live)
})

test('reuses the space of deleted ranges', async () => {
  const storage = new Memory()
  const kv = new RandomAccessKV(storage, { logSize: 200_000 })
  await load(kv, 0, 50_000, 100)
  await kv.checkpoint()
  const full = (await kv.stats()).fileBytes
  for (let round = 0; round < 10; round++) {
    await kv.batch([{ type: 'clear', gte: key(5000), lt: key(45_000) }])
    await kv.checkpoint()
    await load(kv, 5000, 45_000, 100)
    await kv.checkpoint()
  }
  await assertSound(kv, 'after ten rounds')
  expect((await kv.stats()).fileBytes).toBeLessThan(full * 1.8)
  await kv.batch([{ type: 'clear' }])
  await kv.checkpoint()
  const { fileBytes, freeBytes } = await kv.stats()
  expect(fileBytes - freeBytes).toBeLessThan(1_000_000)
  await kv.close()
})

test('a value of a page that is written again and again takes one place, not one each time', async () => {
  const kv = new RandomAccessKV(new Memory(), { logSize: 100_000 })
  for (let i = 0; i < 2000; i++) await kv.put(key(1), Buffer.alloc(4096, i))
  expect((await kv.stats()).fileBytes).toBeLessThan(1_500_000)
  expect(await kv.get(key(1))).toEqual(Buffer.alloc(4096, 1999))
  await assertSound(kv, 'at the end')
  await kv.close()
})

/** A store of 40 MB, of which the last entries, large and small, are then all that is left. */
async function emptied(file: string): Promise<RandomAccessKV> {
  const kv = new RandomAccessKV(new FileStorage(file))
  await load(kv, 0, 150_000, 150)
  for (let i = 0; i < 150; i++) await kv.put(key(200_000 + i), Buffer.alloc(100_000, i))
  await kv.checkpoint()
  await load(kv, 300_000, 300_050, 100)
  for (let i = 0; i < 5; i++) await kv.put(key(400_000 + i), Buffer.alloc(5000 * (i + 1), i))
  await kv.checkpoint()
  expect((await kv.stats()).fileBytes).toBeGreaterThan(40_000_000)
  await kv.batch([{ type: 'clear', lt: key(300_000) }])
  return kv
}

async function expectTheRest(kv: RandomAccessKV): Promise<void> {
  await assertSound(kv, 'after it was emptied')
  expect((await contents(kv)).length).toBe(55)
  for (let i = 0; i < 50; i++) expect(await kv.get(key(300_000 + i))).toEqual(Buffer.alloc(100, 300_001 + i))
  for (let i = 0; i < 5; i++) expect(await kv.get(key(400_000 + i))).toEqual(Buffer.alloc(5000 * (i + 1), i))
}

test('a store that was emptied is small again once it is closed', async () => {
  const file = path.join(directory, 'closed.kv')
  await (await emptied(file)).close()
  expect(fs.statSync(file).size).toBeLessThan(1_000_000)
  const kv = new RandomAccessKV(new FileStorage(file))
  await expectTheRest(kv)
  await kv.close()
})

test('compacting makes a store that was emptied small at once, while others write', async () => {
  const file = path.join(directory, 'compacted.kv')
  const kv = await emptied(file)
  const compacting = kv.compact()
  for (let i = 0; i < 50; i++) await kv.put(key(300_000 + i), Buffer.alloc(100, 300_001 + i))
  await compacting
  expect(fs.statSync(file).size).toBeLessThan(1_000_000)
  await expectTheRest(kv)
  await kv.close()
  const again = new RandomAccessKV(new FileStorage(file))
  await expectTheRest(again)
  await again.close()
})

test('compacting brings back a log that stands behind everything that was deleted', async () => {
  const storage = new Memory()
  const kv = new RandomAccessKV(storage)
  for (let i = 0; i < 100; i++) await kv.put(key(i), Buffer.alloc(100_000, i))
  await kv.batch([{ type: 'clear', gte: key(0) }])
  await kv.compact()
  expect(storage.bytes.length).toBeLessThan(600_000)
  await assertSound(kv, 'compacted')
  await kv.close()
})

test('compacting a store with little to gain moves nothing', async () => {
  const storage = new Memory()
  const kv = new RandomAccessKV(storage)
  await load(kv, 0, 100_000, 100)
  await kv.checkpoint()
  await kv.compact()
  const { reads } = storage
  await kv.batch([{ type: 'clear', lt: key(1000) }])
  await kv.compact()
  expect(storage.reads - reads).toBeLessThan(50)
  await kv.close()
})

test('a snapshot held open grows the file only by what changed, and is let go of', async () => {
  const kv = new RandomAccessKV(new Memory(), { logSize: 100_000 })
  await load(kv, 0, 20_000, 100)
  await kv.checkpoint()
  const before = (await kv.stats()).fileBytes
  const snapshot = kv.snapshot()
  // A hundred times the same thousand keys: a twentieth of the data.
  for (let round = 0; round < 100; round++) {
    await load(kv, 3000, 4000, 100, round)
    if (round % 10 === 0) await kv.checkpoint()
  }
  await kv.checkpoint()
  const after = (await kv.stats()).fileBytes
  expect(after - before).toBeLessThan(1_700_000)
  expect(await snapshot.get(key(3500))).toEqual(Buffer.alloc(100, 3501))
  await assertSound(kv, 'with a snapshot open')
  const used = ({ fileBytes, freeBytes }: { fileBytes: number; freeBytes: number }) => fileBytes - freeBytes
  await snapshot.close()
  expect(used(await kv.stats())).toBeLessThan(before)
  await kv.close()
})

test('opening reads a handful of pages, however many there are, and memory stays within the budget', async () => {
  const bytes = new Bytes()
  const cacheSize = 1_000_000
  const sizes = [1000, 100_000, 400_000]
  const reads: number[] = []
  const perGet: number[] = []
  let from = 0
  for (const size of sizes) {
    const kv = new RandomAccessKV(new Memory(bytes), { cacheSize })
    await load(kv, from, size, 100)
    await kv.close()
    from = size
    const storage = new Memory(bytes)
    const again = new RandomAccessKV(storage, { cacheSize })
    await again.ready()
    reads.push(storage.reads)
    const draw = random(size)
    for (let i = 0; i < 5000; i++) expect(await again.get(key(Math.floor(draw() * size)))).not.toBe(null)
    const { cacheBytes, cacheHits, cacheMisses } = await again.stats()
    expect(cacheBytes).toBeLessThanOrEqual(cacheSize)
    perGet.push((cacheHits + cacheMisses) / 5000)
    await again.close()
  }
  expect(Math.max(...reads)).toBeLessThan(10)
  // One more level of the tree for a hundred times more entries.
  expect(Math.max(...perGet)).toBeLessThanOrEqual(Math.min(...perGet) + 2)
})

test('a bounded cache holds no more than its budget while everything is read', async () => {
  const kv = new RandomAccessKV(new Memory(), { cacheSize: 200_000, logSize: 100_000 })
  await load(kv, 0, 30_000, 100)
  await kv.checkpoint()
  const all = await contents(kv)
  assertSame(
    all,
    Array.from({ length: 30_000 }, (_, i) => [key(i), Buffer.alloc(100, i + 1)] as const),
    'everything',
  )
  expect((await kv.stats()).cacheBytes).toBeLessThanOrEqual(200_000)
  await kv.close()
})

test('a store that was filled and closed takes little more than what it holds', async () => {
  const storage = new Memory()
  const kv = new RandomAccessKV(storage)
  let held = 0
  for (let i = 0; i < 400; i++) {
    const key = (name: string) => Buffer.from(`${String(i).padStart(6, '0')} ${name}`)
    const large = { type: 'put', key: key('large'), value: Buffer.alloc(4096, i) } as const
    await kv.batch([large])
    await kv.batch([large, { type: 'put', key: key('small'), value: Buffer.alloc(2000, i) }])
    held += 6096
  }
  await kv.close()
  // Beside it there is an extent of the log.
  expect(storage.bytes.length).toBeLessThan(held * 1.25 + 256 * 1024)
})
