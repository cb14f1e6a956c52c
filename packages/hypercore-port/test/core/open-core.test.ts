// The members of a core that Hypercore calls, and its owner replaces.

import { expect, test } from 'vitest'
import { stopDownloading } from '../../src/index.js'
import { newCore, session } from '../live.js'

test('Hypercore calls Core.onidle when the last session has closed', async () => {
  const calls: string[] = []
  const core = await newCore({}, { idle: () => calls.push('idle') })
  const only = session(core)
  await only.ready()
  calls.length = 0
  await only.close()
  expect(calls).toEqual(['idle'])
})

test('Hypercore calls Core.onidle when opening fails', async () => {
  const calls: string[] = []
  const failure = new Error('not now')
  const core = await newCore({ preopen: rejected(failure) }, { idle: () => calls.push('idle') })
  await expect(core.ready()).rejects.toBe(failure)
  expect(calls).toEqual(['idle'])
})

test('Hypercore calls Replicator.ondownloading when an active session opens', async () => {
  const calls: string[] = []
  const core = await newCore({}, { downloading: () => calls.push('downloading') })
  await session(core, { active: false }).ready()
  expect(calls).toEqual([])
  await session(core).ready()
  expect(calls).toEqual(['downloading'])
})

test('Hypercore calls Core.ongroupupdate with topic, key, length and fork when a core of a group grows', async () => {
  const calls: unknown[] = []
  const topic = Buffer.alloc(32, 1)
  const core = await newCore(
    { group: topic },
    { groupUpdated: (group, update) => calls.push([group, update]) },
  )
  await session(core).append('a')
  expect(calls).toEqual([[topic, { key: core.key, length: 1, fork: 0 }]])
})

test('Hypercore.purge calls Core.purge', async () => {
  const calls: string[] = []
  const core = await newCore(
    {},
    {
      purge: async () => {
        calls.push('purge')
      },
    },
  )
  const own = session(core)
  await own.ready()
  await own.purge()
  expect(calls).toEqual(['purge'])
})

test('a session rejects with what the replaced Core.ready rejects with', async () => {
  const core = await newCore({ preopen: rejected(new TypeError('unexplained')) })
  const explained = new Error('explained')
  core.ready = () => Promise.reject(explained)
  await expect(session(core).ready()).rejects.toBe(explained)
  await core.opening.catch(() => {})
})

test('Hypercore downloads an empty core that has no session, until Replicator.downloading is unset', async () => {
  const { key } = await newCore()
  const core = await newCore({ key })
  await core.ready()
  expect(core.replicator.downloading).toBe(true)
  stopDownloading(core)
  expect(core.replicator.downloading).toBe(false)
})

function rejected(error: Error): Promise<never> {
  const promise = Promise.reject(error)
  promise.catch(() => {}) // some time passes before it is used
  return promise
}
