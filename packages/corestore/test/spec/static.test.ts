// `staticify`: a core that can never grow, with the blocks of one that could.

import { convert } from '@coreyard/convert'
import type { Hypercore } from '@coreyard/hypercore-types'
import { memoryStorage } from '@coreyard/storage'
import { describe, expect, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { hex, listed, text } from '../helpers/bytes.js'
import { keysOf, openStore, openStoreAt, range } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'
import { recordsOf } from '../helpers/records.js'
import { connect, reads } from '../helpers/streams.js'
import { workingStore } from '../helpers/working-store.js'

describe('the static copy', () => {
  test('has the blocks of the core, and a key of its own', async () => {
    const store = openStore()
    const core = store.get({ name: 'a' })
    await core.append(['first', 'second'])
    const copy = await store.staticify(core)
    expect(copy.length).toBe(2)
    expect([text(await copy.get(0)), text(await copy.get(1))]).toEqual(['first', 'second'])
    expect(hex(copy.key)).not.toBe(hex(core.key))
    expect(hex(copy.state?.hash() ?? null)).toBe(hex(core.state?.hash() ?? null))
  })

  test('is signed by nobody: its manifest says length and tree hash, and it is not writable', async () => {
    const store = openStore()
    const core = store.get({ name: 'a' })
    await core.append(['first', 'second'])
    const copy = await store.staticify(core)
    expect(copy.manifest).toMatchObject({ version: 1, quorum: 0, signers: [], prologue: { length: 2 } })
    expect(hex(copy.manifest?.prologue?.hash ?? null)).toBe(hex(core.state?.hash() ?? null))
    expect(copy.writable).toBe(false)
    await expect(copy.append('third')).rejects.toMatchObject({ code: 'SESSION_NOT_WRITABLE' })
  })

  test('is opened with the options that are given', async () => {
    const store = openStore()
    const core = store.get({ name: 'a', valueEncoding: 'json' })
    await core.append({ text: 'hello' })
    const copy = await store.staticify(core, { valueEncoding: 'utf-8' })
    expect(await copy.get(0)).toBe('{"text":"hello"}')
  })

  test('replicates as any core', async () => {
    const writer = openStore()
    const core = writer.get({ name: 'a' })
    await core.append(['first', 'second'])
    const copy = await writer.staticify(core)
    const reader = openStore()
    connect(writer, reader)
    const read = reader.get(keysOf(copy).key)
    await reads(read, 'second', 1)
    expect([read.length, read.writable]).toEqual([2, false])
    const again = await reader.staticify(read)
    expect(hex(again.key)).toBe(hex(copy.key))
  })

  test('can be made of a core that a peer wrote', async () => {
    const writer = openStore()
    const written = writer.get({ name: 'a' })
    await written.append(['first', 'second'])
    const reader = openStore()
    connect(writer, reader)
    const core = reader.get(keysOf(written).key)
    await reads(core, 'second', 1)
    const copy = await reader.staticify(core)
    expect(text(await copy.get(1))).toBe('second')
    expect(hex(copy.key)).toBe(hex((await writer.staticify(written)).key))
  })
})

test('staticify makes the same copy each time, and another one once the core has grown', async () => {
  const store = openStore()
  const core = store.get({ name: 'a' })
  await core.append('first')
  const copies = [await store.staticify(core), await store.staticify(core)]
  expect(new Set(copies.map(({ key }) => hex(key))).size).toBe(1)
})

test('staticify refuses an empty core, and changes nothing', async () => {
  const place = newPlace()
  const store = openStoreAt(place)
  const core = store.get({ name: 'a' })
  await core.ready()
  const before = await place.content()
  await expect(store.staticify(core)).rejects.toMatchObject({
    code: 'BAD_ARGUMENT',
    message: 'Only a core that has blocks can be made static: this one is empty',
  })
  expect(await place.content()).toEqual(before)
  await core.append('block')
})

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'staticify takes a core, as get returns it, not undefined'],
  ['null', null, 'staticify takes a core, as get returns it, not null'],
  ['an object', {}, 'staticify takes a core, as get returns it, not an object'],
])('staticify refuses what is no core: %s', async (_, core, message) => {
  const { store, goesOn } = await workingStore()
  await expect(store.staticify(core as Hypercore)).rejects.toMatchObject({ code: 'BAD_ARGUMENT', message })
  await goesOn()
})

