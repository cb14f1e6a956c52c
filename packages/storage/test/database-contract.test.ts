// What hypercore-storage relies on in the database beneath it: the same assertions for RocksDB and for ours, and a record of what a
// live Hypercore makes it use. If an upgrade of hypercore-storage moves the seam, the last test names what moved; then seam.ts,
// these assertions and src/database have to follow.
import type { StorageDatabase } from '@coreyard/hypercore-types'
import Hypercore from 'hypercore'
import HypercoreStorage from 'hypercore-storage'
import { getStreamError, isStreamx, type Readable } from 'streamx'
import { describe, expect, it } from 'vitest'
import { DATABASES, recorded, SEAM } from './seam.js'

const bytes = (text: string): Uint8Array => Buffer.from(text)

describe.each(DATABASES)('the database over %s', (_, make) => {
  it('has every member of the seam', () => {
    const database = make()
    const parts = {
      database,
      state: Reflect.get(database, '_state') as object,
      'read batch': database.read(),
      'write batch': database.write(),
    }
    for (const [part, members] of Object.entries(SEAM)) {
      const missing = members.filter((name) => !(name in parts[part as keyof typeof parts]))
      expect({ part, missing }).toEqual({ part, missing: [] })
    }
    parts['read batch'].destroy()
    parts['write batch'].destroy()
  })

  it('answers reads that were asked before it opened, in any number, with a Buffer or null', async () => {
    const database = make()
    await put(database, { a: '1', b: '' })
    const batch = database.read({ autoDestroy: true })
    const answers = [batch.get(bytes('a')), batch.get(bytes('b')), batch.get(bytes('c'))]
    batch.tryFlush()
    const [a, b, c] = await Promise.all(answers)
    expect(Buffer.isBuffer(a)).toBe(true)
    expect([a, b, c]).toEqual([bytes('1'), bytes(''), null])
  })

  it('answers a read after the work that was pending when the read began', async () => {
    const database = make()
    await put(database, { a: '1' })
    const order: string[] = []
    const underWay = (async () => {
      for (let step = 0; step < 100; step++) await null
      order.push('what was under way')
    })()
    await getAll(database, 'a')
    order.push('read')
    await underWay
    expect(order).toEqual(['what was under way', 'read'])
  })

  it('answers the reads of a batch in their order, whichever of them need I/O', async () => {
    const database = make()
    const large = 'x'.repeat(1_000_000)
    await put(database, { a: large, b: '1', c: large, d: '1' })
    const batch = database.read({ autoDestroy: true })
    const order: string[] = []
    const reads = ['a', 'b', 'c', 'd'].map((key) => batch.get(bytes(key)).then(() => order.push(key)))
    batch.tryFlush()
    await Promise.all(reads)
    expect(order).toEqual(['a', 'b', 'c', 'd'])
  })

  it('answers a write, and gives the first entry of a stream, after the work that was pending before', async () => {
    const database = make()
    await database.ready()
    for (const use of [() => put(database, { a: '1' }), () => entries(database)]) {
      const order: string[] = []
      const underWay = (async () => {
        for (let step = 0; step < 100; step++) await null
        order.push('what was under way')
      })()
      await use()
      order.push('done')
      await underWay
      expect(order).toEqual(['what was under way', 'done'])
    }
  })

  it('returns values that the caller may change', async () => {
    const database = make()
    await put(database, { a: 'one' })
    const [value] = await getAll(database, 'a')
    value?.fill(0)
    expect(await getAll(database, 'a')).toEqual([bytes('one')])
  })

  it.each([0, 1, 4096, 300_000])('keeps a value of %i bytes', async (size) => {
    const database = make()
    const value = Buffer.alloc(size, 'coreyard')
    const batch = database.write({ autoDestroy: true })
    batch.tryPut(bytes('large'), value)
    await batch.flush()
    const [stored] = await getAll(database, 'large')
    expect(Buffer.isBuffer(stored)).toBe(true)
    expect(value.equals(stored ?? bytes('nothing'))).toBe(true)
  })

  it('does the writes of a batch in their order', async () => {
    const database = make()
    await put(database, { a: '1', b: '1', c: '1', d: '1' })
    const batch = database.write({ autoDestroy: true })
    batch.tryPut(bytes('b'), bytes('2'))
    batch.tryDeleteRange(bytes('b'), bytes('d'))
    batch.tryPut(bytes('c'), bytes('2'))
    batch.tryDelete(bytes('d'))
    batch.tryDelete(bytes('never there'))
    await batch.flush()
    expect(await entries(database)).toEqual(['a=1', 'c=2'])
  })

  it('fills a batch again after a flush', async () => {
    const database = make()
    const batch = database.write()
    batch.tryPut(bytes('a'), bytes('1'))
    await batch.flush()
    batch.tryPut(bytes('b'), bytes('1'))
    await batch.flush()
    batch.destroy()
    expect(await entries(database)).toEqual(['a=1', 'b=1'])
  })

  it('drops the writes of a destroyed batch', async () => {
    const database = make()
    await database.ready()
    const batch = database.write()
    batch.tryPut(bytes('a'), bytes('1'))
    batch.destroy()
    expect(await entries(database)).toEqual([])
  })

  it('orders keys by their bytes, unsigned, in both directions and within both ends', async () => {
    const database = make()
    await put(database, { a: '1', '\x00': '1', ab: '1', ÿ: '1', b: '1', c: '1' })
    expect(await entries(database)).toEqual(['\x00=1', 'a=1', 'ab=1', 'b=1', 'c=1', 'ÿ=1'])
    const range = { gte: bytes('a'), lt: bytes('c') }
    expect(await entries(database, range)).toEqual(['a=1', 'ab=1', 'b=1'])
    expect(await entries(database, { ...range, reverse: true })).toEqual(['b=1', 'ab=1', 'a=1'])
    expect(await entries(database, { ...range, limit: 2 })).toEqual(['a=1', 'ab=1'])
    expect(await entries(database, { gte: bytes('c'), lt: bytes('a') })).toEqual([])
  })

  it.each([1, 8, 16, 17, 100])('streams %i entries to the end', async (count) => {
    const database = make()
    const names = Array.from({ length: count }, (_, i) => String(i).padStart(3, '0'))
    await put(database, Object.fromEntries(names.map((name) => [name, name])))
    expect(await entries(database)).toEqual(names.map((name) => `${name}=${name}`))
  })

  it('streams through a streamx Readable, whose map hypercore-storage sets', async () => {
    const database = make()
    await put(database, { a: '1', b: '2' })
    const stream = database.iterator() as unknown as Readable & { _readableState: { map: unknown } }
    expect(isStreamx(stream)).toBe(true)
    stream._readableState.map = ({ key }: { key: Uint8Array }) => Buffer.from(key).toString()
    const names: unknown[] = []
    for await (const name of stream) names.push(name)
    expect(names).toEqual(['a', 'b'])
    expect(getStreamError(stream)).toBe(null)
  })

  it('ends a stream that is destroyed before its end, or before its beginning', async () => {
    const database = make()
    await put(database, Object.fromEntries(Array.from({ length: 100 }, (_, i) => [String(i), 'x'])))
    for await (const _ of database.iterator()) break
    const unread = database.iterator() as unknown as Readable
    const closed = new Promise((resolve) => unread.once('close', () => resolve(undefined)))
    unread.destroy()
    await closed
    await database.close()
  })

  it('shows the entries of one moment in a snapshot', async () => {
    const database = make()
    await put(database, { a: '1', b: '1' })
    const snapshot = database.snapshot()
    const same = snapshot.session()
    expect([database.snapshotted, snapshot.snapshotted, same.snapshotted]).toEqual([false, true, true])
    await put(database, { a: '2', c: '2' })
    await snapshot.close()
    expect(await getAll(same, 'a', 'c')).toEqual([bytes('1'), null])
    expect(await entries(same)).toEqual(['a=1', 'b=1'])
    expect(await entries(database)).toEqual(['a=2', 'b=1', 'c=2'])
    await same.close()
  })

  it('shows the entries of its opening in a snapshot that was made before', async () => {
    const database = make()
    const snapshot = database.session({ snapshot: true })
    await put(database, { a: '1' })
    expect(await getAll(snapshot, 'a')).toEqual([null])
    await snapshot.close()
  })

  it('closes a session alone, and all sessions with the first one', async () => {
    const database = make()
    const session = database.session()
    const other = session.columnFamily('corestore')
    await database.ready()
    const isClosed = () => [database, session, other].map(({ closed }) => closed)
    await session.close()
    expect(isClosed()).toEqual([false, true, false])
    expect(Reflect.get(session, '_index')).toBe(-1)
    expect(Reflect.get(other, '_index')).not.toBe(-1)
    for (const use of [() => session.read(), () => session.write(), () => session.iterator()]) {
      expect(use).toThrow(/session is closed/)
    }
    expect(() => session.session()).toThrow(/session is closed/)
    expect((Reflect.get(database, '_state') as { closing: unknown }).closing).toBe(null)
    const closing = database.close()
    expect((Reflect.get(database, '_state') as { closing: unknown }).closing).not.toBe(null)
    await closing
    await database.close()
    expect(isClosed()).toEqual([true, true, true])
    expect(() => other.read()).toThrow(/session is closed/)
  })

  it('finishes pending writes and reads when it closes', async () => {
    const database = make()
    await put(database, { a: '1' })
    const session = database.session()
    const writes = session.write({ autoDestroy: true })
    writes.tryPut(bytes('b'), bytes('2'))
    const reads = session.read({ autoDestroy: true })
    const read = reads.get(bytes('a'))
    reads.tryFlush()
    const written = writes.flush()
    await session.close()
    await database.close()
    await expect(written).resolves.toBeUndefined()
    expect(await read).toEqual(bytes('1'))
  })

  it('holds back reads and writes while it is suspended, and suspends and resumes once', async () => {
    const database = make()
    await put(database, { a: '1' })
    await Promise.all([database.suspend(), database.suspend()])
    const order: string[] = []
    const late = [
      put(database, { b: '2' }).then(() => order.push('written')),
      getAll(database, 'a').then(() => order.push('read')),
    ]
    await new Promise(setImmediate)
    order.push('resumed')
    await database.resume()
    await database.resume()
    await Promise.all(late)
    expect(order[0]).toBe('resumed')
    expect(await entries(database)).toEqual(['a=1', 'b=2'])
  })

  it('closes while it is suspended', async () => {
    const database = make()
    await database.ready()
    await database.suspend()
    const late = put(database, { b: '2' }).then(
      () => 'written',
      () => 'refused',
    )
    await database.close()
    expect(database.closed).toBe(true)
    expect(await late).toBe('refused')
  })

  it('flushes, and compacts a range and everything', async () => {
    const database = make()
    await put(database, { a: '1', b: '2' })
    await database.flush()
    await database.compactRange(bytes('a'), bytes('b'))
    await database.compactRange()
    expect(await entries(database)).toEqual(['a=1', 'b=2'])
  })
})

