// What the store promises beside its data: opening, closing, errors, when it syncs, what it writes together.

import RAM from 'random-access-memory'
import { expect, test } from 'vitest'
import { KvError, type Operation, RandomAccessKV } from '../src/index.js'
import { assertSame, assertSound, contents } from './support/model.js'
import { Bare, Bytes, Faulty, Late, Memory } from './support/storages.js'

const bytes = (text: string) => Buffer.from(text)
const put = (key: string, value: string): Operation => ({ type: 'put', key: bytes(key), value: bytes(value) })

test('keeps what was put, in order of unsigned bytes, through a reopen', async () => {
  const make = RAM.reusable()
  const keys = [
    Buffer.of(),
    Buffer.of(0),
    Buffer.of(0, 0),
    Buffer.of(1),
    Buffer.of(127),
    Buffer.of(128),
    Buffer.of(255),
  ]
  {
    await using kv = new RandomAccessKV(make)
    await kv.batch([...keys].reverse().map((key) => ({ type: 'put', key, value: key })))
  }
  await using kv = new RandomAccessKV(make)
  assertSame(
    await contents(kv),
    keys.map((key) => [key, key] as const),
    'forwards',
  )
  assertSame(
    await contents(kv, { reverse: true }),
    [...keys].reverse().map((key) => [key, key] as const),
    'backwards',
  )
})

test('calls a storage function once, with the name of the file', async () => {
  const names: string[] = []
  await using kv = new RandomAccessKV((name) => {
    names.push(name)
    return new Memory()
  })
  await kv.put(bytes('a'), bytes('1'))
  expect(names).toEqual(['store.kv'])
})

test('applies the operations of a batch in their order', async () => {
  await using kv = new RandomAccessKV(new Memory())
  await kv.batch([
    put('a', '1'),
    put('b', '1'),
    { type: 'clear', gte: bytes('a') },
    put('b', '2'),
    { type: 'del', key: bytes('c') },
  ])
  assertSame(await contents(kv), [[bytes('b'), bytes('2')]], 'after the batch')
})

test('answers tryGet from memory only, and says when it cannot', async () => {
  const storage = new Bytes()
  const kv = new RandomAccessKV(new Memory(storage))
  expect(kv.tryGet(bytes('a'))).toBe(undefined)
  await kv.batch([
    put('a', '1'),
    { type: 'put', key: bytes('page'), value: Buffer.alloc(4096, 1) },
    { type: 'put', key: bytes('large'), value: Buffer.alloc(10_000) },
  ])
  expect(kv.tryGet(bytes('a'))).toEqual(bytes('1'))
  expect(kv.tryGet(bytes('b'))).toBe(null)
  expect(kv.tryGet(bytes('page'))).toEqual(Buffer.alloc(4096, 1))
  expect(kv.tryGet(bytes('large'))).toBe(undefined)
  await kv.close()
  const again = new RandomAccessKV(new Memory(storage))
  await again.ready()
  expect(again.tryGet(bytes('a'))).toBe(undefined)
  expect(await again.get(bytes('a'))).toEqual(bytes('1'))
  expect(again.tryGet(bytes('a'))).toEqual(bytes('1'))
  expect(again.tryGet(bytes('page'))).toBe(undefined)
  expect(await again.get(bytes('page'))).toEqual(Buffer.alloc(4096, 1))
  expect(again.tryGet(bytes('page'))).toEqual(Buffer.alloc(4096, 1))
  await again.close()
})

test('gives copies: changing a value that was read changes nothing in the store', async () => {
  await using kv = new RandomAccessKV(new Memory())
  await kv.batch([put('a', '1')])
  const page = Buffer.alloc(4096, 1)
  await kv.batch([{ type: 'put', key: bytes('page'), value: page }])
  page.fill(0)
  for (const key of [bytes('a'), bytes('page')]) {
    const value = await kv.get(key)
    value?.fill(0)
    kv.tryGet(key)?.fill(0)
  }
  for await (const entry of kv.iterator()) {
    entry.key.fill(0)
    entry.value.fill(0)
  }
  expect(await kv.getMany([bytes('a'), bytes('b'), bytes('page')])).toEqual([
    bytes('1'),
    null,
    Buffer.alloc(4096, 1),
  ])
})

