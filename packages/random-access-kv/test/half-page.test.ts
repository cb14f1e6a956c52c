// Values of nearly half a page, and small ones, put one after the other: however a full node is split, its parts have room.

import { expect, test } from 'vitest'
import { type Operation, RandomAccessKV } from '../src/index.js'
import { NODE_HEADER } from '../src/tree/node.js'
import { assertSame, assertSound, contents, Model } from './support/model.js'
import { Bytes, Memory, random } from './support/storages.js'

const ROUNDS = 12

/** The longest value that a leaf has itself. */
const longest = (key: Uint8Array, pageSize: number) => ((pageSize - NODE_HEADER) >>> 1) - 2 - 4 - key.length

function put(name: string, length: number, fill: number): Operation & { type: 'put' } {
  return { type: 'put', key: Buffer.from(name), value: Buffer.alloc(length, fill) }
}

test('a value of half a page before another one, with small ones around them', async () => {
  const pageSize = 65_536
  const kv = new RandomAccessKV(new Memory(), { pageSize })
  const half = (name: string) => put(name, longest(Buffer.from(name), pageSize), 1)
  const some = (fill: number) => Array.from({ length: 35 }, (_, i) => put(`n${10 + i}`, 90 + fill, fill))
  const operations = [half('m'), ...some(0), put('a1', 5, 1), put('a2', 5, 1), half('a3'), ...some(1)]
  for (const { key, value } of operations) await kv.put(key, value)
  const model = new Model()
  model.apply(operations)
  assertSame(await contents(kv), model.list(), 'in the log')
  await kv.checkpoint()
  assertSame(await contents(kv), model.list(), 'in the tree')
  await assertSound(kv, 'in the tree')
  await kv.close()
})

test.each([512, 4096, 65_536])(
  'values of all lengths up to half a page, in runs of keys: pages of %i bytes',
  async (pageSize) => {
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const draw = random(seed)
      const below = (n: number) => Math.floor(draw() * n)
      const storage = new Memory()
      const model = new Model()
      const kv = new RandomAccessKV(storage, { pageSize })
      for (let run = 0; run < 30; run++) {
        const from = below(1000)
        const batch = Array.from({ length: 1 + below(12) }, (_, i): Operation => {
          const name = String(from + i).padStart(4, '0')
          const most = longest(Buffer.from(name), pageSize)
          return put(name, draw() < 0.3 ? most - below(2) : below(draw() < 0.5 ? 100 : most), run)
        })
        for (const operation of batch) await kv.batch([operation])
        model.apply(batch)
        if (run % 7 === 6) await kv.checkpoint()
      }
      assertSame(await contents(kv), model.list(), `seed ${seed}`)
      const again = new RandomAccessKV(new Memory(Bytes.from(storage.bytes.copy())))
      assertSame(await contents(again), model.list(), `seed ${seed}, opened after a kill`)
      await again.checkpoint()
      assertSame(await contents(again), model.list(), `seed ${seed}, checkpointed`)
      await assertSound(again, `seed ${seed}`)
      expect((await again.stats()).dirtyBytes).toBe(0)
      await again.close()
      await kv.close()
    }
  },
)
