// What a sync of a storage reaches: the disk, and not only the operating system.
import { readlinkSync } from 'node:fs'
import { mkdtemp, open, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PowerCut } from '@coreyard/random-access-kv/test'
import Hypercore from 'hypercore'
import { expect, onTestFinished, test, vi } from 'vitest'
import { memoryStorage, type StorageEngine, storageEngine } from '../src/index.js'

test('a sync of a RocksDB directory syncs every write-ahead log, and the directory of a new one', async () => {
  const path = await directory()
  const engine = storageEngine(path)
  onTestFinished(() => engine.close())
  await append(engine)
  const synced = await recordSyncs()

  await engine.sync()
  const logs = (await readdir(join(path, 'db'))).filter((name) => /^\d+\.log$/.test(name))
  expect(logs.length).toBeGreaterThan(0)
  expect(synced.sort()).toEqual([join(path, 'db'), ...logs.map((name) => join(path, 'db', name))].sort())

  synced.length = 0
  await engine.sync()
  expect(synced).toEqual(logs.map((name) => join(path, 'db', name)))
})

test('a sync of a random-access storage syncs the storage, and simultaneous calls share it', async () => {
  const disk = new PowerCut(new Uint8Array(0), Number.POSITIVE_INFINITY, 0)
  const engine = storageEngine(() => disk)
  onTestFinished(() => engine.close())
  await append(engine)
  const sync = vi.spyOn(disk, 'sync')

  await Promise.all([engine.sync(), engine.sync(), engine.sync(), engine.sync()])
  expect(sync.mock.calls.length).toBeGreaterThan(0)
  expect(sync.mock.calls.length).toBeLessThanOrEqual(2)
})

test('a sync of a storage that cannot sync resolves', async () => {
  const engine = storageEngine(memoryStorage())
  onTestFinished(() => engine.close())
  await append(engine)
  await engine.sync()
})

test('a sync of a RocksDB directory rejects when the directory was removed', async () => {
  const path = await directory()
  const engine = storageEngine(path)
  await append(engine)
  await engine.close()
  await rm(path, { recursive: true })
  await expect(engine.sync()).rejects.toMatchObject({ code: 'ENOENT' })
})

async function directory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'coreyard-durability-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

async function append(engine: StorageEngine): Promise<void> {
  await engine.open()
  const core = new Hypercore(engine.storage)
  await core.append('a') // closing it would close the storage
}

/** The paths of what is synced from now on. */
async function recordSyncs(): Promise<string[]> {
  const synced: string[] = []
  const file = await open(tmpdir())
  const prototype: typeof file = Object.getPrototypeOf(file)
  await file.close()
  const datasync = prototype.datasync
  const spy = vi.spyOn(prototype, 'datasync').mockImplementation(function (this: typeof file) {
    synced.push(readlinkSync(`/proc/self/fd/${this.fd}`))
    return datasync.call(this)
  })
  onTestFinished(() => spy.mockRestore())
  return synced
}
