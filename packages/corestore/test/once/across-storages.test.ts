// Stores on different storages, connected: each with each.

import { expect, test } from 'vitest'
import { text } from '../helpers/bytes.js'
import { keysOf, openStoreAt, range } from '../helpers/open-store.js'
import { newPlace, type StorageName } from '../helpers/places.js'
import { connect } from '../helpers/streams.js'

const STORAGES: readonly StorageName[] = ['rocksdb', 'memory', 'files', 'late']
const PAIRS = STORAGES.flatMap((from) =>
  STORAGES.filter((to) => to !== from).map((to) => [from, to] as const),
)

test.each(PAIRS)(
  'what a store on %s has is replicated to one on %s, and is there when that is opened again',
  async (from, to) => {
    const place = newPlace(to)
    const source = openStoreAt(newPlace(from))
    const written = source.get({ name: 'a' })
    await written.append(range(300).map((index) => `block ${index}`))
    const { key } = keysOf(written)
    const copies = openStoreAt(place)
    connect(source, copies)
    await copies.get(key).download({ start: 0, end: 300 }).done()
    await copies.close()

    const again = openStoreAt(place).get({ key, wait: false })
    await again.ready()
    expect([again.length, again.contiguousLength]).toEqual([300, 300])
    expect(text(await again.get(299))).toBe('block 299')
  },
)
