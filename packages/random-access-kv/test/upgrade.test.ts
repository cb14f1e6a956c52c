// Stores of format version 2 open and are brought over. The fixtures were written by the last version that wrote that format.

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { RandomAccessKV } from '../src/index.js'
import { assertSame, assertSound, contents, Model } from './support/model.js'
import { Bytes, Faulty, Memory, PowerCut } from './support/storages.js'

function fixture(name: string): Uint8Array {
  return gunzipSync(readFileSync(new URL(`fixtures/version-2-${name}.kv.gz`, import.meta.url)))
}

function version(bytes: Uint8Array): number {
  const meta = [0, 4096].map((at) => new DataView(bytes.buffer, bytes.byteOffset + at, 512))
  const [even, odd] = meta as [DataView, DataView]
  const youngest = even.getUint32(16, true) > odd.getUint32(16, true) ? even : odd
  return youngest.getUint32(8, true)
}

/** What the fixtures hold. */
function expected(): Model {
  const key = (i: number) => Buffer.from(`key ${i}`)
  const value = (i: number) => Buffer.alloc(i % 100 === 0 ? 10_000 : i % 25 === 0 ? 1500 : 30, i)
  const model = new Model()
  const put = (i: number) => model.apply([{ type: 'put', key: key(i), value: value(i) }])
  for (let i = 0; i < 300; i++) put(i)
  model.apply([{ type: 'clear', gte: key(15), lt: key(20) }])
  for (let i = 300; i < 330; i++) put(i)
  model.apply([{ type: 'del', key: key(1) }])
  model.apply([{ type: 'clear', gte: key(31), lt: key(32) }])
  put(400)
  return model
}

for (const name of ['open', 'closed']) {
  test(`a store of version 2 that was ${name === 'open' ? 'not closed' : 'closed'} is brought over with all that it holds`, async () => {
    const bytes = Bytes.from(fixture(name))
    expect(version(bytes.copy())).toBe(2)
    const model = expected()
    for (let open = 0; open < 3; open++) {
      const kv = new RandomAccessKV(new Memory(bytes))
      assertSame(await contents(kv), model.list(), `opened ${open} times`)
      await assertSound(kv, `opened ${open} times`)
      expect(version(bytes.copy())).toBe(3)
      const operations = [
        { type: 'put', key: Buffer.from(`new ${open}`), value: Buffer.alloc(20_000, open) },
      ] as const
      model.apply(operations)
      await kv.batch(operations)
      await kv.close()
    }
  })

  test(`a store of version 2 that was ${name === 'open' ? 'not closed' : 'closed'} is read, and not written, with readOnly`, async () => {
    const before = fixture(name)
    const storage = new Memory(Bytes.from(before))
    const kv = new RandomAccessKV(storage, { readOnly: true })
    assertSame(await contents(kv), expected().list(), 'read only')
    await assertSound(kv, 'read only')
    await kv.close()
    expect(Buffer.compare(storage.bytes.copy(), before)).toBe(0)
  })

  test(`a store of version 2 that was ${name === 'open' ? 'not closed' : 'closed'} survives a power cut at any point of being brought over`, async () => {
    for (let at = 0; ; at++) {
      const storage = new PowerCut(fixture(name), at, at)
      const kv = new RandomAccessKV(storage)
      await kv.ready().catch(() => {})
      const isDone = !storage.isCut
      const left = new RandomAccessKV(new Memory(Bytes.from(storage.survivors())))
      assertSame(await contents(left), expected().list(), `cut at call ${at}`)
      await assertSound(left, `cut at call ${at}`)
      await left.close()
      if (isDone) break
    }
  })
}

test('a store of version 2 that cannot be brought over is left as it is', async () => {
  const bytes = Bytes.from(fixture('open'))
  const storage = new Faulty(bytes, { at: 0, kind: 'ENOSPC', times: 0 })
  storage.write = (_offset, _data, callback) =>
    callback(Object.assign(new Error('ENOSPC: simulated'), { code: 'ENOSPC' }))
  await expect(new RandomAccessKV(storage).ready()).rejects.toMatchObject({ code: 'ENOSPC' })
  expect(Buffer.compare(bytes.copy(), fixture('open'))).toBe(0)
  const kv = new RandomAccessKV(new Memory(bytes))
  assertSame(await contents(kv), expected().list(), 'once there is space')
  await kv.close()
})
