// The last write is torn at any byte, in the middle of a sector too: the store opens with all that was there before it.

import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { type Operation, RandomAccessKV } from '../src/index.js'
import { assertSound, contents, isSame, type Pair } from './support/model.js'
import { Bytes, Memory, random } from './support/storages.js'

/** Memory that remembers what stood where the last write went. */
class Recording extends Memory {
  last: { offset: number; before: Uint8Array; after: Uint8Array; length: number } | null = null

  override write(offset: number, data: Uint8Array, callback: (error: Error | null) => void): void {
    const { length } = this.bytes
    const before = new Uint8Array(data.length)
    before.set(this.bytes.copy().subarray(offset, offset + data.length))
    this.last = { offset, before, after: data.slice(), length }
    super.write(offset, data, callback)
  }
}

async function found(bytes: Uint8Array, isThorough: boolean): Promise<Pair[]> {
  const memory = Bytes.from(bytes)
  const kv = new RandomAccessKV(new Memory(memory), { pageSize: 512 })
  const pairs = await contents(kv)
  if (!isThorough) return pairs
  await kv.checkpoint()
  await assertSound(kv, 'after the next checkpoint')
  await kv.close()
  return pairs
}

/** Tears the last write at each of its bytes. */
async function tear({ bytes, last }: Recording, before: Pair[], after: Pair[]): Promise<void> {
  const whole = bytes.copy()
  if (last === null) throw new Error('Nothing was written')
  for (let size = 0; size < last.after.length; size++) {
    const torn = whole.slice()
    torn.set(last.before, last.offset)
    torn.set(last.after.subarray(0, size), last.offset)
    const pairs = await found(torn, size % 37 === 0).catch((error: unknown) => {
      throw new Error(`torn after ${size} of ${last.after.length} bytes`, { cause: error })
    })
    const isSound = isSame(pairs, before) || isSame(pairs, after)
    expect(isSound, `torn after ${size} of ${last.after.length} bytes`).toBe(true)
  }
}

const key = (name: string) => Buffer.from(name)
const endsWith = (length: number, last: number) => Buffer.concat([Buffer.alloc(length), Buffer.of(last)])

const batches: Readonly<Record<string, Operation[]>> = {
  'a value that ends with a single bit': [{ type: 'put', key: key('a'), value: endsWith(30, 0x01) }],
  'a value of several sectors that ends with a single bit': [
    { type: 'put', key: key('a'), value: endsWith(1200, 0x80) },
  ],
  'a batch that ends with a range': [
    { type: 'put', key: key('b'), value: endsWith(10, 2) },
    { type: 'clear', gte: key('x'), lt: Buffer.of(1) },
  ],
}

for (const [what, batch] of Object.entries(batches)) {
  for (const isMarked of [false, true]) {
    test(`a record with ${what}, torn ${isMarked ? 'behind a mark' : 'behind another record'}, is a torn tail`, async () => {
      // The length of what comes before decides which byte of a sector the record begins at.
      for (let shift = 0; shift < 520; shift += 104) {
        const storage = new Recording()
        const kv = new RandomAccessKV(storage, { pageSize: 512 })
        await kv.put(key('first'), Buffer.alloc(shift, 7))
        if (isMarked) await kv.sync()
        const before = await contents(kv)
        await kv.batch(batch)
        await tear(storage, before, await contents(kv))
      }
    })
  }
}

test('a batch that was torn at the end of the file does not come back when the file grows', async () => {
  const sector = (bytes: Uint8Array, offset: number) => bytes.slice(offset - (offset % 512)).subarray(0, 512)
  // What is missing of the record is zero in the end: what fills it up to where the next one begins.
  for (const name of ['1', '12', '123', '1234']) {
    const storage = new Recording()
    await new RandomAccessKV(storage, { pageSize: 512 }).put(key(name), key('torn'))
    const { offset, after } = storage.last as NonNullable<Recording['last']>
    const end = offset + after.findLastIndex((byte) => byte !== 0) + 1
    const memory = new Memory(Bytes.from(storage.bytes.copy().subarray(0, end)))
    const kv = new RandomAccessKV(memory, { pageSize: 512 })
    const isThere = (await kv.get(key(name))) !== null
    const opened = memory.bytes.copy()
    await kv.put(key('next'), Buffer.alloc(2000, 1))
    // The power goes, and of all that was written since the store was opened one sector is lost.
    const left = memory.bytes.copy()
    left.set(sector(opened, offset), offset - (offset % 512))
    const again = new RandomAccessKV(new Memory(Bytes.from(left)), { pageSize: 512 })
    expect((await again.get(key(name))) !== null, name).toBe(isThere)
  }
})

