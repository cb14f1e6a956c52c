// `list(namespace)` and `updates()` of a group's handle: streams of streamx, as Corestore 7 returns them.

import type { ReadStream } from '@coreyard/hypercore-types'
import { isStreamx } from 'streamx'
import { describe, expect, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { bytes32, hex } from '../helpers/bytes.js'
import { next } from '../helpers/events.js'
import { openStore, openStoreAt, range } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'
import { errorOf } from '../helpers/working-store.js'

const TOPIC = bytes32(1)
const CLOSED = { code: 'SESSION_CLOSED' }

type Keys = 'key' | 'discoveryKey'

describe.each<[string, (store: Corestore) => ReadStream<Uint8Array>, Keys]>([
  ['list(namespace)', (store) => store.list(store.ns), 'discoveryKey'],
  ['updates()', (store) => store.notifyGroup(TOPIC).updates(), 'key'],
])('%s', (_, read, kind) => {
  test('is a stream of streamx', async () => {
    const stream = read(openStore())
    expect(isStreamx(stream as never)).toBe(true)
    stream.destroy()
  })

  test('gives its keys by data, then end and close', async () => {
    const { store, keys } = await writtenStore(3)
    const stream = read(store)
    const told: string[] = []
    stream.on('data', (key) => told.push(hex(key)))
    stream.on('end', () => told.push('end'))
    await next(stream, 'close')
    expect(told.splice(3)).toEqual(['end'])
    expect(told.sort()).toEqual(keys(kind))
  })

  test('gives its keys to for await, which may be left', async () => {
    const { store, keys } = await writtenStore(3)
    const stream = read(store)
    const told: string[] = []
    for await (const key of stream) told.push(hex(key))
    expect(told.sort()).toEqual(keys(kind))
    const left = read(store)
    for await (const _ of left) break
    expect(left.destroyed).toBe(true)
  })

  test('emits close when it is destroyed right away, and no error', async () => {
    const { store } = await writtenStore(1)
    const stream = read(store)
    const closed = next(stream, 'close')
    stream.destroy()
    await closed
    await store.close()
  })

  test('emits close when it is destroyed before the store is open', async () => {
    const stream = read(openStore())
    const closed = next(stream, 'close')
    stream.destroy()
    await closed
  })

  test('is destroyed with the error that it is given', async () => {
    const stream = read(openStore())
    const failure = new Error('given')
    const failed = next(stream, 'error')
    stream.destroy(failure)
    expect(await failed).toEqual([failure])
  })

  test('fails with SESSION_CLOSED when the store closes, for each that listens for an error', async () => {
    const { store } = await writtenStore(1)
    const [unread, read_] = [read(store), read(store)]
    const failed = Promise.all([next(unread, 'error'), next(read_, 'error')])
    read_.on('data', () => store.close())
    for (const [error] of await failed) expect(error).toMatchObject(CLOSED)
  })

  test('closes without an error when the store closes and no listener would be told', async () => {
    const { store } = await writtenStore(1)
    const stream = read(store)
    const closed = next(stream, 'close')
    await store.close()
    await closed
  })

  test('fails with the error of a store that cannot be opened', async () => {
    const place = newPlace()
    const store = openStoreAt(place)
    await store.ready()
    await store.close()
    const stream = read(openStoreAt(place, { primaryKey: bytes32(9) }))
    const failed = next(stream, 'error')
    stream.resume()
    expect((await failed)[0]).not.toMatchObject(CLOSED)
  })

  test('reads no further than its consumer, and closes with the session that made it', async () => {
    const { store } = await writtenStore(2)
    const session = store.session()
    const stream = read(session)
    const failed = next(stream, 'error')
    await next(stream, 'readable')
    expect(stream.read()).toHaveLength(32)
    await session.close()
    expect((await failed)[0]).toMatchObject(CLOSED)
    await store.get({ name: 'core 0' }).append('goes on')
  })
})

test.each([[null], ['since'], [{ since: '5' }], [{ since: NaN }], [{ since: -1 }], [{ reverse: 1 }]])(
  'updates(%s) is refused',
  (options) => {
    const handle = openStore().notifyGroup(TOPIC)
    expect(errorOf(() => handle.updates(options as never))).toMatchObject({ code: 'BAD_ARGUMENT' })
  },
)

/** A store with some cores, each of one block and in one group. */
async function writtenStore(count: number) {
  const store = openStore()
  const cores = range(count).map((index) => store.get({ name: `core ${index}`, group: TOPIC }))
  for (const core of cores) await core.append('block')
  const keys = (kind: Keys) => cores.map((core) => hex(core[kind])).sort()
  return { store, keys }
}
