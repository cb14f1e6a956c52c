// `sync()` covers every batch that was called before it, acknowledged or not.

import { expect, test } from 'vitest'
import { RandomAccessKV } from '../src/index.js'
import { contents } from './support/model.js'
import { Bytes, Late, Memory, PowerCut } from './support/storages.js'

const EMPTY = new Uint8Array(0)
const put = (kv: RandomAccessKV, i: number, length = 30) =>
  kv.put(Buffer.from(`key ${i}`), Buffer.alloc(length, i))

/** What the disk holds when the power goes now. */
async function survivors(storage: PowerCut): Promise<number> {
  const kv = new RandomAccessKV(new Memory(Bytes.from(storage.survivors())))
  const { length } = await contents(kv)
  await kv.close()
  return length
}

test('sync covers batches that wait for the store to open, or for one another', async () => {
  for (let seed = 0; seed < 20; seed++) {
    const storage = new PowerCut(EMPTY, Number.POSITIVE_INFINITY, seed)
    const kv = new RandomAccessKV(storage)
    const batches = Array.from({ length: 10 }, (_, i) => put(kv, i, i % 3 === 0 ? 20_000 : 30))
    await kv.sync()
    expect(await survivors(storage)).toBe(10)
    await Promise.all(batches)
  }
})

test('sync covers batches on a storage that answers late', async () => {
  const bytes = new Bytes()
  const storage = new Late(bytes, 1)
  let left: Uint8Array = EMPTY
  const kv = new RandomAccessKV(
    Object.assign(storage, {
      sync: (callback: (error: Error | null) => void) => {
        left = bytes.copy()
        callback(null)
      },
    }),
  )
  await kv.ready()
  for (let round = 0; round < 10; round++) {
    const batches = Array.from({ length: 5 }, (_, i) => put(kv, round * 5 + i))
    await kv.sync()
    const found = new RandomAccessKV(new Memory(Bytes.from(left)))
    expect((await contents(found)).length).toBe(round * 5 + 5)
    await found.close()
    await Promise.all(batches)
  }
  await kv.close()
})

test('sync covers a batch beside one that was refused before anything was written', async () => {
  const storage = new PowerCut(EMPTY, Number.POSITIVE_INFINITY, 1)
  const kv = new RandomAccessKV(storage)
  await put(kv, 0)
  const { write } = storage
  storage.write = (offset, data, callback) => {
    if (data.length < 20_000) setTimeout(() => write.call(storage, offset, data, callback), 0)
    else callback(Object.assign(new Error('EIO: simulated'), { code: 'EIO' }))
  }
  const first = put(kv, 1)
  const both = [put(kv, 2), put(kv, 3, 20_000)]
  await Promise.all([kv.sync(), first, both[0], expect(both[1]).rejects.toMatchObject({ code: 'EIO' })])
  expect(await survivors(storage)).toBe(3)
})
