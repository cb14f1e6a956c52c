import Hypercore from 'hypercore'
import HypercoreStorage from 'hypercore-storage'
import RAM from 'random-access-memory'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type StorageEngine, storageEngine } from '../src/index.js'
import { emptyDirectory, key } from './directories.js'

const REFUSED = { name: 'StorageError', code: 'READ_ONLY' }

describe.each([
  ['RocksDB', () => new HypercoreStorage(emptyDirectory())],
  ['random-access-kv', () => storageEngine(RAM.reusable()).storage],
])('a hypercore-storage instance that is only read, over %s', (_, make) => {
  it('reads the stored cores and refuses writes', async () => {
    const instance = make()
    const written = new Hypercore(instance)
    await written.append(['0', '1'])
    await written.setUserData('key', 'value')
    await instance.setSeed(key(1))
    const before = await recordsOf(instance)

    const engine = opened(storageEngine(instance, { readOnly: true }))
    const { storage } = engine
    expect([storage.readOnly, engine.readOnly, instance.readOnly]).toEqual([true, true, false])
    expect(Buffer.from(await engine.primaryKey())).toEqual(Buffer.from(key(1)))
    const core = new Hypercore(storage, written.key)
    expect(Buffer.from((await core.get(1)) ?? []).toString()).toBe('1')
    expect(Buffer.from((await core.getUserData('key')) ?? []).toString()).toBe('value')
    const writes: [string, () => Promise<unknown>][] = [
      ['append', () => core.append('2')],
      ['truncate', () => core.truncate(1)],
      ['clear', () => core.clear(0)],
      ['setUserData', () => core.setUserData('key', 'other')],
      ['a named session', () => core.session({ name: 'new' }).ready()],
      ['a new core', () => new Hypercore(storage, key(2)).ready()],
      ['setSeed', () => storage.setSeed(key(2))],
      ['clear of all', () => storage.clear()],
      ['a batch of a snapshot', () => storage.db.session({ snapshot: true }).write().flush()],
      [
        'an atom',
        () =>
          core
            .session({ atom: storage.createAtom() })
            .ready()
            .then(() => storage.setSeed(key(2))),
      ],
    ]
    for (const [what, write] of writes) await expect(write(), what).rejects.toMatchObject(REFUSED)
    expect(await recordsOf(instance)).toEqual(before)

    await instance.setSeed(key(3))
    expect(Buffer.from((await storage.getSeed()) ?? [])).toEqual(Buffer.from(key(3)))
  })

  it('creates no primary key', async () => {
    const instance = make()
    await instance.ready()
    const before = await recordsOf(instance)
    await expect(opened(storageEngine(instance, { readOnly: true })).open()).rejects.toMatchObject({
      code: 'STORAGE_NO_STORE',
    })
    expect(await recordsOf(instance)).toEqual(before)
  })

  it('is closed with the engine', async () => {
    const instance = make()
    await instance.setSeed(key(1))
    const engine = storageEngine(instance, { readOnly: true })
    await engine.open()
    await engine.close()
    expect(instance.closed).toBe(true)
  })
})

it('a tree cache whose size is undefined has the default one', async () => {
  const engine = opened(
    storageEngine(RAM.reusable(), { treeCache: { maxSize: undefined, maxAge: undefined } }),
  )
  const core = new Hypercore(engine.storage)
  for (const block of ['0', '1', '2', '3']) await core.append(block)
  expect(Buffer.from((await core.treeHash()) ?? [])).toHaveLength(32)
  await core.close()
})

function opened(engine: StorageEngine): StorageEngine {
  onTestFinished(() => engine.close())
  return engine
}

async function recordsOf(storage: StorageEngine['storage']): Promise<string[]> {
  const records: string[] = []
  for await (const { key, value } of storage.db.iterator({})) {
    records.push(`${Buffer.from(key).toString('hex')} ${Buffer.from(value).toString('hex')}`)
  }
  return records
}
