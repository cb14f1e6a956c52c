import { readdirSync } from 'node:fs'
import RandomAccessFile from 'random-access-file'
import RAM from 'random-access-memory'
import { describe, expect, it } from 'vitest'
import { Corestore } from '../../src/index.js'
import { emptyDirectory, PLACES, storeAt } from './storages.js'

const text = (block: Uint8Array): string => Buffer.from(block).toString()

describe.each(PLACES)('a store on %s', (_, make) => {
  it('has its primary key, and named, default and unnamed cores, when it is opened again', async () => {
    const place = make()
    const first = storeAt(place)
    const named = first.namespace('app').get({ name: 'log' })
    const unnamed = first.get()
    const main = first.default()
    await named.append('named')
    await unnamed.append('unnamed')
    await main.append('default')
    const { primaryKey } = first
    const keys = [named, unnamed, main].map(({ key }) => key)
    await first.close()

    const second = storeAt(place)
    await second.ready()
    expect(second.primaryKey).toEqual(primaryKey)
    const cores = [second.namespace('app').get({ name: 'log' }), second.get(keys[1]), second.default()]
    await Promise.all(cores.map((core) => core.ready()))
    expect(cores.map(({ key }) => key)).toEqual(keys)
    expect(cores.map(({ length, writable }) => ({ length, writable }))).toEqual(
      Array.from({ length: 3 }, () => ({ length: 1, writable: true })),
    )
    const blocks = await Promise.all(cores.map((core) => core.get(0)))
    expect(blocks.map(text)).toEqual(['named', 'unnamed', 'default'])
  })

  it('gives blocks as Buffers, empty, small and large', async () => {
    const store = storeAt(make(), { cacheSize: 0 })
    const blocks = [
      Buffer.alloc(0),
      Buffer.from('small'),
      Buffer.alloc(5_000, 'medium'),
      Buffer.alloc(1_000_000, 'large'),
    ]
    const core = store.get({ name: 'sizes' })
    await core.append(blocks)
    const { key } = core
    await core.close()
    const again = store.get(key)
    for (const [index, block] of blocks.entries()) {
      const stored = await again.get(index)
      expect(Buffer.isBuffer(stored)).toBe(true)
      expect(block.equals(stored)).toBe(true)
    }
  })

  it('truncates, clears, and keeps snapshots and named sessions apart', async () => {
    const store = storeAt(make())
    const core = store.get({ name: 'edited' })
    await core.append(['a', 'b', 'c', 'd'])
    const snapshot = core.snapshot()
    await snapshot.ready()
    const branch = core.session({ name: 'branch' })
    await branch.append('e')
    await core.truncate(2)
    await core.append('f')
    await core.clear(0)
    expect([core.length, snapshot.length, branch.length]).toEqual([3, 4, 5])
    expect(text(await core.get(2))).toBe('f')
    expect(text(await snapshot.get(3))).toBe('d')
    expect(text(await branch.get(4))).toBe('e')
    expect(await core.has(0)).toBe(false)
    await Promise.all([snapshot.close(), branch.close()])
  })

  it('lists what is stored, and has no more of a core that is deleted', async () => {
    const place = make()
    const store = storeAt(place)
    for (const name of ['one', 'two', 'three']) {
      const core = store.get({ name })
      await core.append(Buffer.alloc(100_000, name))
      await core.close()
    }
    const names = async () => {
      const found: string[] = []
      for await (const { name } of store.stored()) found.push(String(name))
      return found.sort()
    }
    expect(await names()).toEqual(['one', 'three', 'two'])
    expect(await store.delete({ name: 'two' })).toBe(true)
    expect(await store.delete({ name: 'two' })).toBe(false)
    expect(await names()).toEqual(['one', 'three'])
    await store.close()
    const core = storeAt(place).get({ name: 'two' })
    await core.ready()
    expect(core.length).toBe(0)
  })

  it.each(PLACES)(
    'replicates to a store on %s, which has the blocks when it is opened again',
    async (__, other) => {
      const place = other()
      const from = storeAt(make())
      const to = storeAt(place)
      const source = from.get({ name: 'source' })
      await source.append(Array.from({ length: 300 }, (___, i) => `block ${i}`))
      const near = from.replicate(true)
      const far = to.replicate(false)
      near.pipe(far).pipe(near)
      const copy = to.get(source.key)
      await copy.download({ start: 0, end: 300 }).done()
      await to.close()
      const again = storeAt(place).get({ key: source.key, wait: false })
      await again.ready()
      expect([again.length, again.contiguousLength]).toEqual([300, 300])
      expect(text(await again.get(299))).toBe('block 299')
    },
  )

  it('passes its audit after many appends at once', async () => {
    const store = storeAt(make())
    const cores = Array.from({ length: 20 }, (__, i) => store.get({ name: `core ${i}` }))
    await Promise.all(
      cores.map(async (core) => {
        for (let block = 0; block < 20; block++) await core.append(`block ${block}`)
      }),
    )
    const audits = []
    for await (const audit of store.audit()) audits.push(audit)
    expect(audits).toHaveLength(20)
    for (const core of cores) expect(text(await core.get(19))).toBe('block 19')
  })

  it('goes on after it was suspended and resumed', async () => {
    const store = storeAt(make())
    const core = store.get({ name: 'log' })
    await core.append('before')
    await store.suspend()
    await store.resume()
    await core.append('after')
    expect(text(await core.get(1))).toBe('after')
  })

  it('writes nothing with readOnly, and is refused with another primary key', async () => {
    const place = make()
    const first = storeAt(place)
    const core = first.get({ name: 'log' })
    await core.append('one')
    await first.close()
    const reader = storeAt(place, { readOnly: true })
    const read = reader.get({ name: 'log' })
    expect(text(await read.get(0))).toBe('one')
    expect(read.writable).toBe(false)
    await reader.close()
    const wrong = storeAt(place, { primaryKey: Buffer.alloc(32, 1) })
    await expect(wrong.ready()).rejects.toMatchObject({ code: 'STORAGE_CONFLICT' })
    await wrong.close()
    const last = storeAt(place)
    expect(text(await last.get({ name: 'log' }).get(0))).toBe('one')
  })
})