test('syncs as its policy says', async () => {
  for (const [sync, expected] of [
    ['always', 10],
    ['checkpoint', 0],
  ] as const) {
    const storage = new Memory()
    const kv = new RandomAccessKV(storage, { sync })
    await kv.ready()
    const before = storage.syncs
    for (let i = 0; i < 10; i++) await kv.batch([put(`key ${i}`, 'value')])
    expect(storage.syncs - before).toBe(expected)
    await kv.sync()
    const synced = storage.syncs
    await kv.sync()
    expect(storage.syncs, 'nothing to sync').toBe(synced)
    await kv.close()
  }
})

test('syncs within the given time if its policy is a number', async () => {
  const storage = new Memory()
  let synced = () => {}
  const syncing = new Promise<void>((resolve) => {
    synced = resolve
  })
  const kv = new RandomAccessKV(storage, { sync: 5 })
  await kv.ready()
  const { sync } = storage
  storage.sync = (callback) => {
    synced()
    sync.call(storage, callback)
  }
  await kv.batch([put('a', '1')])
  await syncing
  await kv.close()
})

test('writes batches together that come while one is being written', async () => {
  const storage = new Late(new Bytes(), 1)
  let writes = 0
  let begun = () => {}
  const { write } = storage
  storage.write = (offset, data, callback) => {
    writes++
    begun()
    write.call(storage, offset, data, callback)
  }
  await using kv = new RandomAccessKV(storage)
  // The first one fills the reserved pages.
  await kv.batch([put('key', 'value')])
  writes = 0
  // After a long turn of the event loop, it is written in the next one.
  const writing = new Promise<void>((resolve) => {
    begun = resolve
  })
  const first = kv.batch([put('first', 'value')])
  await writing
  await Promise.all([first, ...Array.from({ length: 99 }, (_, i) => kv.batch([put(`key ${i}`, 'value')]))])
  expect(writes).toBe(2)
})

test('keeps open reads right while pages are reused under them', async () => {
  const kv = new RandomAccessKV(new Late(new Bytes(), 2), { pageSize: 512, cacheSize: 0, logSize: 2000 })
  for (let i = 0; i < 100; i++) await kv.put(bytes(`key ${i}`), Buffer.alloc(100, 1))
  const iterator = kv.iterator()
  for (let round = 2; round < 12; round++) {
    const reads = Array.from({ length: 100 }, (_, i) => kv.get(bytes(`key ${i}`)))
    const writes = Array.from({ length: 100 }, (_, i) => kv.put(bytes(`key ${i}`), Buffer.alloc(100, round)))
    for (const value of await Promise.all(reads)) expect(value).toEqual(Buffer.alloc(100, round - 1))
    await Promise.all(writes)
  }
  let seen = 0
  for await (const { value } of iterator) {
    expect(value).toEqual(Buffer.alloc(100, 1))
    seen++
  }
  expect(seen).toBe(100)
  await assertSound(kv, 'at the end')
  expect((await kv.stats()).snapshots).toBe(0)
  await kv.close()
})

test('a read that is answered very late sees what was there when it began', async () => {
  const memory = new Memory()
  const kv = new RandomAccessKV(memory, { pageSize: 512 })
  const fill = async (n: number) => {
    for (let i = 0; i < 20; i++) await kv.put(bytes(`large ${i}`), Buffer.alloc(9000, n))
    await kv.checkpoint()
  }
  await fill(1)
  // The answer is kept back until pages have been freed, and reused, several times.
  const { read } = memory
  const waiting: (() => void)[] = []
  memory.read = (offset, size, callback) => waiting.push(() => read.call(memory, offset, size, callback))
  const late = kv.get(bytes('large 7'))
  memory.read = read
  for (let n = 2; n < 6; n++) await fill(n)
  expect(waiting.length).toBe(1)
  for (const answer of waiting) answer()
  expect(await late).toEqual(Buffer.alloc(9000, 1))
  await kv.close()
})

