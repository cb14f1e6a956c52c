// Converted stores as their users see them: what a store had, it has on another storage.

import { convert } from '@coreyard/convert'
import { describe, expect, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { hex, text } from '../helpers/bytes.js'
import { Contents } from '../helpers/contents.js'
import { emptyDirectory } from '../helpers/directories.js'
import { openStoreAt, openStoreIn } from '../helpers/open-store.js'
import { newPlace, type Place, type StorageName } from '../helpers/places.js'
import { connect, reads } from '../helpers/streams.js'

const STORAGES: readonly StorageName[] = ['rocksdb', 'files', 'memory', 'late']
const PAIRS = STORAGES.flatMap((from) => STORAGES.map((to) => [from, to] as const))

describe.each(PAIRS)('a store converted from %s to %s', (fromStorage, toStorage) => {
  test('has its primary key, names, keys, blocks and drafts, and is written and served', async () => {
    const [from, to] = [newPlace(fromStorage), newPlace(toStorage)]
    const store = openStoreAt(from)
    const contents = await Contents.write(store)
    const core = store.namespace('app').get({ name: 'with a draft' })
    await core.append(['a', 'b', 'c'])
    const draft = core.session({ name: 'draft' })
    await draft.append('d')
    await draft.close()
    const cleared = store.get({ name: 'cleared' })
    await cleared.append(['0', '1', '2', '3', '4'])
    await cleared.clear(1, 3)
    await cleared.truncate(4)
    const shapes = await stored(store)
    await store.close()

    await convert(from.storage, to.storage, { from: engineOf(from), to: engineOf(to) })

    const converted = openStoreAt(to)
    expect(await stored(converted)).toEqual(shapes)
    await contents.expectIn(converted)
    await contents.expectServedBy(converted)
    const again = converted.namespace('app').get({ name: 'with a draft' })
    await again.ready()
    const draftAgain = again.session({ name: 'draft' })
    await draftAgain.ready()
    expect([again.length, draftAgain.length, text(await draftAgain.get(3))]).toEqual([3, 4, 'd'])
    await draftAgain.close()
    const holes = converted.get({ name: 'cleared' })
    await holes.ready()
    expect([holes.length, holes.fork, await holes.has(1), await holes.has(3)]).toEqual([4, 1, false, true])
    await contents.extendIn(converted, 'after')
    await contents.expectIn(converted)

    // The source opens as before, with what it had.
    const original = openStoreAt(from)
    expect(await stored(original)).toEqual(shapes)
  })
})

test('a store whose conversion is unfinished opens nowhere, and says what to do', async () => {
  const [from, to] = [emptyDirectory(), emptyDirectory()]
  const store = openStoreIn(from)
  await store.get({ name: 'a' }).append('x')
  await store.close()
  const progress = () => {
    throw new Error('stop')
  }
  await expect(convert(from, to, { progress })).rejects.toThrow('stop')
  for (const options of [{}, { readOnly: true }, { primaryKey: new Uint8Array(32) }]) {
    const half = openStoreIn(to, options)
    await expect(half.ready()).rejects.toMatchObject({
      code: 'STORAGE_UNFINISHED',
      message: expect.stringContaining(to),
    })
    await half.close()
  }
  await convert(from, to)
  const whole = openStoreIn(to)
  await reads(whole.get({ name: 'a' }), 'x')
})

test('two stores of which one was converted from the other replicate what either appends alone', async () => {
  const [from, to] = [emptyDirectory(), newPlace('memory')]
  const store = openStoreIn(from)
  await store.get({ name: 'a' }).append('x')
  await store.close()
  await convert(from, to.storage)
  const [original, converted] = [openStoreIn(from), openStoreAt(to)]
  connect(original, converted)
  await converted.get({ name: 'a' }).append('y')
  await reads(original.get({ name: 'a' }), 'y', 1)
})

function engineOf({ options }: Place): { engine?: 'rocksdb' | 'random-access' } {
  return options.engine === undefined ? {} : { engine: options.engine }
}

/** What is stored, but for the bytes. */
async function stored(store: Corestore): Promise<unknown[]> {
  const all: unknown[] = []
  for await (const { name, key, length, byteLength, writable } of store.stored()) {
    all.push([name, hex(key), length, byteLength, writable])
  }
  return all
}
