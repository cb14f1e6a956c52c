// Two names that differ never mean one core, and what an older version has filed is found again.

import fc from 'fast-check'
import Hypercore from 'hypercore'
import { describe, expect, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { hex, listed, text, utf8 } from '../helpers/bytes.js'
import { keysOf, openStore, openStoreAt } from '../helpers/open-store.js'
import { newPlace, type Place } from '../helpers/places.js'
import { errorOf, workingStore } from '../helpers/working-store.js'

type Name = string | Uint8Array

const BYTES = Uint8Array.of(0xff)
/** What an older version filed these bytes as. */
const TEXT = '\0hex:ff'

describe('a text name that bytes were filed as before, and those bytes', () => {
  test.each([
    ['the text first', [TEXT, BYTES]],
    ['the bytes first', [BYTES, TEXT]],
  ])('are two cores, after a restart too: %s', async (_, names: Name[]) => {
    const place = newPlace()
    const store = openStoreAt(place)
    for (const name of names) await store.get({ name }).append(keyText(name))
    await store.close()
    await expectCores(place, names)
  })

  test.each([
    ['bytes', BYTES, TEXT],
    ['text', TEXT, BYTES],
  ])('are two cores if an older version has filed the %s', async (_, older: Name, newer: Name) => {
    const place = newPlace()
    const store = openStoreAt(place)
    const key = await fileAsBefore(store, older, TEXT)
    await store.get({ name: newer }).append(keyText(newer))
    await store.close()

    const again = openStoreAt(place)
    const found = again.get({ name: older })
    await found.append(keyText(older))
    expect(hex(found.key)).toBe(hex(key))
    await again.close()
    await expectCores(place, [older, newer])
  })

  test('are found by their name in a read-only store, also if an older version has filed them', async () => {
    const place = newPlace()
    const store = openStoreAt(place)
    const key = await fileAsBefore(store, BYTES, TEXT)
    await store.close()
    const reader = openStoreAt(place, { readOnly: true })
    const core = reader.get({ name: BYTES })
    await core.ready()
    expect(hex(core.key)).toBe(hex(key))
    await expect(reader.get({ name: TEXT }).ready()).rejects.toMatchObject({ code: 'STORAGE_EMPTY' })
  })

  test('can be deleted one without the other, and made again', async () => {
    for (const [doomed, kept] of [
      [TEXT, BYTES],
      [BYTES, TEXT],
    ] as const) {
      const store = openStore()
      const isOlder = await fileAsBefore(store, BYTES, TEXT)
      for (const name of [doomed, kept]) await store.get({ name }).append(keyText(name))
      expect(hex(store.get({ name: BYTES }).key)).toBe(hex(isOlder))
      expect(await store.delete({ name: doomed }, { force: true })).toBe(true)
      expect(text(await store.get({ name: kept }).get(0))).toBe(keyText(kept))
      const anew = store.get({ name: doomed })
      await anew.ready()
      expect(anew.length).toBe(0)
    }
  })
})

test.each([2030, 2951])('a name of %i bytes that are no text is found again', async (length) => {
  const place = newPlace()
  const name = new Uint8Array(length).fill(0xff)
  const store = openStoreAt(place)
  await store.get({ name }).append('block')
  await store.close()
  expect(text(await openStoreAt(place).get({ name }).get(0))).toBe('block')
})

test('names that are no text are listed in their namespace, with their name', async () => {
  const store = openStore()
  const names = [BYTES, TEXT, 'a', Uint8Array.of(0, 0xfe)]
  const stores = [
    store.namespace('b'),
    store,
    store.namespace('b').session({ primaryKey: utf8('x'.repeat(32)) }),
  ]
  for (const each of stores) {
    for (const name of names) await each.get({ name }).ready()
    const { ns } = each
    const expected = [...each.sessions].map((core) => hex(core.discoveryKey))
    expect(await listed(each.list(ns))).toEqual(expected.sort())
    const found: string[] = []
    for await (const core of each.stored({ namespace: ns })) {
      found.push(keyText(core.name ?? ''))
      expect(hex(core.namespace)).toBe(hex(ns))
    }
    expect(found.sort()).toEqual(names.map(keyText).sort())
  }
  const everything: string[] = []
  for await (const { name } of store.stored()) everything.push(keyText(name ?? ''))
  expect(everything.sort()).toEqual(stores.flatMap(() => names.map(keyText)).sort())
})

test('any two names are two cores, unless they are a text and its UTF-8', async () => {
  const awkward = fc.constantFrom(
    'a',
    TEXT,
    '\0hex:',
    `\0hex:${TEXT}`,
    '\0hex:6869',
    '\ufffd',
    '\ufeffa',
    'é',
    'e\u0301',
    '\0',
    '0'.repeat(64),
    `${'0'.repeat(64)}/w==`,
    'coreyard/names-that-are-not-text',
  )
  const name: fc.Arbitrary<Name> = fc.oneof(
    awkward,
    awkward.map(utf8),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 5 }),
    fc.uint8Array({ minLength: 1, maxLength: 6 }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(name, { minLength: 2, maxLength: 12 }), async (names) => {
      const place = newPlace('memory')
      const keys: string[][] = []
      for (let round = 0; round < 2; round++) {
        const store = openStoreAt(place)
        keys.push(await Promise.all(names.map((each) => keyOf(store, each))))
        await store.close()
      }
      expect(keys[1]).toEqual(keys[0])
      const byName = new Map(names.map((each, index) => [hex(bytesOf(each)), keys[0]?.[index]]))
      expect(new Set(keys[0]).size).toBe(byName.size)
    }),
    { numRuns: 30 },
  )
})

