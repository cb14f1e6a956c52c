// A store has two meta pages. A wrong one is damage, unless it was torn by a checkpoint that did not end.

import { expect, test } from 'vitest'
import { META_SIZE, META_STRIDE } from '../src/checkpoint/meta.js'
import { Engine } from '../src/engine.js'
import { type KvOptions, RandomAccessKV } from '../src/index.js'
import { checkOptions } from '../src/options.js'
import { Disk } from '../src/storage/disk.js'
import { assertSame, assertSound, contents, type Pair } from './support/model.js'
import { Bytes, Memory } from './support/storages.js'

interface Image {
  readonly bytes: Uint8Array
  readonly pairs: Pair[]
}

/** What a process leaves that is killed: values of `size` bytes, some of them after the last checkpoint. */
async function killed(options: KvOptions, size: number, checkpointAfter: number): Promise<Image> {
  const storage = new Memory()
  const kv = new RandomAccessKV(storage, options)
  for (let i = 1; i <= 40; i++) {
    await kv.put(Buffer.from(`key ${i % 25}`), Buffer.alloc(size, i))
    if (i % checkpointAfter === 0) await kv.checkpoint()
  }
  return { bytes: storage.bytes.copy(), pairs: await contents(kv) }
}

function flipTwo(slot: Uint8Array): void {
  for (const at of [60, 300]) slot[at] = (slot[at] ?? 0) ^ 1
}

/** Ways for a slot to be wrong. */
const WRONG: Readonly<Record<string, (slot: Uint8Array, other: Uint8Array) => void>> = {
  'two flipped bits': flipTwo,
  'zeros in its first half': (slot) => slot.fill(0, 0, META_SIZE / 2),
  'something else': (slot) => slot.fill(0x5a),
  'the other meta page': (slot, other) => slot.set(other),
}

/** What a store on these bytes holds; null if that is damaged. */
async function found(bytes: Uint8Array): Promise<Pair[] | null> {
  const kv = new RandomAccessKV(new Memory(Bytes.from(bytes)), { readOnly: true })
  try {
    return await contents(kv)
  } catch (error) {
    expect(error).toMatchObject({ code: 'KV_DAMAGED', offset: expect.any(Number) })
    return null
  } finally {
    await kv.close()
  }
}

for (const [what, spoil] of Object.entries(WRONG)) {
  test(`a meta page with ${what} never gives an older state`, async () => {
    let reported = 0
    for (const pageSize of [512, 4096]) {
      for (const logSize of [2000, 100_000, 1 << 24]) {
        for (const size of [50, 5000, 20_000]) {
          for (const checkpointAfter of [12, 30]) {
            const { bytes, pairs } = await killed({ pageSize, logSize }, size, checkpointAfter)
            for (const slot of [0, 1]) {
              const spoilt = bytes.slice()
              const [here, other] = [slot, 1 - slot].map((n) =>
                spoilt.subarray(n * META_STRIDE).subarray(0, META_SIZE),
              )
              spoil(here as Uint8Array, other as Uint8Array)
              const left = await found(spoilt)
              // Where the log still has everything since the older one, nothing is lost.
              if (left === null) reported++
              else
                assertSame(
                  left,
                  pairs,
                  `slot ${slot} of ${JSON.stringify({ pageSize, logSize, size, checkpointAfter })}`,
                )
            }
          }
        }
      }
    }
    expect(reported).toBeGreaterThan(30)
  })
}

test('an older log that has lost an extent, not its first one, gives no older state either', async () => {
  const storage = new Memory()
  const kv = new RandomAccessKV(storage, { pageSize: 512 })
  for (let i = 0; i < 100; i++) await kv.put(Buffer.from(`key ${i}`), Buffer.alloc(8000, i))
  const before = new Disk(new Memory(Bytes.from(storage.bytes.copy())))
  const { extents } = (await Engine.open(before, checkOptions({ readOnly: true }))).log
  expect(extents.length).toBeGreaterThan(2)
  await kv.checkpoint()
  await kv.put(Buffer.from('later'), Buffer.alloc(50))
  const bytes = storage.bytes.copy()
  flipTwo(bytes.subarray(0, META_SIZE))
  assertSame((await found(bytes)) ?? [], await contents(kv), 'with the whole older log')
  for (const { page, count } of extents) {
    const reused = bytes.slice()
    reused.fill(0, page * 512, (page + count) * 512)
    expect(await found(reused)).toBe(null)
  }
  await kv.close()
})

