// A flipped bit is reported with file and offset, wherever it is, and never read as data.

import { expect, test } from 'vitest'
import { crc32, crc32Portable, isOneBitOff } from '../src/bytes/checksum.js'
import { META_SIZE, META_STRIDE } from '../src/checkpoint/meta.js'
import { Engine } from '../src/engine.js'
import { KvError, RandomAccessKV } from '../src/index.js'
import { RECORD_HEADER, readHeader, recordEnd, recordStart, STAMP } from '../src/log/record.js'
import { checkOptions } from '../src/options.js'
import { Disk } from '../src/storage/disk.js'
import { assertSame, contents, type Pair } from './support/model.js'
import { Bare, Bytes, Memory, random } from './support/storages.js'

const PAGE = 512

/** A store with a tree of some depth, large values of both kinds, free pages and, unless `isClosed`, a log. */
async function image(isClosed: boolean): Promise<{ bytes: Uint8Array; pairs: Pair[] }> {
  const storage = new Memory()
  const kv = new RandomAccessKV(storage, { pageSize: PAGE })
  const value = (i: number) => Buffer.alloc(i % 100 === 0 ? PAGE * 18 : i % 25 === 0 ? PAGE * 3 : 30, i)
  for (let i = 0; i < 300; i++) await kv.put(Buffer.from(`key ${i}`), value(i))
  await kv.checkpoint()
  await kv.batch([{ type: 'clear', gte: Buffer.from('key 15'), lt: Buffer.from('key 20') }])
  await kv.checkpoint()
  for (let i = 300; i < 330; i++) await kv.put(Buffer.from(`key ${i}`), value(i))
  await kv.sync()
  await kv.put(Buffer.from('key 330'), value(1))
  const pairs = await contents(kv)
  const bytes = storage.bytes.copy()
  await kv.close()
  return { bytes: isClosed ? storage.bytes.copy() : bytes, pairs }
}

/** For each byte of an image, whether it means something. */
async function meaningful(bytes: Uint8Array): Promise<Uint8Array> {
  const engine = await Engine.open(new Disk(new Memory(Bytes.from(bytes))), checkOptions({ readOnly: true }))
  const marks = new Uint8Array(bytes.length).fill(1)
  marks.fill(0, META_SIZE, META_STRIDE)
  marks.fill(0, META_STRIDE + META_SIZE, META_STRIDE * 2)
  for (const { page, count } of engine.space.extents()) marks.fill(0, page * PAGE, (page + count) * PAGE)
  // Replaying the log has made nodes in memory, on pages that are free in the file.
  for (const { page, span } of engine.pager.dirty) marks.fill(0, page * PAGE, (page + span) * PAGE)
  const { freeList, freeListLength } = engine.meta
  marks.fill(0, freeList.page * PAGE + freeListLength, (freeList.page + freeList.count) * PAGE)
  for (const { page, count } of engine.log.extents) {
    const extent = bytes.subarray(page * PAGE, (page + count) * PAGE)
    marks.fill(0, page * PAGE, (page + count) * PAGE)
    let sequence = engine.meta.sequence
    for (let o = recordStart(0); ; o = recordStart(o)) {
      const header = readHeader(extent, o, engine.log.position.dialect)
      if (header === null || header.sequence !== sequence + 1) break
      sequence++
      const end = recordEnd(o, header.length + STAMP)
      // The last bytes of a record are its stamp, which is of use only if something else is wrong, and padding.
      marks.fill(1, page * PAGE + o, page * PAGE + Math.max(o + RECORD_HEADER, end - 2 * STAMP - 3))
      o = end
    }
  }
  return marks
}

async function lookAt(
  bytes: Uint8Array,
  pairs: Pair[],
  Storage: typeof Memory | typeof Bare = Memory,
): Promise<{ offset: number | undefined } | null> {
  const kv = new RandomAccessKV(new Storage(Bytes.from(bytes)), { readOnly: true })
  let found: { offset: number | undefined } | null = null
  try {
    const { problems } = await kv.verify()
    found = problems[0] ?? null
    assertSame(await contents(kv), pairs, 'what was read')
  } catch (error) {
    if (!(error instanceof KvError) || error.code !== 'KV_DAMAGED') throw error
    expect(error.file).toBeDefined()
    found ??= error
  }
  await kv.close()
  return found
}

for (const isClosed of [true, false]) {
  test(`reports a bit flipped anywhere in a store that was ${isClosed ? 'closed' : 'not closed'}`, async () => {
    const { bytes, pairs } = await image(isClosed)
    const marks = await meaningful(bytes)
    const draw = random(7)
    expect(await lookAt(bytes, pairs)).toBe(null)
    let flips = 0
    for (let offset = 0; offset < bytes.length; offset++) {
      // Every bit that means something has its turn now and then, others seldom.
      if (draw() > (marks[offset] === 0 ? 0.0005 : offset < 5000 ? 1 : 0.03)) continue
      const flipped = bytes.slice()
      flipped[offset] = (flipped[offset] ?? 0) ^ (1 << Math.floor(draw() * 8))
      const found = await lookAt(flipped, pairs).catch((error: unknown) => {
        throw new Error(`a bit flipped at ${offset}`, { cause: error })
      })
      if (marks[offset] === 0) continue
      flips++
      expect(found, `a bit flipped at ${offset}`).not.toBe(null)
      expect(found?.offset, `a bit flipped at ${offset}`).toBeTypeOf('number')
    }
    expect(flips).toBeGreaterThan(1500)
  })
}

