// A storage that is gone when a suspended store resumes.

import { expect, test } from 'vitest'
import { Corestore, memoryStorage } from '../../src/index.js'
import { text } from '../helpers/bytes.js'

test('a store whose storage does not come back after a suspend can be closed, and the next one opens what was written', async () => {
  const memory = memoryStorage()
  let gone = false
  const store = new Corestore((path) => {
    const storage = memory(path)
    const open = storage.open?.bind(storage)
    storage.open = (done) => (gone ? done(new Error('The storage is gone')) : open?.(done))
    return storage
  })
  const core = store.get({ name: 'a' })
  await core.append('before')
  await store.suspend()
  gone = true
  await expect(store.resume()).rejects.toThrow('The storage is gone')
  const waiting = [core.append('after'), store.get({ name: 'b' }).ready(), store.get().append('block')]
  const outcomes = Promise.allSettled(waiting)
  await store.close()
  expect((await outcomes).map(({ status }) => status)).toEqual(waiting.map(() => 'rejected'))

  gone = false
  await using next = new Corestore(memory)
  expect(text(await next.get({ name: 'a' }).get(0))).toBe('before')
})
