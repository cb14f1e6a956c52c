// What waits for a sync, and when it is safe.

import { expect, test } from 'vitest'
import { Backlog } from '../src/checkpoint/backlog.js'
import { Unsynced } from '../src/checkpoint/unsynced.js'
import { Memtable } from '../src/memtable/memtable.js'
import { checkOptions } from '../src/options.js'
import { Disk } from '../src/storage/disk.js'
import { Pager } from '../src/tree/pager.js'
import { Memory } from './support/storages.js'

/** Memory whose syncs fail while `fails` is set. */
class Failing extends Memory {
  fails = false

  override sync(callback: (error: Error | null) => void): void {
    if (this.fails) callback(Object.assign(new Error('EIO: simulated'), { code: 'EIO' }))
    else super.sync(callback)
  }
}

test('no sync makes safe what a failed one may have forgotten, until it was written again', async () => {
  const storage = new Failing()
  const disk = new Disk(storage)
  const unsynced = new Unsynced()
  const store = { pager: new Pager(disk, unsynced, 4096, 0), recent: new Memtable(1000, () => {}), unsynced }
  const backlog = new Backlog(checkOptions({}), store, disk)
  const fail = async () => {
    storage.fails = true
    await expect(disk.sync()).rejects.toMatchObject({ code: 'EIO' })
    storage.fails = false
  }
  const data = new Uint8Array(9 << 20)
  await disk.write(0, data)
  unsynced.add(1, 0, data)
  await fail()
  await backlog.syncSome()
  expect(unsynced.bytes).toBe(data.length)
  expect(backlog.mustRewrite).toBe(true)
  await backlog.rewrite()
  // Another one fails before the next is called.
  await fail()
  await backlog.syncSome()
  expect(unsynced.bytes).toBe(data.length)
  expect(backlog.mustRewrite).toBe(true)
  await backlog.rewrite()
  await backlog.syncSome()
  await expect.poll(() => unsynced.bytes).toBe(0)
})