describe('text with half of a surrogate pair', () => {
  const half = 'caf😀'.slice(0, 4)
  const message = expect.stringContaining('half of a surrogate pair')

  test('is no name and no namespace', async () => {
    const { store, goesOn } = await workingStore()
    const error = { code: 'BAD_ARGUMENT', message }
    expect(errorOf(() => store.get({ name: half }))).toMatchObject(error)
    expect(errorOf(() => store.namespace(half))).toMatchObject(error)
    await expect(store.delete({ name: half })).rejects.toMatchObject(error)
    await expect(store.createKeyPair(half)).rejects.toMatchObject(error)
    await goesOn()
  })

  test('is found under what UTF-8 made of it, if an older version has filed it', async () => {
    const store = openStore()
    const key = await fileAsBefore(store, 'caf\ufffd', half)
    const core = store.get({ name: 'caf\ufffd' })
    await core.append('block')
    expect(hex(core.key)).toBe(hex(key))
  })
})

test('the namespace of names that are no text is no namespace of a store', async () => {
  const { store, goesOn } = await workingStore()
  const namespace = utf8('coreyard/names-that-are-not-text')
  const error = { code: 'BAD_ARGUMENT', message: expect.stringContaining('namespace must be another one') }
  expect(errorOf(() => store.session({ namespace }))).toMatchObject(error)
  expect(errorOf(() => store.list(namespace))).toMatchObject(error)
  await goesOn()
})

/** Makes a core of a name as an older version or Corestore 7 did: filed under that alias. */
async function fileAsBefore(store: Corestore, name: Name, alias: string): Promise<Uint8Array> {
  const keyPair = await store.createKeyPair(name)
  const manifest = Hypercore.parseManifest({ version: 1, signers: [{ publicKey: keyPair.publicKey }] })
  const key = Hypercore.key(manifest)
  const core = await store.storage.createCore({
    key,
    discoveryKey: Hypercore.discoveryKey(key),
    manifest,
    keyPair,
    alias: { name: alias, namespace: store.ns },
  })
  await core.close()
  return key
}

/** Checks that each of these names means a core that holds its name, in a store that is opened there. */
async function expectCores(place: Place, names: Name[]): Promise<void> {
  const store = openStoreAt(place)
  const keys = new Set<string>()
  for (const name of names) {
    const core = store.get({ name })
    expect(text(await core.get(0))).toBe(keyText(name))
    keys.add(hex(keysOf(core).key))
  }
  expect(keys.size).toBe(names.length)
}

async function keyOf(store: Corestore, name: Name): Promise<string> {
  const core = store.get({ name })
  await core.ready()
  return hex(core.key)
}

function bytesOf(name: Name): Uint8Array {
  return typeof name === 'string' ? utf8(name) : name
}

function keyText(name: Name): string {
  return typeof name === 'string' ? name : `bytes ${hex(name)}`
}