/** Memory that writes only the first half of a meta page while `tears` is set, and fails. */
class Tearing extends Memory {
  tears = false

  override write(offset: number, data: Uint8Array, callback: (error: Error | null) => void): void {
    if (!this.tears || data.length !== META_SIZE || offset % META_STRIDE !== 0 || offset > META_STRIDE) {
      super.write(offset, data, callback)
      return
    }
    super.write(offset, data.subarray(0, META_SIZE / 2), () => {})
    callback(Object.assign(new Error('EIO: simulated'), { code: 'EIO' }))
  }
}

test('a meta page that was torn while a checkpoint wrote it gives way to the one before', async () => {
  for (const size of [50, 20_000]) {
    const storage = new Tearing()
    const kv = new RandomAccessKV(storage)
    for (let i = 0; i < 30; i++) await kv.put(Buffer.from(`key ${i}`), Buffer.alloc(size, i))
    await kv.checkpoint()
    for (let i = 0; i < 10; i++) await kv.put(Buffer.from(`key ${i}`), Buffer.alloc(size, 99))
    storage.tears = true
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(kv.checkpoint()).rejects.toMatchObject({ code: 'EIO' })
      await kv.put(Buffer.from(`attempt ${attempt}`), Buffer.alloc(size, attempt))
      await assertSound(kv, 'with a torn meta page')
      const pairs = await contents(kv)
      // The process is killed; the next one writes its own checkpoint over the torn meta page.
      const bytes = Bytes.from(storage.bytes.copy())
      for (let open = 0; open < 2; open++) {
        const next = new RandomAccessKV(new Memory(bytes))
        assertSame(await contents(next), pairs, 'after a crash')
        await assertSound(next, 'after a crash')
        await next.close()
      }
    }
    storage.tears = false
    await kv.close()
  }
})

test('makes a store anew if making it was interrupted, and only then', async () => {
  const storage = new Memory()
  const kv = new RandomAccessKV(storage)
  await kv.ready()
  const made = storage.bytes.copy()
  await kv.put(Buffer.from('a'), Buffer.from('1'))
  for (const [bytes, isStore] of [
    [made, false],
    [storage.bytes.copy(), true],
  ] as const) {
    bytes.fill(0, META_STRIDE + META_SIZE / 2, META_STRIDE + META_SIZE)
    const before = bytes.slice()
    const next = new Memory(Bytes.from(bytes))
    const opening = new RandomAccessKV(next).ready()
    if (!isStore) await opening
    else {
      await expect(opening).rejects.toMatchObject({ code: 'KV_DAMAGED', offset: META_STRIDE })
      expect(next.bytes.copy()).toEqual(before)
    }
  }
  await kv.close()
})

/** Memory that fails the sync after each meta page while `fails` is set. */
class Unsure extends Memory {
  fails = false
  /** Meta pages written, and what was there before. */
  readonly written: { offset: number; data: Uint8Array; before: Uint8Array }[] = []
  #isAfterMeta = false

