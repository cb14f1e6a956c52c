// A batch that was refused is not there: not after a clean close, not after a crash, not beside a batch that was acknowledged later;
// even if its bytes have arrived.

import { expect, test } from 'vitest'
import { type KvOptions, type Operation, RandomAccessKV } from '../src/index.js'
import { assertSame, assertSound, contents, type Pair } from './support/model.js'
import { Bytes, Faulty, Memory, PowerCut } from './support/storages.js'

function put(name: string, length = 20): Operation {
  return { type: 'put', key: Buffer.from(name), value: Buffer.alloc(length, name) }
}

/** What a store on a copy of these bytes holds. */
async function found(bytes: Bytes, options: KvOptions): Promise<Pair[]> {
  const kv = new RandomAccessKV(new Memory(Bytes.from(bytes.copy())), options)
  const pairs = await contents(kv)
  await assertSound(kv, 'a copy')
  await kv.close()
  return pairs
}

/** Makes every write fail, and arrive, from now on. */
function lie(storage: Faulty, times: number): void {
  storage.fault = { at: storage.calls, kind: 'arrived', times }
}

const FOR_EVER = Number.POSITIVE_INFINITY
const policies = ['checkpoint', 'always'] as const

for (const sync of policies) {
  for (const length of [20, 3000, 20_000]) {
    for (const times of [1, 2, FOR_EVER]) {
      test(`a refused value of ${length} bytes whose ${times === FOR_EVER ? '' : times} writes arrived is not there once the store was closed, with sync '${sync}'`, async () => {
        const bytes = new Bytes()
        const storage = new Faulty(bytes, null)
        const kv = new RandomAccessKV(storage, { sync })
        await kv.batch([put('first')])
        const pairs = await contents(kv)
        // Past the write of a value that does not go through the log.
        lie(storage, times)
        if (length > 8192 && storage.fault !== null)
          storage.fault = { ...storage.fault, at: storage.calls + 1 }
        await expect(kv.batch([put('refused', length)])).rejects.toMatchObject({ code: 'arrived' })
        if (times === 1) assertSame(await found(bytes, {}), pairs, 'after a crash')
        storage.fault = null
        await kv.close()
        assertSame(await found(bytes, {}), pairs, 'closed')
      })
    }
  }

  test(`of two batches refused together none comes back when the first is tried again, with sync '${sync}'`, async () => {
    for (const times of [1, 2]) {
      const bytes = new Bytes()
      const storage = new Memory(bytes)
      const kv = new RandomAccessKV(storage, { sync })
      await kv.batch([put('first')])
      // Both are written together once the one before them is. The writes after that arrive, and report an error.
      const { write } = storage
      let begun = () => {}
      const writing = new Promise<void>((resolve) => {
        begun = resolve
      })
      let release: (() => void) | null = null
      let lies = times
      storage.write = (offset, data, callback) => {
        if (release === null) {
          release = () => write.call(storage, offset, data, callback)
          begun()
        } else if (lies-- <= 0) write.call(storage, offset, data, callback)
        else write.call(storage, offset, data, () => callback(new Error('arrived')))
      }
      const before = kv.batch([put('second')])
      // After a long turn of the event loop, it is written in the next one.
      await writing
      const both = [kv.batch([put('a')]), kv.batch([put('b')])]
      const refused = both.map((batch) => expect(batch).rejects.toThrow('arrived'))
      ;(release as (() => void) | null)?.()
      await Promise.all([before, ...refused])
      await kv.batch([put('a')])
      const names = (pairs: Pair[]) => pairs.map(([key]) => Buffer.from(key).toString())
      expect(names(await found(bytes, {}))).toEqual(['a', 'first', 'second'])
      await kv.close()
      expect(names(await found(bytes, {}))).toEqual(['a', 'first', 'second'])
    }
  })
}

test('a refused link to another extent of the log leaves nothing behind', async () => {
  const bytes = new Bytes()
  const storage = new Faulty(bytes, null)
  const kv = new RandomAccessKV(storage, { pageSize: 512 })
  const model: Pair[] = []
  // Log extents are filled one after the other; each write on the way is refused once, and tried again.
  for (let i = 0; i < 250; i++) {
    const name = `key ${String(i).padStart(4, '0')}`
    lie(storage, 1)
    await expect(kv.batch([put(name, 4000)])).rejects.toMatchObject({ code: 'arrived' })
    storage.fault = null
    if (i % 10 === 0) assertSame(await found(bytes, {}), model, `after ${i} batches`)
    await kv.batch([put(name, 4000)])
    model.push([Buffer.from(name), Buffer.alloc(4000, name)])
  }
  assertSame(await found(bytes, {}), model, 'after a crash')
  await kv.close()
  assertSame(await found(bytes, {}), model, 'closed')
})

test('a store whose refused record cannot be erased does not say that it was closed', async () => {
  const bytes = new Bytes()
  const storage = new Faulty(bytes, null)
  const kv = new RandomAccessKV(storage)
  await kv.batch([put('first')])
  await kv.checkpoint()
  lie(storage, 1)
  const { write } = storage
  await kv.batch([put('refused')]).catch(() => {})
  storage.fault = null
  storage.write = (_offset, _data, callback) => callback(new Error('EIO: simulated'))
  await kv.batch([put('refused, too')]).catch(() => {})
  storage.write = write
  await kv.close()
  expect((await found(bytes, {})).length).toBe(1)
})

test('a batch refused while a checkpoint is written is not there once that has succeeded', async () => {
  const storage = new PowerCut(new Uint8Array(0), FOR_EVER, 0)
  const kv = new RandomAccessKV(storage)
  // The file is long enough by then.
  for (let i = 0; i < 4; i++) {
    await kv.batch([put('first', 20 + i)])
    await kv.checkpoint()
  }
  await kv.batch([put('first')])
  // The batch comes when the link of the checkpoint is written. Its record arrives and fails; its erasure fails and does not arrive.
  const { write } = storage
  let refused: Promise<void> | null = null
  let record: number | null = null
  storage.write = (offset, data, callback) => {
    refused ??= expect(kv.batch([put('refused')])).rejects.toThrow('arrived')
    if (record === null && Buffer.from(data).includes('refused')) {
      record = offset
      write.call(storage, offset, data, () => callback(new Error('arrived')))
    } else if (record === offset) {
      record = -1
      callback(new Error('failed'))
    } else write.call(storage, offset, data, callback)
  }
  await kv.checkpoint()
  await refused
  expect(record).toBe(-1)
  const left = await found(Bytes.from(storage.survivors()), {})
  expect(left.map(([key]) => Buffer.from(key).toString())).toEqual(['first'])
})

for (const [way, run] of Object.entries({
  sync: (kv: RandomAccessKV) => kv.sync(),
  checkpoint: (kv: RandomAccessKV) => kv.checkpoint(),
  close: (kv: RandomAccessKV) => kv.close(),
})) {
  test(`a refused batch does not come back after ${way} and a power cut`, async () => {
    for (let seed = 0; seed < 20; seed++) {
      const storage = new PowerCut(new Uint8Array(0), FOR_EVER, seed)
      const kv = new RandomAccessKV(storage)
      await kv.batch([put('first')])
      await kv.sync()
      const { write } = storage
      storage.write = (offset, data, callback) => {
        storage.write = write
        write.call(storage, offset, data, () => callback(new Error('arrived')))
      }
      await expect(kv.batch([put('refused')])).rejects.toThrow('arrived')
      await run(kv)
      const left = await found(Bytes.from(storage.survivors()), {})
      expect(left.map(([key]) => Buffer.from(key).toString())).toEqual(['first'])
    }
  })
}