test('staticify refuses a core of another store, and changes nothing', async () => {
  const { place, store, goesOn } = await workingStore()
  const foreign = openStore().get({ name: 'a' })
  await foreign.append('block')
  await expect(store.staticify(foreign)).rejects.toMatchObject({
    code: 'BAD_ARGUMENT',
    message: expect.stringContaining('Only a core of this storage can be made static'),
  })
  await goesOn()
  await store.close()
  const again = openStoreAt(place).get({ name: 'a' })
  await again.append('third')
  expect(again.length).toBe(3)
})

/** All blocks of a core, as text. */
async function blocksOf(core: Hypercore): Promise<string[]> {
  await core.ready()
  return Promise.all(range(core.length).map(async (index) => text(await core.get(index))))
}

async function expectSound(store: Corestore): Promise<void> {
  for await (const { audit } of store.audit({ dryRun: true })) {
    expect(audit).toMatchObject({ droppedTreeNodes: 0, droppedBlocks: 0, droppedBits: 0, corrupt: false })
  }
}

describe('after a core was made static', () => {
  test('it goes on as before, and the copy stays as it was, after restarts, too', async () => {
    const place = newPlace()
    const store = openStoreAt(place)
    const core = store.get({ name: 'a' })
    const blocks = range(40).map((index) => `block ${index}`)
    await core.append(blocks)
    const copy = await store.staticify(core)
    const [original, { key }] = [keysOf(core).key, keysOf(copy)]
    await core.append('more')
    await core.clear(0, 10)
    await core.truncate(30)
    await core.append(['other', 'another'])
    expect(await blocksOf(copy)).toEqual(blocks)
    await expectSound(store)
    await store.close()

    for (const round of range(3)) {
      const again = openStoreAt(place)
      const named = again.get({ name: 'a' })
      await named.ready()
      expect([hex(named.key), named.writable, named.length]).toEqual([hex(original), true, 32 + round])
      expect([await named.has(5), text(await named.get(31))]).toEqual([false, 'another'])
      await named.append(`round ${round}`)
      const kept = again.get(key)
      expect(await blocksOf(kept)).toEqual(blocks)
      expect(kept.writable).toBe(false)
      await expectSound(again)
      await again.close()
    }
  })

  test.each(['original', 'copy'])('the %s can be deleted, and the other one stays', async (which) => {
    const place = newPlace()
    const store = openStoreAt(place)
    const core = store.get({ name: 'a' })
    await core.append(['first', 'second'])
    const copy = await store.staticify(core)
    const [deleted, kept] = which === 'copy' ? [copy, core] : [core, copy]
    const { key } = keysOf(kept)
    await deleted.close()
    expect(await store.delete(keysOf(deleted).key)).toBe(true)
    expect(await blocksOf(kept)).toEqual(['first', 'second'])
    await store.close()
    const again = openStoreAt(place)
    expect(await blocksOf(again.get(key))).toEqual(['first', 'second'])
    expect(again.get({ name: 'a' }).length).toBe(0)
    await expectSound(again)
  })

  test('the copy leaves nothing in the storage when both are deleted', async () => {
    const store = openStore()
    await store.get({ name: 'other' }).append('block')
    const before = await recordsOf(store)
    const core = store.get({ name: 'a', userData: { some: 'data' } })
    await core.append(range(50).map((index) => `block ${index}`))
    const copy = await store.staticify(core)
    for (const session of [copy, core]) {
      await session.close()
      await store.delete(keysOf(session).key)
    }
    expect((await recordsOf(store)).slice(1)).toEqual(before.slice(1)) // the head counts cores
  })
})

test('a conversion carries a core and its static copy', async () => {
  const place = newPlace()
  const store = openStoreAt(place)
  const core = store.get({ name: 'a' })
  await core.append(['first', 'second'])
  const { key } = keysOf(await store.staticify(core))
  await core.append('third')
  await store.close()
  const storage = memoryStorage()
  await convert(place.storage, storage, { from: { engine: place.options.engine } })
  const again = openStoreAt({ storage, options: {}, content: async () => ({}) })
  expect(await blocksOf(again.get({ name: 'a' }))).toEqual(['first', 'second', 'third'])
  expect(await blocksOf(again.get(key))).toEqual(['first', 'second'])
  await expectSound(again)
})