  override write(offset: number, data: Uint8Array, callback: (error: Error | null) => void): void {
    this.#isAfterMeta = offset % META_STRIDE === 0 && offset <= META_STRIDE && data.length === META_SIZE
    if (this.#isAfterMeta) this.written.push({ offset, data: data.slice(), before: this.bytes.copy() })
    super.write(offset, data, callback)
  }

  override sync(callback: (error: Error | null) => void): void {
    if (this.fails && this.#isAfterMeta) callback(Object.assign(new Error('EIO: simulated'), { code: 'EIO' }))
    else super.sync(callback)
  }
}

test('a meta page torn over one that was written in vain is not taken for one with a flipped bit', async () => {
  let torn: Uint8Array = new Uint8Array(0)
  let pairs: Pair[] = []
  // What a process leaves is where the next one begins.
  for (let process = 0; process < 3; process++) {
    const storage = new Unsure(Bytes.from(torn))
    const kv = new RandomAccessKV(storage, { pageSize: 512 })
    if (process === 0) {
      for (let i = 0; i < 16; i++) {
        await kv.put(Buffer.from(`key ${i}`), Buffer.alloc(50, i))
        await kv.checkpoint()
      }
    } else assertSame(await contents(kv), pairs, `process ${process}`)
    storage.fails = true
    for (let attempt = 0; attempt < 4; attempt++) {
      await kv.put(Buffer.from('key'), Buffer.alloc(50, attempt))
      await expect(kv.checkpoint()).rejects.toMatchObject({ code: 'EIO' })
      const { offset, data, before } = storage.written[
        storage.written.length - 1
      ] as (typeof storage.written)[0]
      pairs = await contents(kv)
      for (let at = 1; at < META_SIZE; at++) {
        if (data[at - 1] === before[offset + at - 1]) continue
        torn = storage.bytes.copy()
        torn.set(before.subarray(offset + at, offset + META_SIZE), offset + at)
        torn.set(data.subarray(0, at), offset)
        const next = new RandomAccessKV(new Memory(Bytes.from(torn)), { readOnly: true })
        await assertSound(next, `process ${process}, attempt ${attempt}, torn at ${at}`)
        await next.close()
      }
    }
    // The next one finds the start of the last attempt, and behind it the rest of the one before.
    const [earlier, last] = storage.written.slice(-2).map(({ data }) => data) as [Uint8Array, Uint8Array]
    const { offset } = storage.written[storage.written.length - 1] as (typeof storage.written)[0]
    torn = storage.bytes.copy()
    torn.set(earlier, offset)
    torn.set(last.subarray(0, 24), offset)
  }
})

test('a meta page torn in its last bytes is not taken for one with a flipped bit', async () => {
  const storage = new Unsure()
  const kv = new RandomAccessKV(storage, { pageSize: 512 })
  await kv.ready()
  // What stands in these bytes is left to chance.
  for (let checkpoint = 0; checkpoint < 150; checkpoint++) {
    const before = storage.bytes.copy()
    await kv.put(Buffer.from('key'), Buffer.alloc(50, checkpoint))
    await kv.checkpoint()
    const { offset } = storage.written[storage.written.length - 1] as (typeof storage.written)[0]
    for (let at = META_SIZE - 3; at < META_SIZE; at++) {
      const torn = storage.bytes.copy()
      torn.set(before.subarray(offset + at, offset + META_SIZE), offset + at)
      const next = new RandomAccessKV(new Memory(Bytes.from(torn)), { readOnly: true })
      await assertSound(next, `checkpoint ${checkpoint}, torn at ${at}`)
      await next.close()
    }
  }
  await kv.close()
})

test('no attempt at the next meta page goes to the slot of the one that counts, whatever was attempted before', async () => {
  const storage = new Unsure()
  const kv = new RandomAccessKV(storage, { pageSize: 512 })
  await kv.put(Buffer.from('key'), Buffer.alloc(50, 1))
  await kv.checkpoint()
  storage.fails = true
  for (let attempt = 0; attempt < 2; attempt++) {
    await kv.put(Buffer.from('key'), Buffer.alloc(50, attempt))
    await expect(kv.checkpoint()).rejects.toMatchObject({ code: 'EIO' })
  }
  // The first attempt has arrived; of the second there is only the link.
  const [, first, second] = storage.written as [unknown, { offset: number }, { before: Uint8Array }]
  const later = new Unsure(Bytes.from(second.before))
  const next = new RandomAccessKV(later)
  await next.put(Buffer.from('key'), Buffer.alloc(50, 7))
  await next.checkpoint()
  const [attempt] = later.written as [(typeof later.written)[0]]
  expect(attempt.offset).not.toBe(first.offset)
  const torn = attempt.before
  torn.set(attempt.data.subarray(0, META_SIZE / 2), attempt.offset)
  const last = new Unsure(Bytes.from(torn))
  const left = new RandomAccessKV(last)
  await left.put(Buffer.from('key'), Buffer.alloc(50, 9))
  await left.checkpoint()
  expect(last.written.map(({ offset }) => offset)).toEqual([attempt.offset])
  await left.close()
})
