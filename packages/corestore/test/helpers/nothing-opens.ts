// A store whose storage does not open.

import { expect } from 'vitest'
import { type Corestore, StorageError } from '../../src/index.js'
import { bytes32 } from './bytes.js'

/** Checks that nothing of the store opens, each time with that error, and that it closes all the same. */
export async function expectNothingToOpen(store: Corestore, expected: object): Promise<void> {
  const attempts = [
    store.ready(),
    store.get({ name: 'a' }).ready(),
    store.get(bytes32(1)).ready(),
    store.get({ discoveryKey: bytes32(1) }).ready(),
    store.get({ preload: async () => ({ name: 'a' }) }).append('block'),
    store.session().ready(),
    store.namespace('a').get().ready(),
    store.createKeyPair('a'),
    (async () => {
      for await (const _ of store.list()) throw new Error('Something is listed')
    })(),
  ]
  for (const attempt of attempts) {
    const error = await attempt.catch((error: unknown) => error)
    expect(error).toBeInstanceOf(StorageError)
    expect(error).toMatchObject(expected)
  }
  await store.close()
}
