// Suspending a store whose log ends in what a power cut has torn.

import { expect, test } from 'vitest'
import { RandomAccessKV } from '../src/index.js'
import { PowerCut } from './support/storages.js'

test.each([2000, 20_000])(
  'a store resumes when a power cut has torn its last record: values of %i bytes',
  async (size) => {
    for (let seed = 0; seed < 40; seed++) {
      const cut = new PowerCut(new Uint8Array(0), Number.POSITIVE_INFINITY, seed)
      const torn = new RandomAccessKV(cut)
      for (let index = 0; index < 3; index++)
        await torn.put(Buffer.from(`${index}`), Buffer.alloc(size, seed))

      const kv = new RandomAccessKV(new PowerCut(cut.survivors(), Number.POSITIVE_INFINITY, seed))
      await kv.ready()
      await kv.suspend()
      await kv.resume()
      await kv.put(Buffer.from('after'), Buffer.from('the power cut'))
      expect(Buffer.from((await kv.get(Buffer.from('after'))) ?? []).toString()).toBe('the power cut')
      await kv.close()
    }
  },
)
