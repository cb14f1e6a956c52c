// A suspend that resolves has made everything survive a power cut, also after one that failed.
import { PowerCut } from '@coreyard/random-access-kv/test'
import Hypercore from 'hypercore'
import { expect, onTestFinished, test } from 'vitest'
import { storageEngine } from '../src/index.js'

test('a second suspend syncs or fails when the first one failed', async () => {
  const disk = new PowerCut(new Uint8Array(0), Number.POSITIVE_INFINITY, 0)
  const { storage } = storageEngine(() => disk)
  onTestFinished(() => storage.close())
  const core = new Hypercore(storage)
  await core.append('a')

  disk.failingSyncs = 1
  await expect(storage.suspend()).rejects.toThrow('EIO')
  await expect(storage.suspend()).rejects.toThrow('EIO')
  disk.failingSyncs = 0
  await storage.suspend()

  const survivor = storageEngine(() => new PowerCut(disk.survivors(), Number.POSITIVE_INFINITY, 0))
  onTestFinished(() => survivor.close())
  const found = new Hypercore(survivor.storage)
  await found.ready()
  expect([found.key, found.length]).toEqual([core.key, 1])

  await storage.resume()
  await core.append('b')
  expect(core.length).toBe(2)
})

test('a store continues after resume when its suspend failed', async () => {
  const disk = new PowerCut(new Uint8Array(0), Number.POSITIVE_INFINITY, 0)
  const { storage } = storageEngine(() => disk)
  onTestFinished(() => storage.close())
  const core = new Hypercore(storage)
  await core.append('a')
  disk.failingSyncs = 1
  await expect(storage.suspend()).rejects.toThrow('EIO')
  disk.failingSyncs = 0
  await storage.resume()
  await core.append('b')
  expect(core.length).toBe(2)
})
