// An option that is probably misspelled is refused, with the one that was meant. Others that are unknown are passed over.

import { convert } from '@coreyard/convert'
import { Keychain } from '@coreyard/keychain'
import { RandomAccessKV } from '@coreyard/random-access-kv'
import { AllToAllReplicator } from '@coreyard/replicator'
import { Pool } from '@coreyard/sessions'
import RAM from 'random-access-memory'
import { describe, expect, test } from 'vitest'
import { type Corestore, corestore, memoryStorage } from '../../src/index.js'
import { bytes32 } from '../helpers/bytes.js'
import { openStore } from '../helpers/open-store.js'

const lifecycle = { create: () => ({}), open: async () => {}, close: async () => {} }

describe('a misspelled option is refused with the one that was meant', () => {
  test.each<[string, string, string, (options: object) => unknown]>([
    ['new Corestore', 'cachesize', 'cacheSize', (options) => corestore(memoryStorage(), options)],
    ['new Corestore', 'primarykey', 'primaryKey', (options) => corestore(memoryStorage(), options)],
    ['new Corestore', 'readonly', 'readOnly', (options) => corestore(memoryStorage(), options)],
    ['new Corestore', 'egine', 'engine', (options) => corestore(memoryStorage(), options)],
    ['new Corestore', 'valueEncodng', 'valueEncoding', (options) => corestore(memoryStorage(), options)],
    ['new Pool', 'maxidle', 'maxIdle', (options) => new Pool(lifecycle, options)],
    ['new AllToAllReplicator', 'autorize', 'authorize', (options) => new AllToAllReplicator(options)],
    ['new RandomAccessKV', 'readonly', 'readOnly', (options) => new RandomAccessKV(new RAM(), options)],
    ['Keychain.from', 'namepsace', 'namespace', (options) => Keychain.from(bytes32(1), options)],
  ])('by %s: %s', (_, name, meant, call) => {
    const message = `'${name}' is not an option: did you mean '${meant}'?`
    expect(() => call({ [name]: 1 })).toThrow(expect.objectContaining({ message }))
  })

  test.each<[string, string, string, (store: Corestore, options: never) => unknown]>([
    ['get', 'nmae', 'name', (store, options) => store.get(options)],
    ['get', 'exclusve', 'exclusive', (store, options) => store.get(options)],
    ['get', 'discoverykey', 'discoveryKey', (store, options) => store.get(options)],
    ['default', 'valueencoding', 'valueEncoding', (store, options) => store.default(options)],
    ['session', 'detatch', 'detach', (store, options) => store.session(options)],
    ['namespace', 'writeable', 'writable', (store, options) => store.namespace('a', options)],
    ['stored', 'namespaces', 'namespace', (store, options) => store.stored(options).next()],
    ['delete', 'forec', 'force', (store, options) => store.delete({ name: 'a' }, options)],
    ['audit', 'dryrun', 'dryRun', (store, options) => store.audit(options).next()],
    ['replicate', 'remotePublickey', 'remotePublicKey', (store, options) => store.replicate(true, options)],
    ['replicate', 'keypair', 'keyPair', (store, options) => store.replicate(false, options)],
    ['replicate', 'autorize', 'authorize', (store, options) => store.replicate(false, options)],
    ['updates', 'sinse', 'since', (store, options) => store.notifyGroup(bytes32(1)).updates(options)],
    ['backup', 'onprogress', 'onProgress', (store, options) => store.backup(memoryStorage(), options)],
    ['convert', 'batchsize', 'batchSize', (_, options) => convert(memoryStorage(), memoryStorage(), options)],
  ])('by %s: %s', async (_, name, meant, call) => {
    const store = openStore()
    const message = `'${name}' is not an option: did you mean '${meant}'?`
    await expect(async () => call(store, { [name]: true } as never)).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
      message,
    })
    expect(store.cores.size).toBe(0)
  })
})

test('an option that is like no other is left alone, as it may be for another package', async () => {
  const store = corestore(memoryStorage(), { bootstrap: [], sparse: true, live: true } as never)
  const core = store.get({
    name: 'a',
    optimistic: true,
    ackInterval: 5,
    sparse: false,
    open: () => {},
  } as never)
  await core.append('block')
  expect(core.length).toBe(1)
  await store.close()
})

test('an engine that there is not is named, with those that there are', () => {
  expect(() => corestore('./directory', { engine: 'rocks' as never })).toThrow(
    expect.objectContaining({
      code: 'BAD_ARGUMENT',
      message: "engine must be 'rocksdb' or 'random-access': 'rocks' is not an engine",
    }),
  )
})

test('a word that may be a secret is not shown', () => {
  const secret = 'a'.repeat(64)
  expect(() => corestore('./directory', { engine: secret as never })).toThrow(/a string of 64 characters/)
  expect(() => corestore('./directory', { engine: secret as never })).not.toThrow(secret)
})