test('staticify takes a core between two of the appends that are under way', async () => {
  const store = openStore()
  const core = store.get({ name: 'a' })
  await core.append('block 0')
  const appends = range(30).map((index) => core.append([`block ${2 * index + 1}`, `block ${2 * index + 2}`]))
  const copies = await Promise.all(range(5).map(() => store.staticify(core)))
  await Promise.all(appends)
  for (const copy of copies) {
    expect(copy.length % 2).toBe(1)
    expect(await blocksOf(copy)).toEqual(range(copy.length).map((index) => `block ${index}`))
  }
  expect(core.length).toBe(61)
  expect(await blocksOf(core)).toEqual(range(61).map((index) => `block ${index}`))
  await expectSound(store)
})

test('the static copy of a core with more blocks than a page of its bitfield has all of them', async () => {
  const place = newPlace()
  const store = openStoreAt(place)
  const core = store.get({ name: 'a' })
  const count = 33_000 // a page has 32,768 bits
  await core.append(range(count).map((index) => `${index}`))
  await core.clear(10, 20)
  const { key } = keysOf(await store.staticify(core))
  await store.close()
  const copy = openStoreAt(place).get(key)
  await copy.ready()
  for (const index of [0, 9, 20, 32_767, 32_768, count - 1])
    expect(text(await copy.get(index))).toBe(`${index}`)
  expect([await copy.has(15), await copy.has(20, count)]).toEqual([false, true])
})

test('staticify fails with SESSION_CLOSED for a core that is deleted, and makes nothing', async () => {
  const store = openStore()
  const core = store.get({ name: 'a' })
  await core.append('block')
  await store.delete({ name: 'a' }, { force: true })
  await expect(store.staticify(core)).rejects.toMatchObject({ code: 'SESSION_CLOSED' })
  expect(await listed(store.list())).toEqual([])
})

test('a forced delete of the original while it is made static leaves the copy whole', async () => {
  for (const turns of range(12)) {
    const store = openStore()
    const core = store.get({ name: 'a' })
    await core.append(range(20).map((index) => `block ${index}`))
    const made = store.staticify(core).catch((error) => error.code)
    for (const _ of range(turns)) await new Promise(setImmediate)
    await store.delete({ name: 'a' }, { force: true })
    const copy = await made
    if (copy === 'SESSION_CLOSED') continue
    expect(await blocksOf(copy)).toEqual(range(20).map((index) => `block ${index}`))
    await expectSound(store)
  }
})

describe('of an encrypted core', () => {
  const key = new Uint8Array(32).fill(1)

  test('staticify refuses to make a copy that nobody could read', async () => {
    const store = openStore()
    const core = store.get({ name: 'secret', encryption: { key } })
    await core.append('block')
    await expect(store.staticify(core)).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
      message: expect.stringContaining('encrypted'),
    })
    expect(text(await core.get(0))).toBe('block')
    expect(await listed(store.list())).toHaveLength(1)
  })

  test('staticify refuses it for a session without the key, too, while another one has it', async () => {
    const store = openStore()
    const core = store.get({ name: 'secret', encryption: { key } })
    await core.append('block')
    await expect(store.staticify(store.get({ name: 'secret' }))).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
      message: expect.stringContaining('encrypted'),
    })
  })

  test('a copy reads with the key of the original, if that is a block key', async () => {
    const place = newPlace()
    const store = openStoreAt(place)
    const encryption = { key, block: true }
    const core = store.get({ name: 'secret', encryption })
    await core.append(['first', 'second'])
    const copy = await store.staticify(core, { encryption })
    expect(await blocksOf(copy)).toEqual(['first', 'second'])
    const { key: copyKey } = keysOf(copy)
    await core.append('third')
    await store.close()
    const again = openStoreAt(place)
    expect(await blocksOf(again.get({ key: copyKey, encryption }))).toEqual(['first', 'second'])
    expect(await blocksOf(again.get({ name: 'secret', encryption }))).toEqual(['first', 'second', 'third'])
  })
})

test('staticify refuses in a read-only store', async () => {
  const store = openStore()
  const core = store.get({ name: 'a' })
  await core.append('block')
  await expect(store.session({ readOnly: true }).staticify(core)).rejects.toMatchObject({
    code: 'READ_ONLY',
    message: 'The store is read-only: it cannot make static cores',
  })
})
