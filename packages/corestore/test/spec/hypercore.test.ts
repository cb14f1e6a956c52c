// What a Hypercore does, in a store: the parts that lean on the storage the most.

import { expect, test } from 'vitest'
import { text } from '../helpers/bytes.js'
import { openStore } from '../helpers/open-store.js'

test('blocks are Buffers, empty, small and large, also when the core is opened again', async () => {
  const store = openStore({ cacheSize: 0 })
  const blocks = [
    Buffer.alloc(0),
    Buffer.from('small'),
    Buffer.alloc(5_000, 'medium'),
    Buffer.alloc(1e6, 'large'),
  ]
  const core = store.get({ name: 'a' })
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

test('a core is truncated and cleared, and its snapshots and named sessions stay as they are', async () => {
  const store = openStore()
  const core = store.get({ name: 'a' })
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
