// An option in a place where it would have no effect is refused, with the place where it belongs.

import { convert } from '@coreyard/convert'
import crypto from 'hypercore-crypto'
import { describe, expect, test } from 'vitest'
import { type Corestore, corestore, memoryStorage } from '../../src/index.js'
import { bytes32 } from '../helpers/bytes.js'
import { emptyDirectory } from '../helpers/directories.js'
import { openStore } from '../helpers/open-store.js'

const replicatorOptions = {
  authorize: () => false,
  maxUnknown: 5,
  handshakeTimeout: 5000,
  maxStreams: 5,
  maxAsks: 5,
  maxAttached: 5,
  maxLookups: 5,
}

type Call = (store: Corestore, options: never) => unknown
const make: Call = (_, options) => corestore(memoryStorage(), options)
const session: Call = (store, options) => store.session(options)
const namespace: Call = (store, options) => store.namespace('a', options)
const get: Call = (store, options: object) => store.get({ name: 'a', ...options })
const byDefault: Call = (store, options) => store.default(options)
const replicate: Call = (store, options) => store.replicate(true, options)

/** Calls with an option of which the message must name the right place. */
const MISPLACED: readonly (readonly [string, string, Call, object, RegExp])[] = [
  ...Object.entries(replicatorOptions).flatMap(([name, value]) =>
    Object.entries({ make, session, namespace, get, byDefault, replicate }).map(
      ([where, call]) => [where, name, call, { [name]: value }, /replicator: \{/] as const,
    ),
  ),
  ['replicate', 'active', replicate, { active: false }, /active: false/],
  ...Object.entries({ sync: 'always', logSize: 5, pageSize: 4096 }).map(
    ([name, value]) => ['make', name, make, { [name]: value }, /randomAccess: \{/] as const,
  ),
  ['make', 'maxSize', make, { maxSize: 5 }, /treeCache: \{/],
  ['make', 'withoutPeers', make, { withoutPeers: 'append' }, /recovery: \{/],
  ['make', 'settle', make, { settle: 5 }, /recovery: \{/],
  ['make', 'exclusive', make, { exclusive: true }, /an option of get/],
  ['session', 'name', session, { name: 'a' }, /an option of get/],
  ['session', 'cacheSize', session, { cacheSize: 5 }, /new Corestore/],
  ['get', 'primaryKey', get, { primaryKey: bytes32(1) }, /store\.session\(/],
  ['get', 'namespace', get, { namespace: bytes32(1) }, /store\.session\(/],
  ['get', 'readOnly', get, { readOnly: true }, /writable: false/],
  ['get', 'idleTimeout', get, { idleTimeout: 5 }, /new Corestore/],
  ['get', 'engine', get, { engine: 'rocksdb' }, /new Corestore/],
  ...Object.entries({ make, session, get }).map(
    ([where, call]) => [where, 'passive', call, { passive: true }, /active: false/] as const,
  ),
]

test.each(MISPLACED)('%s refuses %s, and says where it belongs', (_, name, call, options, place) => {
  const store = openStore()
  const message = expect.stringMatching(new RegExp(`^${name}[ :]`))
  const refusal = { code: 'BAD_ARGUMENT', message }
  expect(() => call(store, options as never)).toThrow(expect.objectContaining(refusal))
  expect(() => call(store, options as never)).toThrow(place)
  expect(store.cores.size).toBe(0)
})

test('an option that asks for nothing is left alone', async () => {
  const store = corestore(memoryStorage(), {
    passive: false,
    authorize: undefined,
    exclusive: false,
  } as never)
  const core = store.get({ name: 'a', readOnly: false, primaryKey: null, authorize: undefined } as never)
  await core.append('block')
  await store.close()
})

describe('options of the other engine', () => {
  const randomAccess = { sync: 'always' } as const

  test('randomAccess is refused where the store is one of RocksDB', async () => {
    const directory = emptyDirectory()
    const refusal = {
      code: 'BAD_ARGUMENT',
      message: expect.stringMatching(/^randomAccess .*'rocksdb'.*engine: 'random-access'/),
    }
    expect(() => corestore(directory, { randomAccess })).toThrow(expect.objectContaining(refusal))
    expect(() => corestore(directory, { engine: 'rocksdb', randomAccess })).toThrow(
      expect.objectContaining(refusal),
    )
    await expect(openStore().backup(directory, { to: { randomAccess } })).rejects.toMatchObject(refusal)
  })

  test('randomAccess is taken for a directory that holds a store of random-access', async () => {
    const directory = emptyDirectory()
    for (const engine of ['random-access', undefined] as const) {
      const store = corestore(directory, { engine, randomAccess })
      await store.ready()
      await store.close()
    }
  })

  test.each(['engine', 'randomAccess', 'id'])('%s of a destination is an option of to', async (name) => {
    const options = { [name]: 'random-access' } as never
    const refusal = { code: 'BAD_ARGUMENT', message: expect.stringContaining(`to: { ${name} }`) }
    await expect(openStore().backup(memoryStorage(), options)).rejects.toMatchObject(refusal)
    await expect(convert(memoryStorage(), memoryStorage(), options)).rejects.toMatchObject(refusal)
  })
})

test('a group of options refuses one that it does not have', () => {
  const groups = [{ recovery: { withoutpeers: 'append' } }, { treeCache: { maxsize: 5 } }]
  for (const options of groups) {
    expect(() => corestore(memoryStorage(), options as never)).toThrow(/is not an option: did you mean/)
  }
})

test('get refuses options as a second argument', () => {
  const store = openStore()
  const twice = store.get.bind(store) as (key: Uint8Array, options: object) => unknown
  const refusal = { code: 'BAD_ARGUMENT', message: expect.stringContaining('get({ key,') }
  expect(() => twice(bytes32(1), { valueEncoding: 'json' })).toThrow(expect.objectContaining(refusal))
})

describe('values that would mean something else', () => {
  const flags =
    'active createIfMissing exclusive overwrite wait weak writable allowFork allowPush allowLatestBlock pushOnly'

  test.each(flags.split(' '))('get and stores take only true and false for %s', (name) => {
    const refusal = {
      code: 'BAD_ARGUMENT',
      message: `${name} must be true or false, not a string of 2 characters`,
    }
    expect(() => openStore().get({ name: 'a', [name]: 'no' })).toThrow(expect.objectContaining(refusal))
  })

  test.each(['suspend', 'unsafe', 'inspector', 'active', 'readOnly', 'writable', 'weak'])(
    'a store takes only true and false for %s',
    (name) => {
      const refusal = {
        code: 'BAD_ARGUMENT',
        message: `${name} must be true or false, not a string of 2 characters`,
      }
      expect(() => openStore({ [name]: 'no' })).toThrow(expect.objectContaining(refusal))
    },
  )

  test.each<[string, (store: Corestore) => unknown]>([
    ['detach', (store) => store.session({ detach: 'no' as never })],
    ['force', (store) => store.delete({ name: 'a' }, { force: 'no' as never })],
    ['compact', (store) => store.delete({ name: 'a' }, { compact: 'no' as never })],
    ['dryRun', (store) => store.audit({ dryRun: 'no' as never })],
    ['active', () => openStore({ replicator: { active: 'no' as never } })],
  ])('%s must be true or false', async (name, call) => {
    const message = `${name} must be true or false, not a string of 2 characters`
    await expect(async () => call(openStore())).rejects.toMatchObject({ code: 'BAD_ARGUMENT', message })
  })

  test.each([
    ['JSON', /not 'JSON': did you mean 'json'\?$/],
    ['jsonn', /not 'jsonn': did you mean 'json'\?$/],
    ['utf16', /^valueEncoding must be 'binary', .*not 'utf16'/],
    [5, /not 5$/],
    [{}, /or a codec, not /],
    [() => {}, /or a codec, not /],
    [{ encode: () => new Uint8Array(0) }, /or a codec, not /],
    [JSON, /or a codec, not /],
  ])('an encoding that Hypercore does not know is refused: %s', (valueEncoding, message) => {
    const refusal = { code: 'BAD_ARGUMENT', message: expect.stringMatching(message) }
    const options = { valueEncoding } as object
    expect(() => openStore().get({ name: 'a', ...options })).toThrow(expect.objectContaining(refusal))
    expect(() => openStore(options)).toThrow(expect.objectContaining(refusal))
  })

  test('a key pair whose halves do not match is refused', () => {
    const keyPair = { publicKey: crypto.keyPair().publicKey, secretKey: crypto.keyPair().secretKey }
    const refusal = {
      code: 'BAD_ARGUMENT',
      message: expect.stringMatching(/^keyPair\.secretKey is that of another/),
    }
    expect(() => openStore().get({ keyPair })).toThrow(expect.objectContaining(refusal))
    expect(() => openStore().replicate(true, { keyPair })).toThrow(expect.objectContaining(refusal))
  })
})