test('a node that is read very late is not taken for what its page holds by then', async () => {
  const memory = new Memory()
  const kv = new RandomAccessKV(memory, { pageSize: 512, cacheSize: 0 })
  const key = (i: number) => bytes(`key ${String(i).padStart(4, '0')}`)
  const fill = (count: number, n: number) =>
    kv.batch(
      Array.from({ length: count }, (_, i) => ({ type: 'put', key: key(i), value: Buffer.alloc(100, n) })),
    )
  await fill(40, 1)
  await kv.checkpoint()
  // Held back is the leaf, which then goes with a range, unread by whoever deletes it.
  const { read } = memory
  const waiting: (() => void)[] = []
  let reads = 0
  memory.read = (offset, size, callback) => {
    const answer = () => read.call(memory, offset, size, callback)
    if (reads++ === 0) answer()
    else waiting.push(answer)
  }
  const late = kv.get(key(20))
  memory.read = read
  expect(waiting.length).toBe(1)
  await kv.batch([{ type: 'clear', gte: key(0), lt: key(39) }])
  await kv.checkpoint()
  // More than there are free pages.
  await fill(4000, 2)
  for (const answer of waiting) answer()
  expect(await late).toEqual(Buffer.alloc(100, 1))
  await assertSound(kv, 'after the late answer')
  for (let i = 0; i < 4000; i++) expect(await kv.get(key(i))).toEqual(Buffer.alloc(100, 2))
  await kv.close()
})

test('a batch that comes just as a read of the same page is answered is applied', async () => {
  const memory = new Memory()
  const kv = new RandomAccessKV(memory, { pageSize: 512, cacheSize: 0 })
  const key = (i: number) => bytes(`key ${String(i).padStart(4, '0')}`)
  await kv.batch(
    Array.from({ length: 40 }, (_, i) => ({ type: 'put', key: key(i), value: Buffer.alloc(100, 1) })),
  )
  const { read } = memory
  for (let moment = 0; moment < 10; moment++) {
    await kv.checkpoint()
    const waiting: (() => void)[] = []
    memory.read = (offset, size, callback) => waiting.push(() => read.call(memory, offset, size, callback))
    const reading = kv.get(key(20))
    memory.read = read
    expect(waiting.length).toBe(1)
    for (const answer of waiting) answer()
    for (let i = 0; i < moment; i++) await null
    await kv.put(key(20), Buffer.alloc(100, moment))
    await reading
    expect(await kv.get(key(20))).toEqual(Buffer.alloc(100, moment))
  }
  await kv.close()
})

test('works on a storage that can only read and write', async () => {
  const storage = new Bytes()
  for (let round = 0; round < 3; round++) {
    await using kv = new RandomAccessKV(new Bare(storage))
    expect((await contents(kv)).length).toBe(round * 100)
    for (let i = 0; i < 100; i++) await kv.put(bytes(`key ${round} ${i}`), Buffer.alloc(50, i))
  }
})

test('never takes a storage that cannot be read for an empty one', async () => {
  const storage = new Bytes()
  {
    await using kv = new RandomAccessKV(new Bare(storage))
    await kv.put(bytes('a'), bytes('1'))
  }
  const before = storage.copy()
  const bare = new Bare(storage)
  const { read } = bare
  bare.read = (_offset, _size, callback) => callback(new Error('The network is down'), new Uint8Array(0))
  const kv = new RandomAccessKV(bare)
  await expect(kv.get(bytes('a'))).rejects.toThrow('The network is down')
  expect(Buffer.compare(storage.copy(), before)).toBe(0)
  bare.read = read
  expect(await kv.get(bytes('a'))).toEqual(bytes('1'))
  await kv.close()
})

test('a failed open is not remembered, and leaves nothing behind', async () => {
  const storage = new Bytes()
  const faulty = new Faulty(storage, { at: 0, kind: 'EIO', times: 1 })
  const kv = new RandomAccessKV(faulty)
  await expect(kv.get(bytes('a'))).rejects.toMatchObject({ code: 'EIO' })
  expect(storage.length).toBe(0)
  await kv.batch([put('a', '1')])
  expect(await kv.get(bytes('a'))).toEqual(bytes('1'))
  await kv.close()
})

