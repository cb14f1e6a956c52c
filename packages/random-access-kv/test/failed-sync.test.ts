// A sync fails, and the storage forgets what it should have made safe. The next one that succeeds has made it safe.

import { expect, test } from 'vitest'
import { META_SIZE, META_STRIDE } from '../src/checkpoint/meta.js'
import { type Operation, RandomAccessKV } from '../src/index.js'
import { assertSame, assertSound, contents } from './support/model.js'
import { recoverFrom, type Session, work } from './support/power.js'
import { Bytes, Memory, PowerCut } from './support/storages.js'

const EMPTY = new Uint8Array(0)

function puts(from: number, to: number, length: number): Operation[] {
  return Array.from({ length: to - from }, (_, i) => ({
    type: 'put',
    key: Buffer.from(`key ${from + i}`),
    value: Buffer.alloc(length, from + i),
  }))
}

/** Memory that is a cache: what a failed sync forgets can be read until the power goes. */
class Cache extends Memory {
  failsNext = false
  /** Syncs until one fails. */
  failsAfter = Number.POSITIVE_INFINITY
  /** What is safe. */
  readonly disk = new Bytes()
  #changes: (() => void)[] = []

  override write(offset: number, data: Uint8Array, callback: (error: Error | null) => void): void {
    const copy = data.slice()
    this.#changes.push(() => this.disk.write(offset, copy))
    super.write(offset, data, callback)
  }

  override truncate(size: number, callback: (error: Error | null) => void): void {
    this.#changes.push(() => this.disk.truncate(size))
    super.truncate(size, callback)
  }

  override sync(callback: (error: Error | null) => void): void {
    const changes = this.#changes
    this.#changes = []
    if (this.failsNext || this.failsAfter-- === 0) {
      this.failsNext = false
      callback(Object.assign(new Error('EIO: simulated'), { code: 'EIO' }))
      return
    }
    for (const change of changes) change()
    callback(null)
  }
}

for (const length of [50, 20_000]) {
  test(`a store that opens at the second try keeps values of ${length} bytes of the process before`, async () => {
    const storage = new Cache()
    const killed = new RandomAccessKV({
      read: storage.read.bind(storage),
      write: storage.write.bind(storage),
      stat: storage.stat.bind(storage),
      sync: storage.sync.bind(storage),
    })
    await killed.batch(puts(0, 20, length))
    const kv = new RandomAccessKV(storage)
    storage.failsNext = true
    await expect(kv.ready()).rejects.toMatchObject({ code: 'EIO' })
    await kv.ready()
    const pairs = await contents(kv)
    expect(pairs.length).toBe(20)
    await kv.sync()
    const left = new RandomAccessKV(new Memory(Bytes.from(storage.disk.copy())))
    assertSame(await contents(left), pairs, 'after the power cut')
    await assertSound(left, 'after the power cut')
    await kv.checkpoint()
    const later = new RandomAccessKV(new Memory(Bytes.from(storage.disk.copy())))
    assertSame(await contents(later), pairs, 'after a checkpoint and a power cut')
  })
}

test('a store that was closed while a sync failed is whole when the power goes under the next process', async () => {
  let failures = 0
  for (let failsAfter = 0; failsAfter === failures; failsAfter++) {
    const storage = new Cache()
    const kv = new RandomAccessKV(storage)
    // Closing moves what is left to the front of the file.
    await kv.batch(puts(0, 100, 20_000))
    await kv.checkpoint()
    await kv.batch(puts(0, 90, 10))
    await kv.sync()
    storage.failsAfter = failsAfter
    const isClosed = await kv.close().then(
      () => true,
      () => false,
    )
    if (storage.failsAfter < 0) failures++
    storage.failsAfter = Number.POSITIVE_INFINITY
    if (!isClosed) continue
    const next = new RandomAccessKV(storage, { sync: 'always' })
    await next.batch(puts(100, 110, 20_000))
    const pairs = await contents(next)
    expect(pairs.length).toBe(110)
    const left = new RandomAccessKV(new Memory(Bytes.from(storage.disk.copy())))
    const what = `after a power cut, where sync ${failsAfter} of closing had failed`
    await assertSound(left, what)
    assertSame(await contents(left), pairs, what)
  }
  expect(failures).toBeGreaterThan(2)
})

const ways: Readonly<Record<string, (kv: RandomAccessKV) => Promise<void>>> = {
  sync: (kv) => kv.sync(),
  checkpoint: (kv) => kv.checkpoint(),
  compact: (kv) => kv.compact(),
  close: (kv) => kv.close(),
}

