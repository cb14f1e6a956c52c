// `staticify`: a core that can never grow, with the blocks of one that could.

import { describe, expect, test } from 'vitest'
import { hex, text } from '../helpers/bytes.js'
import { directoryHash } from '../helpers/directory-hash.js'
import { emptyDirectory, keysOf, openStore, openStoreIn, range } from '../helpers/open-store.js'
import { openCorestore7 } from '../helpers/other-stores.js'
import { connect, reads } from '../helpers/streams.js'

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

  test('has the key that Corestore 7 gives it', async () => {
    const directory = emptyDirectory()
    const ours = openStoreIn(directory)
    await ours.get({ name: 'a' }).append(range(10).map((index) => `block ${index}`))
    await ours.close()

    const theirs = openCorestore7(directory)
    const expected = await theirs.staticify(theirs.get({ name: 'a' }))
    const { key, manifest } = expected
    await theirs.close()

    const again = openStore({ primaryKey: ours.primaryKey ?? undefined })
    const core = again.get({ name: 'a' })
    await core.append(range(10).map((index) => `block ${index}`))
    const copy = await again.staticify(core)
    expect(hex(copy.key)).toBe(hex(key))
    expect(copy.manifest).toEqual(manifest)
  })

  test('is found again by its key, here and by Corestore 7', async () => {
    const directory = emptyDirectory()
    const store = openStoreIn(directory)
    const core = store.get({ name: 'a' })
    await core.append(['first', 'second'])
    const { key } = keysOf(await store.staticify(core))
    await store.close()

    for (const open of [openStoreIn, openCorestore7]) {
      const again = open(directory)
      const copy = again.get(key)
      expect(text(await copy.get(1))).toBe('second')
      expect([copy.length, copy.writable, hex(copy.key)]).toEqual([2, false, hex(key)])
      await again.close()
    }
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
  const directory = emptyDirectory()
  const store = openStoreIn(directory)
  const core = store.get({ name: 'a' })
  await core.ready()
  const before = directoryHash(directory)
  await expect(store.staticify(core)).rejects.toMatchObject({
    code: 'BAD_ARGUMENT',
    message: 'Only a core that has blocks can be made static: this one is empty',
  })
  expect(directoryHash(directory)).toEqual(before)
  await core.append('block')
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
