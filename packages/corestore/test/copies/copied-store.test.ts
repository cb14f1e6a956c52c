// A store that was copied without its knowledge: its writers do not fork, and apps without peers go on as the documents say.

import type { Hypercore } from '@coreyard/hypercore-types'
import { describe, expect, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { record, until } from '../helpers/events.js'
import { keysOf, openStoreAt } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'
import { connect, reads } from '../helpers/streams.js'
import { COPIED, type CopiedPlace } from './copied-places.js'
import { NEVER, openIn } from './opening.js'

/** Places that say where they are: a copy of them is known for one. */
const KNOWN = COPIED.filter(([name]) => name !== 'bytes in memory')

describe.each(COPIED)('a copy of %s', (_, makePlace) => {
  test.each([
    ['while it is open', true],
    ['when it was closed', false],
  ])('made %s goes on after what the original wrote since', async (_, isOpen) => {
    const place = makePlace()
    let original = openIn(place)
    await original.get({ name: 'log' }).append(['block 0', 'block 1'])
    if (!isOpen) await original.close()
    const copied = place.copy()
    if (!isOpen) original = openIn(place)
    const core = original.get({ name: 'log' })
    await core.ready()
    const reader = openStoreAt(newPlace('memory'))
    const conflicts = record(reader, 'conflict')
    connect(original, reader)
    const readersCopy = reader.get(keysOf(core).key)
    await core.append(['since 2', 'since 3'])
    await readsAll(readersCopy, ['block 0', 'block 1', 'since 2', 'since 3'])
    await original.close()

    const copy = openIn(copied, NEVER)
    connect(copy, reader)
    const again = copy.get({ name: 'log' })
    await again.append('of the copy')

    expect(again.length).toBe(5)
    await reads(readersCopy, 'of the copy', 4)
    await reads(again, 'since 2', 2)
    expect(conflicts).toEqual([])
  })

  test.each([
    ['by its key', true],
    ['by its key, before there is a connection', false],
  ])('does not fork when its core is got %s', async (_, isConnected) => {
    const { original, core, copied, reader, readersCopy } = await copiedWithReader(makePlace())
    await core.append('since')
    await readsAll(readersCopy, ['block 0', 'block 1', 'since'])
    await original.close()
    const conflicts = record(reader, 'conflict')

    const copy = openIn(copied, NEVER)
    if (isConnected) connect(copy, reader)
    const again = copy.get(keysOf(core).key)
    const append = again.append('too early')
    if (!isConnected) connect(copy, reader)

    await expect(append).rejects.toMatchObject({ code: 'SESSION_NOT_WRITABLE' })
    await again.append('of the copy')
    await reads(readersCopy, 'of the copy', 3)
    expect(conflicts).toEqual([])
  })

  test('goes on at once when it was opened and closed again, and its peers were asked', async () => {
    const { copied, reader, readersCopy } = await copiedWithReader(makePlace())
    const first = openIn(copied, NEVER)
    connect(first, reader)
    await first.get({ name: 'log' }).append('of the copy')
    await reads(readersCopy, 'of the copy', 2)
    await first.close()

    const core = openIn(copied, NEVER).get({ name: 'log' })
    await core.append('later')
    expect(core.length).toBe(4)
  })

  test('still asks when it was opened and closed again without asking', async () => {
    const { copied, reader, readersCopy, original, core } = await copiedWithReader(makePlace())
    const first = openIn(copied)
    await first.ready()
    await first.close()
    await core.append('since')
    await reads(readersCopy, 'since', 2)
    await original.close()

    const copy = openIn(copied, NEVER)
    connect(copy, reader)
    const again = copy.get({ name: 'log' })
    await again.append('of the copy')
    expect(again.length).toBe(4)
  })

  test('does not wait for peers with recovery: false, nor after that', async () => {
    const { copied } = await copiedWithReader(makePlace())
    for (const [options, length] of [
      [{ recovery: false }, 3],
      [NEVER, 4],
    ] as const) {
      await using copy = openIn(copied, options)
      const core = copy.get({ name: 'log' })
      await core.append('of the copy')
      expect(core.length).toBe(length)
      await copy.get({ name: `new ${length}` }).append('x')
    }
  })

  test('is audited at once', async () => {
    const { copied } = await copiedWithReader(makePlace())
    const copy = openIn(copied, NEVER)
    for await (const { audit } of copy.audit()) expect(audit?.corrupt).toBe(false)
  })

  test('opens cores that others write at once', async () => {
    const { copied, reader } = await copiedWithReader(makePlace())
    const theirs = reader.get({ name: 'of the reader' })
    await theirs.append('theirs')
    const copy = openIn(copied, NEVER)
    connect(copy, reader)
    await reads(copy.get(keysOf(theirs).key), 'theirs')
  })
})

describe.each(KNOWN)('a copy of %s', (_, makePlace) => {
  test.each([
    ['while it was open', true],
    ['when it was closed', false],
  ])('made %s and put back in its place goes on after what was written since', async (_, isOpen) => {
    const place = makePlace()
    let original = openIn(place)
    await original.get({ name: 'log' }).append(['block 0', 'block 1'])
    if (!isOpen) await original.close()
    const copied = place.copy()
    if (!isOpen) original = openIn(place)
    const reader = openStoreAt(newPlace('memory'))
    const conflicts = record(reader, 'conflict')
    connect(original, reader)
    const core = original.get({ name: 'log' })
    await core.append('since')
    const readersCopy = reader.get(keysOf(core).key)
    await readsAll(readersCopy, ['block 0', 'block 1', 'since'])
    await original.close()
    place.restore?.(copied)

    const store = openIn(place, NEVER)
    connect(store, reader)
    const again = store.get({ name: 'log' })
    await again.append('after it was put back')

    await reads(readersCopy, 'after it was put back', 3)
    expect(conflicts).toEqual([])
  })

  test('without peers is RECOVERING, and is written with withoutPeers: append', async () => {
    const { copied } = await copiedWithReader(makePlace())
    const copy = openIn(copied, { recovery: { timeout: 1 } })
    const core = copy.get({ name: 'log' })
    await expect(core.append('x')).rejects.toMatchObject({ code: 'RECOVERING' })
    expect(core.length).toBe(2)
    await copy.close()

    const again = openIn(copied, { recovery: { timeout: 1, withoutPeers: 'append' } }).get({ name: 'log' })
    await again.append('x')
    expect(again.length).toBe(3)
  })
})

test('bytes of a store that was not closed are written after the timeout, when there are no peers', async () => {
  const [, makePlace] = COPIED[3] ?? []
  const { copied } = await copiedWithReader(makePlace?.() as CopiedPlace)
  const core = openIn(copied, { recovery: { timeout: 1 } }).get({ name: 'log' })
  await core.append('x')
  expect(core.length).toBe(3)
})

describe('a backup', () => {
  test('goes on after what the original wrote since under a name that is not in it', async () => {
    const { original, reader, copied } = await backedUp()
    const core = original.get({ name: 'since' })
    await core.ready()
    const readersCopy = reader.get(keysOf(core).key)
    await core.append('of the original')
    await readsAll(readersCopy, ['of the original'])
    await original.close()
    const conflicts = record(reader, 'conflict')

    const copy = openStoreAt(copied, NEVER)
    connect(copy, reader)
    const again = copy.get({ name: 'since' })
    await again.append('of the copy')

    await reads(readersCopy, 'of the copy', 1)
    expect(again.length).toBe(2)
    expect(conflicts).toEqual([])
  })

  test('writes a new name when no peer has it', async () => {
    const { reader, copied } = await backedUp()
    const copy = openStoreAt(copied, { recovery: { timeout: Number.POSITIVE_INFINITY, settle: 1 } })
    connect(copy, reader)
    const core = copy.get({ name: 'new' })
    await core.append('x')
    expect(core.length).toBe(1)
  })

  test('is not written because of a peer that had nothing of it before', async () => {
    const { original, core, reader, readersCopy, copied } = await backedUp()
    await core.append('since')
    await readsAll(readersCopy, ['block 0', 'block 1', 'since'])
    await original.close()
    const copy = openStoreAt(copied, { recovery: { timeout: 200, settle: 1 } })
    const stranger = openStoreAt(newPlace('memory'))
    const again = copy.get(keysOf(core).key)
    await again.ready()
    connect(copy, stranger)
    await readsAll(stranger.get(keysOf(core).key), ['block 0', 'block 1'])

    await expect(again.append('x')).rejects.toMatchObject({ code: 'RECOVERING' })
    expect(again.length).toBe(2)

    connect(copy, reader)
    await until(() => again.length === 3)
    await again.append('of the copy')
    await reads(readersCopy, 'of the copy', 3)
  })
})

/** A store with a core of two blocks that a reader has, and a copy of it. */
async function copiedWithReader(place: CopiedPlace) {
  return { ...(await readBy(openIn(place))), copied: place.copy() }
}

async function backedUp() {
  const parts = await readBy(openStoreAt(newPlace('memory')))
  const copied = newPlace('memory')
  await parts.original.backup(copied.storage)
  return { ...parts, copied }
}

async function readBy(original: Corestore) {
  const reader = openStoreAt(newPlace('memory'))
  const core = original.get({ name: 'log' })
  await core.append(['block 0', 'block 1'])
  connect(original, reader)
  const readersCopy = reader.get(keysOf(core).key)
  await readsAll(readersCopy, ['block 0', 'block 1'])
  return { original, core, reader, readersCopy }
}

async function readsAll(core: Hypercore, blocks: readonly string[]): Promise<void> {
  for (const [index, block] of blocks.entries()) await reads(core, block, index)
}
