// `close` when the storage beneath fails to: the directory is free all the same.

import { expect, test } from 'vitest'
import { Corestore, StorageError } from '../../src/index.js'
import { text } from '../helpers/bytes.js'
import { emptyDirectory } from '../helpers/directories.js'
import { openStoreIn } from '../helpers/open-store.js'
import { placeIn } from '../helpers/places.js'

test.each<[string, (store: Corestore) => object, string]>([
  ['its last flush fails', ({ storage }) => storage, '_flush'],
  ['its session of the database fails to close', ({ storage }) => storage.db, 'close'],
  ['its database fails to close', ({ storage }) => storage.rocks, 'close'],
])('close frees the directory when %s, and rejects once', async (_, ownerOf, method) => {
  const directory = emptyDirectory()
  const { options } = placeIn(directory)
  const store = new Corestore(directory, options)
  await store.get({ name: 'a' }).append('block')
  const failure = new Error('The disk is full')
  const owner = ownerOf(store)
  const before: unknown = Reflect.get(owner, method)
  let failed = false
  Reflect.set(owner, method, function (this: unknown, ...args: unknown[]) {
    if (failed && typeof before === 'function') return Reflect.apply(before, owner, args)
    failed = true
    return Promise.reject(failure)
  })
  const error = await store.close().catch((error: unknown) => error)
  expect(error).toMatchObject({ code: 'CLOSE_FAILED', message: expect.stringContaining(failure.message) })
  expect((error as Error).cause).toMatchObject({ errors: [expect.any(StorageError)] })
  await store.close()
  const again = openStoreIn(directory)
  expect(text(await again.get({ name: 'a' }).get(0))).toBe('block')
})