test('a mark that was torn is a torn tail', async () => {
  for (let shift = 0; shift < 120; shift += 5) {
    const storage = new Recording()
    const kv = new RandomAccessKV(storage, { pageSize: 512 })
    await kv.put(key('first'), Buffer.alloc(shift, 7))
    await kv.sync()
    const pairs = await contents(kv)
    await tear(storage, pairs, pairs)
  }
})

test('a meta page that was torn at any byte gives way to the one before', async () => {
  const storage = new Recording()
  const kv = new RandomAccessKV(storage, { pageSize: 512 })
  // The second checkpoint, and each after it, writes over a meta page that differs from the new one in few bits.
  for (let checkpoint = 0; checkpoint < 3; checkpoint++) {
    await kv.put(key(`key ${checkpoint}`), Buffer.alloc(30))
    const pairs = await contents(kv)
    await kv.checkpoint()
    expect(storage.last?.after.length).toBe(512)
    await tear(storage, pairs, pairs)
  }
})

/** What is there once a store was made. */
async function newStore(): Promise<Uint8Array> {
  const storage = new Recording()
  await new RandomAccessKV(storage, { pageSize: 512 }).ready()
  return storage.bytes.copy()
}

test('making a store, torn at any byte, leaves an empty one', async () => {
  // What stands in the last bytes is left to chance.
  for (let store = 0; store < 60; store++) await tearMaking(await newStore(), store === 0 ? 0 : 4600)
})

async function tearMaking(made: Uint8Array, from: number): Promise<void> {
  for (let size = from; size < made.length; size++) {
    // The storage may have grown to its length, or to what was written.
    for (const bytes of [made.slice(0, size), Uint8Array.from(made).fill(0, size)]) {
      if (size < 4090 && size % 200 > 0) continue
      const kv = new RandomAccessKV(new Memory(Bytes.from(bytes)))
      await kv.put(key('a'), key('b')).catch((error: unknown) => {
        throw new Error(`torn after ${size} bytes`, { cause: error })
      })
      await kv.close()
    }
  }
}

/** A value each sector of which ends with its own CRC-32, as the pages of a store do. */
function selfChecked(sectors: number, seed: number): Uint8Array {
  const draw = random(seed)
  const value = new Uint8Array(sectors * 512).map(() => draw() * 256)
  for (let at = 0; at < value.length; at += 512) {
    const checksum = Buffer.alloc(4)
    checksum.writeUInt32LE(crc32(value.subarray(at, at + 508)))
    value.set(checksum, at + 508)
  }
  return value
}

test('a large value torn over another is a torn tail, even if the sectors of both hold their own checksums', async () => {
  const storage = new Recording()
  const kv = new RandomAccessKV(storage, { pageSize: 512 })
  const key = Buffer.from('key')
  let pairs: Pair[] = []
  let isOver = false
  for (let round = 0; round < 20 && !isOver; round++) {
    pairs = await contents(kv)
    let written: Recording['last'] = null
    const { write } = storage
    storage.write = (offset, data, callback) => {
      write.call(storage, offset, data, callback)
      if (data.length === 20 * 512) written = storage.last
    }
    await kv.put(key, selfChecked(20, round))
    storage.write = write
    const { offset, before, after } = written as unknown as NonNullable<Recording['last']>
    // Until the new value stands where an older one stood.
    isOver = round > 0 && crc32(before.subarray(0, 508)) === Buffer.from(before).readUInt32LE(508)
    if (!isOver) {
      await kv.checkpoint()
      continue
    }
    const torn = storage.bytes.copy()
    for (let at = 0; at < after.length; at += 1024) torn.set(before.subarray(at, at + 512), offset + at)
    expect(crc32(torn.subarray(offset, offset + after.length))).toBe(crc32(after))
    expect(isSame(await found(torn, true), pairs)).toBe(true)
  }
  expect(isOver).toBe(true)
})
