// `wait` for a storage that a class or function makes: what a page waits for while another tab has the store.

import { expect, test } from 'vitest'
import { memoryStorage, storageEngine } from '../src/index.js'

test('a store that waits opens when the other store on its memory has closed', async () => {
  const memory = memoryStorage()
  const first = storageEngine(memory)
  await first.open()
  const key = await first.primaryKey()
  const second = storageEngine(memory, { wait: true })
  const opened = second.primaryKey()
  await first.close()
  expect(await opened).toEqual(key)
  await second.close()
})

test('a store that waits ends its wait when it is closed', async () => {
  const memory = memoryStorage()
  const first = storageEngine(memory)
  await first.open()
  const second = storageEngine(memory, { wait: true })
  const refused = expect(second.open()).rejects.toMatchObject({ code: 'STORAGE_CLOSED' })
  await second.close()
  await refused
  await first.close()
})

test('a store that does not wait is refused while another one has its memory', async () => {
  const memory = memoryStorage()
  const first = storageEngine(memory)
  await first.open()
  const second = storageEngine(memory)
  await expect(second.open()).rejects.toMatchObject({ code: 'STORAGE_LOCKED' })
  await second.close()
  await first.close()
})
