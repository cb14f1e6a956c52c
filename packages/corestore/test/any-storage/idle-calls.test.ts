// A call that would do nothing with what it is given says so.

import { Duplex } from 'node:stream'
import { describe, expect, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { bytes32 } from '../helpers/bytes.js'
import { keysOf, openStore } from '../helpers/open-store.js'
import { connection, reads } from '../helpers/streams.js'
import { errorOf } from '../helpers/working-store.js'

const CALLS: [string, (store: Corestore) => unknown][] = [
  ['default({ name })', (store) => store.default({ name: 'a' })],
  ['namespace(name, { namespace })', (store) => store.namespace('a', { namespace: bytes32(1) })],
  ['namespace(name, { namespace: null })', (store) => store.namespace('a', { namespace: null })],
  ["namespace(name, 'b')", (store) => store.namespace('a', 'b' as never)],
  ["default('a')", (store) => store.default('a' as never)],
  ['session(a namespace)', (store) => store.session(bytes32(1) as never)],
  ['session([])', (store) => store.session([] as never)],
  ['session(a promise)', (store) => store.session(Promise.resolve({}) as never)],
  ['stored(a namespace)', (store) => store.stored(bytes32(1) as never)],
  ['unwatch(no function)', (store) => store.unwatch('a' as never)],
  ['replicate(isInitiator, a raw stream)', (store) => store.replicate(true, new Duplex() as never)],
  ['replicate(stream, another stream)', (store) => store.replicate(connection()[0], connection()[0])],
  ...['cacheSize', 'idleTimeout', 'replicator', 'suspend', 'engine', 'id', 'allowBackup', 'treeCache'].map(
    (name): [string, (store: Corestore) => unknown] => [
      `session({ ${name} })`,
      (store) => store.session({ [name]: 1 }),
    ],
  ),
]

test.each(CALLS)('%s is refused', (_, call) => {
  expect(errorOf(() => call(openStore()))).toMatchObject({ code: 'BAD_ARGUMENT' })
})

test.each([
  [
    'session({ cacheSize: undefined })',
    (store: Corestore) => store.session({ cacheSize: undefined } as never),
  ],
  ['namespace(name, { namespace: undefined })', (store) => store.namespace('a', { namespace: undefined })],
  ['default({ name: undefined })', (store) => store.default({ name: undefined })],
] as [string, (store: Corestore) => unknown][])('%s is not refused: undefined is not given', (_, call) => {
  expect(errorOf(() => call(openStore()))).toBe(null)
})

test('staticify(core, { key }) is refused', async () => {
  const store = openStore()
  const core = store.get({ name: 'a' })
  await core.append('block')
  await expect(store.staticify(core, { key: bytes32(1) })).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
})

describe('replicate', () => {
  test.each([
    ['(isInitiator, stream)', (stream: object) => stream],
    ['(isInitiator, { stream })', (stream: object) => ({ stream })],
  ])('%s replicates over the stream that is given', async (_, options) => {
    const [store, peer] = [openStore(), openStore()]
    const [near, far] = connection()
    expect(store.replicate(true, options(near) as never)).toBe(near)
    expect(peer.replicate(false, options(far) as never)).toBe(far)
    const core = store.get({ name: 'a' })
    await core.append('block')
    await reads(peer.get(keysOf(core).key), 'block')
  })
})
