// What users and peers store is never taken for structure: values that hold logs, meta pages and whole stores, their pages freed and
// used again for the log.

import { expect, test } from 'vitest'
import { setU32, setU64, u32, u64 } from '../src/bytes/bytes.js'
import { crc32Portable } from '../src/bytes/checksum.js'
import { RandomAccessKV } from '../src/index.js'
import { assertSame, assertSound, contents } from './support/model.js'
import { Bytes, Memory } from './support/storages.js'

/** The file of a store with a long log, each record of which says that those before it were synced. */
async function longLog(pageSize: number): Promise<Uint8Array> {
  const storage = new Memory()
  const kv = new RandomAccessKV(storage, { pageSize, sync: 'always' })
  for (let i = 0; i < 3000; i++) await kv.put(Buffer.from(`other ${i}`), Buffer.alloc(30, i))
  return storage.bytes.copy()
}

async function assertOpens(bytes: Uint8Array, expected: RandomAccessKV, what: string): Promise<void> {
  const kv = new RandomAccessKV(new Memory(Bytes.from(bytes)))
  assertSame(await contents(kv), await contents(expected), what)
  await assertSound(kv, what)
  await kv.close()
}

for (const pageSize of [512, 4096]) {
  test(`a store with pages of ${pageSize} bytes opens after values held the logs of other stores`, async () => {
    const hostile = await longLog(pageSize)
    const storage = new Memory()
    const kv = new RandomAccessKV(storage, { pageSize })
    for (let round = 0; round < 4; round++) {
      // Shifted, so that records stand at the start of a page as well.
      for (let shift = 0; shift < 4; shift++)
        await kv.put(Buffer.from(`hostile ${shift}`), hostile.subarray(shift * 1000 + 8192 * (shift % 2)))
      await kv.checkpoint()
      await kv.batch([{ type: 'clear', gte: Buffer.from('hostile') }])
      await kv.checkpoint()
      await assertOpens(storage.bytes.copy(), kv, `after round ${round}`)
      await kv.put(Buffer.from(`key ${round}`), Buffer.from('value'))
      await assertOpens(storage.bytes.copy(), kv, `with a log in round ${round}`)
    }
    await kv.close()
    await assertOpens(storage.bytes.copy(), new RandomAccessKV(new Memory(storage.bytes)), 'closed')
  })
}

test('a store opens after values held a copy of its own file', async () => {
  const storage = new Memory()
  const kv = new RandomAccessKV(storage, { sync: 'always' })
  for (let i = 0; i < 2000; i++) await kv.put(Buffer.from(`key ${i}`), Buffer.alloc(30, i))
  await kv.sync()
  for (let round = 0; round < 5; round++) {
    const own = storage.bytes.copy().subarray(0, 600_000)
    // One through its pages, and pieces through the log.
    await kv.put(Buffer.from('copy'), own)
    for (let at = 0; at < 100_000; at += 5000)
      await kv.put(Buffer.from(`piece ${at}`), own.subarray(at, at + 5000))
    await assertOpens(storage.bytes.copy(), kv, `with copies in round ${round}`)
    await kv.batch([{ type: 'clear', gte: Buffer.from('copy'), lt: Buffer.from('copz') }])
    await kv.batch([{ type: 'clear', gte: Buffer.from('piece') }])
    await kv.checkpoint()
    await assertOpens(storage.bytes.copy(), kv, `after round ${round}`)
  }
  await kv.close()
})

/** What stood in the log's pages before, read as the header of a record. */
interface Chance {
  readonly type: number
  readonly length: number
  /** How far it is from the number that is due. */
  readonly ahead: number
}

test.each<[string, Chance]>([
  ['the number of a record that cannot be so near', { type: 1, length: 10, ahead: 1000 }],
  ['any number', { type: 1, length: 10, ahead: 2 ** 40 }],
  ['a type that is none', { type: 257, length: 10, ahead: 1 }],
  ['a length beyond the extent', { type: 1, length: 2 ** 30, ahead: 1 }],
])('bytes with the right checksum by chance and %s do not damage a closed store', async (_, chance) => {
  const storage = new Memory()
  const kv = new RandomAccessKV(storage)
  for (let i = 0; i < 2000; i++) await kv.put(Buffer.from(`key ${i}`), Buffer.alloc(300, i))
  await kv.close()
  const bytes = storage.bytes.copy()
  const slots = [bytes.subarray(0, 512), bytes.subarray(4096, 4608)]
  const [meta] = slots.sort((one, other) => u32(other, 16) - u32(one, 16)) as [Uint8Array]
  const at = u32(meta, 44) * 4096 + 400
  const header = new Uint8Array(36)
  setU32(header, 0, chance.length)
  setU64(header, 8, u64(meta, 56) + 1 + chance.ahead)
  setU32(header, 20, chance.type)
  setU32(header, 32, crc32Portable(header.subarray(0, 32), u32(meta, 64)))
  expect(at + header.length).toBeLessThan(bytes.length)
  bytes.set(header, at)
  await assertOpens(bytes, new RandomAccessKV(new Memory(Bytes.from(storage.bytes.copy()))), 'closed')
})