describe('the documented ways to name a storage', () => {
  it('new Corestore(RAM) is a store in memory, gone when it is closed', async () => {
    const first = storeAt({ storage: RAM })
    const core = first.get({ name: 'log' })
    await core.append('gone')
    await first.close()
    const second = storeAt({ storage: RAM }).get({ name: 'log' })
    await second.ready()
    expect(second.length).toBe(0)
    expect(second.key).not.toEqual(core.key)
  })

  it('new Corestore((path) => storage) is a store on what the function makes', async () => {
    const directory = emptyDirectory()
    const core = storeAt({ storage: (path) => new RandomAccessFile(path, { directory }) }).get({
      name: 'log',
    })
    await core.append('kept')
    expect(readdirSync(directory)).toEqual(['store.kv'])
  })

  it("new Corestore('./dir', { engine: 'random-access' }) opens later without the option, and not as RocksDB", async () => {
    const storage = emptyDirectory()
    const first = storeAt({ storage, options: { engine: 'random-access' } })
    await first.get({ name: 'log' }).append('kept')
    await first.close()
    const rocks = storeAt({ storage, options: { engine: 'rocksdb' } })
    await expect(rocks.ready()).rejects.toMatchObject({ code: 'STORAGE_CONFLICT', directory: storage })
    expect(text(await storeAt({ storage }).get({ name: 'log' }).get(0))).toBe('kept')
  })

  it('a function that makes no storage throws at once', () => {
    const wrong = (() => ({})) as unknown as () => RAM
    expect(() => new Corestore(wrong)).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT' }))
  })
})
