// Arguments that no program should pass: each is refused with a code, wherever it is passed.

import { convert } from '@coreyard/convert'
import { type KvOptions, RandomAccessKV } from '@coreyard/random-access-kv'
import { Pool } from '@coreyard/sessions'
import { toStorageError } from '@coreyard/storage'
import RAM from 'random-access-memory'
import { expect, test } from 'vitest'
import { fileStorage, memoryStorage } from '../../src/index.js'
import { openStore } from '../helpers/open-store.js'

const NOTHING = null as never

test.each<[string, string, () => unknown]>([
  ['the options of suspend', 'BAD_ARGUMENT', () => openStore().suspend(NOTHING)],
  ['the log of suspend', 'BAD_ARGUMENT', () => openStore().suspend({ log: NOTHING })],
  ['the options of convert', 'BAD_ARGUMENT', () => convert(memoryStorage(), memoryStorage(), NOTHING)],
  ['from of convert', 'BAD_ARGUMENT', () => convert(memoryStorage(), memoryStorage(), { from: NOTHING })],
  ['the options of fileStorage', 'BAD_ARGUMENT', () => fileStorage('directory', NOTHING)],
  ['the options of a pool', 'BAD_ARGUMENT', () => new Pool({} as never, NOTHING)],
  ['the options of evict', 'BAD_ARGUMENT', () => new Pool({} as never).evict('a', NOTHING)],
  ['the options of a key-value store', 'KV_BAD_ARGUMENT', () => new RandomAccessKV(new RAM(), NOTHING)],
  ['the options of an iterator', 'KV_BAD_ARGUMENT', () => new RandomAccessKV(new RAM()).iterator(NOTHING)],
])('%s that are null are refused', async (_, code, call) => {
  await expect(async () => call()).rejects.toMatchObject({
    code,
    message: expect.stringMatching(/ must be .*, not null$/),
  })
})

test.each(['pageSize', 'cacheSize', 'logSize', 'sync', 'readOnly', 'createIfMissing', 'errorIfExists'])(
  'a symbol for the option %s of a key-value store is refused',
  (name) => {
    const options = { [name]: Symbol('strange') } as KvOptions
    const message = expect.stringMatching(`^${name} must be .*, not a symbol$`)
    expect(() => new RandomAccessKV(new RAM(), options)).toThrow(
      expect.objectContaining({ code: 'KV_BAD_ARGUMENT', message }),
    )
  },
)

test.each<[string, unknown]>([
  ...[Symbol('strange'), 5n, '5', -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, {}].flatMap(
    (delay): [string, unknown][] => [
      ['timeout', delay],
      ['notDownloadingLinger', delay],
    ],
  ),
  ...[5, 'ab', {}, [1], [1, 2, 3], [0, 1], [3, 2], [1, Number.NaN], [1n, 2n]].map(
    (range): [string, unknown] => ['inflightRange', range],
  ),
])('a %s that is wrong is refused by get and by a store', (name, value) => {
  const store = openStore()
  const refusal = expect.objectContaining({
    code: 'BAD_ARGUMENT',
    message: expect.stringMatching(new RegExp(`^${name} must be .*, not .`)),
  })
  expect(() => store.get({ name: 'core', [name]: value })).toThrow(refusal)
  expect(() => openStore({ [name]: value })).toThrow(refusal)
})

test('a key that is text is refused, and not shown', async () => {
  const kv = new RandomAccessKV(new RAM())
  await expect(async () => kv.put('secret' as never, new Uint8Array(1))).rejects.toMatchObject({
    message: expect.stringMatching(/not a string of 6 characters$/),
  })
  await kv.close()
})

test('store.cores has no core for what is no discovery key', () => {
  const store = openStore()
  expect(store.cores.get(null as never)).toBeNull()
  expect(store.cores.get(undefined as never)).toBeNull()
})

test('toStorageError takes what cannot be shown as text', () => {
  expect(toStorageError(Object.create(null), null)).toMatchObject({ code: 'STORAGE_FAILED' })
})