for (const [way, run] of Object.entries(ways)) {
  for (const length of [50, 5000, 20_000, 300_000]) {
    test(`values of ${length} bytes that a failed sync forgot are safe after the next ${way}`, async () => {
      for (let seed = 0; seed < 6; seed++) {
        const storage = new PowerCut(EMPTY, Number.POSITIVE_INFINITY, seed)
        storage.forgets = true
        const kv = new RandomAccessKV(storage)
        await kv.batch(puts(0, 40, length))
        await kv.sync()
        await kv.batch(puts(20, 60, length))
        storage.failingSyncs = 1
        await expect(kv.sync()).rejects.toMatchObject({ code: 'EIO' })
        const pairs = await contents(kv)
        expect(pairs.length).toBe(60)
        storage.failingSyncs = 0
        await run(kv)
        const left = new RandomAccessKV(new Memory(Bytes.from(storage.survivors())))
        assertSame(await contents(left), pairs, 'after a power cut')
        await assertSound(left, 'after a power cut')
        await left.close()
      }
    })
  }
}

test('values that were moved and that a failed sync forgot are safe after the next checkpoint', async () => {
  for (let seed = 0; seed < 8; seed++) {
    const storage = new PowerCut(EMPTY, Number.POSITIVE_INFINITY, seed)
    storage.forgets = true
    const kv = new RandomAccessKV(storage)
    await kv.batch(puts(0, 100, 60_000))
    await kv.batch([{ type: 'clear', gte: Buffer.from('key 1'), lt: Buffer.from('key 7') }])
    await kv.checkpoint()
    const pairs = await contents(kv)
    storage.failingSyncs = 0.5
    await kv.compact().catch(() => {})
    storage.failingSyncs = 0
    await kv.sync()
    const left = new RandomAccessKV(new Memory(Bytes.from(storage.survivors())))
    assertSame(await contents(left), pairs, 'after a power cut')
    await assertSound(left, 'after a power cut')
    await left.close()
  }
})

test('keeps what it needs when syncs fail now and then and forget, and the power goes later', async () => {
  for (let seed = 300; seed < 306; seed++) {
    const session: Session = {
      pageSize: 512,
      sync: seed % 2 === 0 ? 'always' : 'checkpoint',
      seed,
      steps: 60,
    }
    const failing = { ...session, failingSyncs: 0.3, forgets: true }
    const whole = await work(failing, EMPTY, [], Number.POSITIVE_INFINITY)
    for (let at = seed % 5; at < whole.calls; at += 5) {
      try {
        const left = await work(failing, EMPTY, [], at)
        await recoverFrom(left, session.pageSize)
      } catch (error) {
        throw new Error(`cut at call ${at} of ${JSON.stringify(failing)}`, { cause: error })
      }
    }
  }
})

/** Memory whose next sync fails and forgets, and which loses its power in the middle of the next meta page. */
class Doomed extends Memory {
  forgetsNext = false
  isCut = false
  #tears = false
  #safe: Uint8Array = EMPTY

  override write(offset: number, data: Uint8Array, callback: (error: Error | null) => void): void {
    const isMeta = data.length === META_SIZE && (offset === 0 || offset === META_STRIDE)
    if (this.#tears && isMeta) {
      super.write(offset, data.subarray(0, META_SIZE / 2), () => {})
      this.isCut = true
    }
    if (this.isCut) callback(new Error('The power is gone'))
    else super.write(offset, data, callback)
  }

  override sync(callback: (error: Error | null) => void): void {
    if (this.isCut) {
      callback(new Error('The power is gone'))
      return
    }
    if (this.forgetsNext) {
      const { length } = this.bytes
      this.bytes.truncate(0)
      this.bytes.write(0, this.#safe)
      this.bytes.write(this.#safe.length, new Uint8Array(length - this.#safe.length))
      this.forgetsNext = false
      this.#tears = true
      callback(Object.assign(new Error('EIO: simulated'), { code: 'EIO' }))
      return
    }
    this.#safe = this.bytes.copy()
    callback(null)
  }
}

test('a log that a failed sync forgot is there again when the next meta page is torn', async () => {
  for (const length of [50, 300, 5000]) {
    const storage = new Doomed()
    const kv = new RandomAccessKV(storage, { pageSize: 512 })
    for (const operation of puts(0, 5, length)) await kv.batch([operation])
    await kv.checkpoint()
    for (const operation of puts(5, 10, length)) await kv.batch([operation])
    const pairs = await contents(kv)
    storage.forgetsNext = true
    await expect(kv.checkpoint()).rejects.toMatchObject({ code: 'EIO' })
    await expect(kv.checkpoint()).rejects.toThrow('The power is gone')
    const left = new RandomAccessKV(new Memory(Bytes.from(storage.bytes.copy())))
    assertSame(await contents(left), pairs, `values of ${length} bytes after a power cut`)
    await assertSound(left, `values of ${length} bytes after a power cut`)
    await left.close()
  }
})
