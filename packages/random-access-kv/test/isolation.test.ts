// Bytes belong to those who gave them: a caller may change what it gave to a batch, a storage may keep and change what it was given,
// and change what it gave.

import { expect, test } from 'vitest'
import { type Operation, RandomAccessKV } from '../src/index.js'
import { assertSame, assertSound, contents, Model } from './support/model.js'
import { Bytes, Late, Memory, random } from './support/storages.js'

type Callback = (error: Error | null) => void

/** Memory that spoils each buffer that it was given, and each that it gave, later. */
class Spoiling extends Memory {
  readonly #seen: Uint8Array[] = []

  spoil(): void {
    for (const data of this.#seen.splice(0)) data.fill(0xee)
  }

  override write(offset: number, data: Uint8Array, callback: Callback): void {
    super.write(offset, data, callback)
    this.#seen.push(data)
  }

  override read(
    offset: number,
    size: number,
    callback: (error: Error | null, data: Uint8Array) => void,
  ): void {
    super.read(offset, size, (error, data) => {
      this.#seen.push(data)
      callback(error, data)
    })
  }
}

test('a storage may change what it was given and what it gave', async () => {
  const bytes = new Bytes()
  const storage = new Spoiling(bytes)
  const draw = random(5)
  const model = new Model()
  const kv = new RandomAccessKV(storage, { pageSize: 512, logSize: 40_000, cacheSize: 30_000 })
  for (let i = 0; i < 400; i++) {
    const length = Math.floor(draw() * (draw() < 0.1 ? 20_000 : 300))
    const operations: Operation[] = [
      { type: 'put', key: Buffer.from(`key ${Math.floor(draw() * 200)}`), value: Buffer.alloc(length, i) },
    ]
    model.apply(operations)
    await kv.batch(operations)
    storage.spoil()
    if (i % 50 === 49) {
      assertSame(await contents(kv), model.list(), `after ${i}`)
      storage.spoil()
      await kv.checkpoint()
      await kv.compact()
      storage.spoil()
    }
  }
  await assertSound(kv, 'at the end')
  await kv.close()
  storage.spoil()
  assertSame(await contents(new RandomAccessKV(new Memory(bytes))), model.list(), 'closed')
})

test('a caller may change keys and values as soon as it has called', async () => {
  for (const length of [20, 4000, 30_000]) {
    const bytes = new Bytes()
    const kv = new RandomAccessKV(new Late(bytes, 3), { sync: 'always' })
    const model = new Model()
    for (let round = 0; round < 10; round++) {
      const batches = Array.from({ length: 5 }, (_, i) => {
        const key = Buffer.from(`key ${round} ${i}`)
        const value = Buffer.alloc(length, i)
        const first = Buffer.from(`key ${round - 1} ${i}`)
        const operations: Operation[] = [
          { type: 'put', key, value },
          { type: 'clear', gte: first, lte: first },
        ]
        model.apply(operations.map((operation) => copied(operation)))
        const done = kv.batch(operations)
        for (const given of [key, value, first]) given.fill(0xdd)
        return done
      })
      await Promise.all(batches)
    }
    assertSame(await contents(kv), model.list(), `values of ${length} bytes`)
    await kv.close()
    assertSame(await contents(new RandomAccessKV(new Memory(bytes))), model.list(), 'closed')
  }
})

function copied(operation: Operation): Operation {
  const copy = (bytes: Uint8Array | undefined) => (bytes === undefined ? undefined : Buffer.from(bytes))
  if (operation.type === 'put')
    return { type: 'put', key: Buffer.from(operation.key), value: Buffer.from(operation.value) }
  if (operation.type === 'del') return { type: 'del', key: Buffer.from(operation.key) }
  return { type: 'clear', gte: copy(operation.gte), lte: copy(operation.lte) }
}

test('a value that was read is a copy, and stays what it was', async () => {
  for (const length of [20, 4000, 30_000]) {
    const kv = new RandomAccessKV(new Memory())
    const key = Buffer.from('key')
    await kv.put(key, Buffer.alloc(length, 1))
    for (let i = 0; i < 3; i++) {
      const value = await kv.get(key)
      expect(value).toEqual(Buffer.alloc(length, 1))
      value?.fill(9)
    }
    await kv.close()
  }
})

test('a storage that a store has open is refused to another one, and stays open', async () => {
  const storage = new Memory()
  const kv = new RandomAccessKV(storage)
  await kv.put(Buffer.from('key'), Buffer.from('value'))
  const other = new RandomAccessKV(storage)
  await expect(other.ready()).rejects.toMatchObject({ code: 'KV_LOCKED' })
  await other.close()
  await kv.put(Buffer.from('key'), Buffer.from('value'))
  await kv.close()
  const next = new RandomAccessKV(storage)
  expect(await next.get(Buffer.from('key'))).toEqual(Buffer.from('value'))
  await next.close()
})