test('reports a store that was cut off, whether its storage knows its length or not', async () => {
  const { bytes, pairs } = await image(true)
  for (const Storage of [Memory, Bare]) {
    let cuts = 0
    for (let part = 1; part < 40; part++) {
      const size = Math.floor((bytes.length * part) / 40)
      const found = await lookAt(bytes.subarray(0, size), pairs, Storage).catch((error: unknown) => {
        throw new Error(`cut off at ${size}`, { cause: error })
      })
      // At its end are free pages, and pages of the log with nothing in them.
      if (found === null) continue
      expect(found.offset).toBeTypeOf('number')
      cuts++
    }
    expect(cuts).toBeGreaterThan(20)
  }
})

test('a record that lost a sector to one that held the same before was torn, not damaged', async () => {
  const storage = new Memory()
  const kv = new RandomAccessKV(storage)
  await kv.put(Buffer.from('a'), Buffer.from('1'))
  const end = storage.bytes.length
  // The zeros of the value are what a new file holds anyway; only the stamp of the sector tells that it was not written.
  await kv.put(Buffer.from('b'), Buffer.alloc(4096))
  const torn = storage.bytes.copy()
  const sector = Math.ceil(end / 512) * 512 + 1024
  expect(torn.subarray(sector, sector + 4)).not.toEqual(new Uint8Array(4))
  torn.fill(0, sector, sector + 512)
  await kv.close()
  const again = new RandomAccessKV(new Memory(Bytes.from(torn)))
  expect((await contents(again)).length).toBe(1)
  await again.put(Buffer.from('c'), Buffer.from('3'))
  await again.close()
})

test('what a sync has made safe is damaged if it is wrong, not torn, wherever in the log it is', async () => {
  const storage = new Memory()
  const kv = new RandomAccessKV(storage)
  const large = (n: number) => Buffer.alloc(9000, n)
  const small = (n: number) => Buffer.alloc(3000, n)
  // A log of several extents, all of it before the only sync.
  for (let i = 1; i < 200; i++) await kv.put(Buffer.from(`key ${i}`), i % 50 === 0 ? large(i) : small(i))
  const unsynced = storage.bytes.copy()
  await kv.sync()
  const synced = storage.bytes.copy()
  const pairs = await contents(kv)
  expect(await lookAt(synced, pairs)).toBe(null)
  for (const [i, value] of [1, 50, 100, 150, 199].map(
    (n) => [n, n % 50 === 0 ? large(n) : small(n)] as const,
  )) {
    const at = synced.indexOf(i, Buffer.from(synced).indexOf(value.subarray(0, 300)))
    for (const bytes of [unsynced, synced]) bytes.set([0xff, 0xff], at)
    expect(await lookAt(synced, pairs), `entry ${i}`).not.toBe(null)
    // Without the sync, it may have been torn.
    expect(await entriesOf(unsynced)).toBe(i - 1)
    for (const bytes of [unsynced, synced]) bytes.set([i, i], at)
  }
  await kv.put(Buffer.from('later'), small(1))
  const later = new RandomAccessKV(new Memory(Bytes.from(storage.bytes.copy())))
  expect((await contents(later)).length).toBe(200)
  await later.close()
  await kv.close()
})

async function entriesOf(bytes: Uint8Array): Promise<number> {
  const kv = new RandomAccessKV(new Memory(Bytes.from(bytes)), { readOnly: true })
  const { length } = await contents(kv)
  await kv.close()
  return length
}

test('knows one flipped bit from several, in data and in the checksum', () => {
  const draw = random(1)
  for (let length = 1; length < 300; length += 7) {
    const data = Uint8Array.from({ length }, () => draw() * 256)
    const sum = crc32(data)
    expect(crc32Portable(data)).toBe(sum)
    expect(isOneBitOff(data, sum)).toBe(false)
    expect(isOneBitOff(data, (sum ^ 0x80) >>> 0)).toBe(true)
    const at = Math.floor(draw() * length)
    data[at] = (data[at] ?? 0) ^ 16
    expect(isOneBitOff(data, sum)).toBe(true)
    data[at] = (data[at] ?? 0) ^ 3
    expect(isOneBitOff(data, sum)).toBe(false)
  }
})

test('refuses what is no store, or of another version, and leaves it untouched', async () => {
  const foreign = Buffer.from('#!/bin/sh\necho this is not a store\n'.repeat(300))
  const { bytes } = await image(true)
  const future = bytes.slice()
  for (const slot of [0, META_STRIDE]) {
    future[slot + 8] = 200
    new DataView(future.buffer).setUint32(slot + 508, crc32(future.subarray(slot, slot + 508)), true)
  }
  const cases: [Uint8Array, string][] = [
    [foreign, 'KV_NOT_A_STORE'],
    [new Uint8Array(20_000), 'KV_NOT_A_STORE'],
    [future, 'KV_FORMAT_VERSION'],
  ]
  for (const [content, code] of cases) {
    const storage = new Memory(Bytes.from(content))
    await expect(new RandomAccessKV(storage).ready()).rejects.toMatchObject({ code, name: 'KvError' })
    expect(Buffer.compare(storage.bytes.copy(), content)).toBe(0)
  }
})
