// The event `conflict`: two histories of one core exist, both signed.

import type { Hypercore } from '@coreyard/hypercore-types'
import { describe, expect, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { bytes32, hex, text } from '../helpers/bytes.js'
import { next, record } from '../helpers/events.js'
import { keysOf, openStore } from '../helpers/open-store.js'
import { connect, reads, closed as streamClosed } from '../helpers/streams.js'

describe('when two stores that write one core meet', () => {
  test('conflict comes with the core, the length and fork of the other history, and its proof', async () => {
    const { one, other } = await fork()
    const conflict = next(one.store, 'conflict')
    connect(one.store, other.store)
    const [core, length, forks, proof] = await conflict
    expect(hex(core.key)).toBe(hex(one.core.key))
    expect([2, 3]).toContain(length) // as far as the other history was asked for by then
    expect(forks).toBe(0)
    expect(proof.upgrade).toMatchObject({ length })
  })

  test('it comes to every store of the family', async () => {
    const { one, other } = await fork()
    const family = [one.store, one.store.session(), one.store.namespace('a')]
    const conflicts = family.map((store) => next(store, 'conflict'))
    connect(one.store, other.store)
    for (const [core] of await Promise.all(conflicts)) expect(hex(core.key)).toBe(hex(one.core.key))
  })

  test('the sessions of the core close, and what they were asked for rejects', async () => {
    const { one, other } = await fork()
    const derived = one.core.session()
    await derived.ready()
    const waiting = one.core.get(5).catch((error: Error) => error)
    const conflict = next(one.store, 'conflict')
    connect(one.store, other.store)
    await conflict
    await Promise.all([closed(one.core), closed(derived)])
    expect(await waiting).toBeInstanceOf(Error)
    await expect(one.core.append('block')).rejects.toMatchObject({ code: 'SESSION_CLOSED' })
  })

  test('the store goes on with all other cores, and with the blocks that it has', async () => {
    const { one, other } = await fork()
    const conflict = next(one.store, 'conflict')
    const streams = connect(one.store, other.store)
    await conflict
    await closed(one.core)
    const another = other.store.get({ name: 'another' })
    await another.append('block')
    await reads(one.store.get(keysOf(another).key), 'block')
    // While they are connected, opening it again is another conflict.
    for (const stream of streams) stream.destroy()
    await Promise.all(streams.map(streamClosed))
    const again = one.store.get({ name: 'a' })
    expect(text(await again.get(1))).toBe('of one')
  })
})

test('a reader that has one history is told when it meets the other one', async () => {
  const { one, other } = await fork()
  const reader = openStore()
  const streams = connect(one.store, reader)
  const copy = reader.get(keysOf(one.core).key)
  await reads(copy, 'of one', 1)
  for (const stream of streams) stream.destroy()
  const conflict = next(reader, 'conflict')
  connect(other.store, reader)
  const [core] = await conflict
  expect(hex(core.key)).toBe(hex(copy.key))
})

test('no conflict comes where one history is longer than the other', async () => {
  const primaryKey = bytes32(1)
  const [behind, ahead] = [openStore({ primaryKey }), openStore({ primaryKey })]
  const conflicts = record(behind, 'conflict')
  await behind.get({ name: 'a' }).append('first')
  const core = ahead.get({ name: 'a' })
  await core.append(['first', 'second'])
  const reader = openStore()
  connect(behind, reader)
  const copy = reader.get(keysOf(core).key)
  await reads(copy, 'first', 0)
  connect(ahead, reader)
  await reads(copy, 'second', 1)
  expect(conflicts).toEqual([])
})

interface Writer {
  readonly store: Corestore
  readonly core: Hypercore
}

/** Two stores that have written different second blocks of the same core, and the other one a third. */
async function fork(): Promise<{ one: Writer; other: Writer }> {
  return { one: await writer(['the same', 'of one']), other: await writer(['the same', 'of other', 'more']) }
}

async function writer(blocks: string[]): Promise<Writer> {
  const store = openStore({ primaryKey: bytes32(1) })
  const core = store.get({ name: 'a' })
  await core.append(blocks)
  return { store, core }
}

async function closed(core: Hypercore): Promise<void> {
  if (!core.closed) await next(core, 'close')
}