test('says what is wrong with an argument, and changes nothing', async () => {
  const storage = new Bytes()
  await using kv = new RandomAccessKV(new Memory(storage))
  await kv.batch([put('a', '1')])
  const before = storage.copy()
  const bad = { code: 'KV_BAD_ARGUMENT' }
  const wrong = (value: unknown) => value as Uint8Array
  await expect(kv.get(wrong('text'))).rejects.toMatchObject(bad)
  await expect(kv.put(Buffer.alloc(4097), bytes(''))).rejects.toMatchObject(bad)
  await expect(kv.put(bytes('a'), wrong(undefined))).rejects.toMatchObject(bad)
  await expect(kv.batch([put('b', '2'), { type: 'upsert' } as unknown as Operation])).rejects.toMatchObject(
    bad,
  )
  await expect(kv.batch([{ type: 'clear', gt: wrong('text') }])).rejects.toMatchObject(bad)
  const snapshot = kv.snapshot()
  for (const none of [null, undefined, {}]) {
    await expect(kv.batch(none as unknown as Operation[])).rejects.toMatchObject(bad)
    await expect(kv.getMany(none as unknown as Uint8Array[])).rejects.toMatchObject(bad)
    await expect(snapshot.getMany(none as unknown as Uint8Array[])).rejects.toMatchObject(bad)
  }
  await snapshot.close()
  await expect(kv.batch([null as unknown as Operation])).rejects.toMatchObject(bad)
  expect(() => kv.iterator({ lt: wrong(3) })).toThrow(KvError)
  expect(() => kv.iterator({ limit: Number.NaN })).toThrow(expect.objectContaining(bad))
  for (const options of [
    { pageSize: 1000 },
    { pageSize: 256 },
    { logSize: 0 },
    { sync: -1 },
    { sync: Number.POSITIVE_INFINITY },
    { sync: 2 ** 31 },
    { cacheSize: Number.NaN },
  ]) {
    expect(() => new RandomAccessKV(new Memory(), options)).toThrow(expect.objectContaining(bad))
  }
  expect(() => new RandomAccessKV({} as Memory)).toThrow(expect.objectContaining(bad))
  expect(Buffer.compare(storage.copy(), before)).toBe(0)
  expect((await kv.stats()).snapshots).toBe(0)
})

test('says so when something is used after it was closed', async () => {
  const kv = new RandomAccessKV(new Memory())
  await kv.batch([put('a', '1')])
  const snapshot = kv.snapshot()
  const iterator = kv.iterator()
  const closed = { code: 'KV_CLOSED' }
  const early = kv.snapshot()
  await early.close()
  await expect(early.get(bytes('a'))).rejects.toMatchObject(closed)
  await kv.close()
  await kv.close()
  await expect(kv.get(bytes('a'))).rejects.toMatchObject(closed)
  await expect(kv.batch([put('a', '2')])).rejects.toMatchObject(closed)
  await expect(snapshot.get(bytes('a'))).rejects.toMatchObject(closed)
  await expect(iterator.next()).rejects.toMatchObject(closed)
  await iterator.close()
  await snapshot.close()
})

test('finishes batches that were called for before close, be the store open or not', async () => {
  for (const isOpen of [false, true]) {
    const storage = new Bytes()
    const kv = new RandomAccessKV(new Late(storage, 3))
    if (isOpen) await kv.ready()
    const writes = Array.from({ length: 50 }, (_, i) => kv.batch([put(`key ${i}`, 'value')]))
    await Promise.all([...writes, kv.close()])
    await using again = new RandomAccessKV(new Memory(storage))
    expect((await contents(again)).length).toBe(50)
  }
})

test('refuses to make a store, or to open one that is there, if told so', async () => {
  const storage = new Bytes()
  await expect(
    new RandomAccessKV(new Memory(storage), { createIfMissing: false }).ready(),
  ).rejects.toMatchObject({
    code: 'KV_NO_STORE',
  })
  expect(storage.length).toBe(0)
  await using kv = new RandomAccessKV(new Memory(storage))
  await kv.ready()
  await expect(
    new RandomAccessKV(new Memory(storage), { errorIfExists: true }).ready(),
  ).rejects.toMatchObject({
    code: 'KV_EXISTS',
  })
})

test('reports a checkpoint that ran by itself and failed, and loses nothing', async () => {
  const faulty = new Faulty(new Bytes(), null)
  const kv = new RandomAccessKV(faulty, { logSize: 2000 })
  await kv.ready()
  // Writes to the log succeed, syncs fail: a checkpoint needs one.
  const { sync } = faulty
  faulty.sync = (callback) => callback(Object.assign(new Error('EIO: simulated'), { code: 'EIO' }))
  for (let i = 0; (await kv.stats()).checkpointError === null; i++)
    await kv.put(bytes(`key ${i % 50}`), Buffer.alloc(50, i))
  expect((await kv.stats()).checkpointError).toMatchObject({ code: 'EIO' })
  const all = await contents(kv)
  faulty.sync = sync
  await kv.checkpoint()
  expect((await kv.stats()).checkpointError).toBe(null)
  assertSame(await contents(kv), all, 'after the checkpoint')
  await assertSound(kv, 'after the checkpoint')
  await kv.close()
})