describe.each(DATABASES)('hypercore-storage over %s', (_, make) => {
  it('uses only the members of the seam', async () => {
    const { database, used } = recorded(make())
    await exercise(new HypercoreStorage(database))
    for (const [part, members] of Object.entries(used)) {
      const known: readonly string[] = SEAM[part as keyof typeof SEAM]
      const moved = [...members].filter((name) => !known.includes(name))
      expect({ part, moved }).toEqual({ part, moved: [] })
    }
    // What is not used is not asserted for nothing.
    const unused = SEAM.database.filter((name) => !used.database.has(name))
    expect(unused).toEqual([])
  })
})

/** Everything that Hypercore and Corestore have a storage do. */
async function exercise(storage: InstanceType<typeof HypercoreStorage>): Promise<void> {
  await storage.ready()
  await storage.setSeed(Buffer.alloc(32, 1))
  const core = new Hypercore(storage)
  await core.append(['one', 'two', 'three', 'four'])
  await core.setUserData('hello', bytes('world'))
  expect((await core.get(1)).toString()).toBe('two')
  const snapshot = core.snapshot()
  await snapshot.ready()
  const branch = core.session({ name: 'branch' })
  await branch.append('of the branch')
  await core.truncate(3)
  await core.clear(0)
  expect((await snapshot.get(3)).toString()).toBe('four')
  await Promise.all([snapshot.close(), branch.close()])
  const discoveryKey = core.discoveryKey
  if (discoveryKey === null) throw new Error('The core is open, so it has a discovery key')
  const records = await storage.resumeCore(discoveryKey)
  if (records === null) throw new Error('The core is stored')
  const atom = records.createAtom()
  const atomized = records.atomize(atom)
  const changes = atomized.write()
  changes.putUserData('atom', bytes('1'))
  await changes.flush()
  await atom.flush()
  await atomized.close()
  const shown = records.snapshot()
  for (const stream of [shown.createBlockStream(), records.createTreeNodeStream({ reverse: true })]) {
    for await (const _ of stream);
  }
  await records.compact()
  await shown.close()
  await records.close()
  await storage.getInfo(discoveryKey)
  for await (const _ of storage.createDiscoveryKeyStream());
  await storage.createGroup(Buffer.alloc(32, 2))
  await storage.audit()
  await storage.suspend()
  await storage.resume()
  await storage.flush()
  expect(storage.opened).toBe(true)
  await core.close()
  await storage.close()
  await storage.close()
}

async function put(database: StorageDatabase, values: Record<string, string>): Promise<void> {
  const batch = database.write({ autoDestroy: true })
  for (const [key, value] of Object.entries(values)) batch.tryPut(bytes(key), bytes(value))
  await batch.flush()
}

async function getAll(database: StorageDatabase, ...keys: string[]): Promise<(Uint8Array | null)[]> {
  const batch = database.read({ autoDestroy: true })
  const values = keys.map((key) => batch.get(bytes(key)))
  batch.tryFlush()
  return Promise.all(values)
}

async function entries(
  database: StorageDatabase,
  range?: Parameters<StorageDatabase['iterator']>[0],
): Promise<string[]> {
  const all: string[] = []
  for await (const { key, value } of database.iterator(range)) all.push(`${key}=${value}`)
  return all
}
