// `staticify`: a core that can never grow, with the blocks of one that could.

import type { Hypercore } from '@coreyard/hypercore-types'
import { describe, expect, test } from 'vitest'
import { hex, text } from '../helpers/bytes.js'
import { keysOf, openStore, openStoreAt } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'
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

test('a name whose core was made static is that of the copy after a restart, and not writable', async () => {
  const place = newPlace()
  const store = openStoreAt(place)
  const core = store.get({ name: 'a' })
  await core.append('block')
  const copy = await store.staticify(core)
  await store.close()

  const again = openStoreAt(place).get({ name: 'a' })
  await again.ready()
  expect([hex(again.key), again.writable]).toEqual([hex(copy.key), false])
  await expect(again.append('more')).rejects.toMatchObject({ code: 'SESSION_NOT_WRITABLE' })
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
