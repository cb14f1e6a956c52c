// Hyperblobs on the cores of a store: bytes of any size, in blocks of 64 KiB.

import Hyperblobs from 'hyperblobs'
import { expect, test } from 'vitest'
import { hex } from '../helpers/bytes.js'
import { createStore } from '../helpers/stores.js'
import { connect } from '../helpers/streams.js'

/** A million bytes, no two blocks of which are alike. */
const LARGE = new Uint8Array(1_000_000).map((_, index) => (index * 31 + (index >> 16)) % 256)
const SMALL = new Uint8Array([1, 2, 3, 4, 5])

test('blobs are read as they were put, whole and in part', async () => {
  const blobs = new Hyperblobs(createStore('blobs').get({ name: 'blobs' }))
  const small = await blobs.put(SMALL)
  const large = await blobs.put(LARGE)

  expect(large).toMatchObject({ blockOffset: 1, byteOffset: 5, byteLength: LARGE.byteLength })
  expect(hex(await blobs.get(small))).toBe(hex(SMALL))
  expect(hex(await blobs.get(large))).toBe(hex(LARGE))
  expect(hex(await blobs.get(large, { start: 65_530, length: 100 }))).toBe(
    hex(LARGE.subarray(65_530, 65_630)),
  )
})

test('blobs that are written as streams at the same time do not mix', async () => {
  const blobs = new Hyperblobs(createStore('blobs').get({ name: 'blobs' }))
  const ids = await Promise.all(
    [1, 2, 3].map(async (fill) => {
      const stream = blobs.createWriteStream()
      for (let part = 0; part < 4; part++) stream.write(new Uint8Array(10_000).fill(fill))
      stream.end()
      await new Promise<void>((resolve) => stream.once('close', resolve))
      return stream.id
    }),
  )
  for (const [index, id] of ids.entries()) {
    expect(hex(await blobs.get(id))).toBe(hex(new Uint8Array(40_000).fill(index + 1)))
  }
})

test('a blob that is cleared leaves the others, also after a restart', async () => {
  const store = createStore('blobs')
  const blobs = new Hyperblobs(store.get({ name: 'blobs' }))
  const gone = await blobs.put(LARGE)
  const kept = await blobs.put(SMALL)
  await blobs.clear(gone)
  await store.close()

  const again = new Hyperblobs(createStore('blobs').get({ name: 'blobs' }))
  expect(await again.get(gone, { wait: false })).toBeNull()
  expect(hex(await again.get(kept))).toBe(hex(SMALL))
  const more = await again.put(SMALL)
  expect(more.blockOffset).toBe(kept.blockOffset + 1)
})

test('a blob is read in another store', async () => {
  const store = createStore('writer')
  const blobs = new Hyperblobs(store.get({ name: 'blobs' }))
  await blobs.put(SMALL)
  const id = await blobs.put(LARGE)

  const readerStore = createStore('reader')
  const reader = new Hyperblobs(readerStore.get({ key: blobs.core.key }))
  connect(store, readerStore)
  const parts: Uint8Array[] = []
  for await (const part of reader.createReadStream(id)) parts.push(part)
  expect(hex(Buffer.concat(parts))).toBe(hex(LARGE))
  expect(await reader.core.has(0)).toBe(false)
})
