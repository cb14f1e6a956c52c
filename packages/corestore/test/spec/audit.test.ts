// `audit`: checks every stored core, and drops what is damaged.

import type { AuditResult, CoreWriteBatch } from '@coreyard/hypercore-types'
import { describe, expect, test } from 'vitest'
import type { CoreAudit, Corestore } from '../../src/index.js'
import { hex, listed, utf8 } from '../helpers/bytes.js'
import { keysOf, openStore, openStoreAt, range } from '../helpers/open-store.js'
import { newPlace, type Place } from '../helpers/places.js'
import { recordsOf } from '../helpers/records.js'
import { connect, reads } from '../helpers/streams.js'

/** What the audit of a whole core of eight blocks says. */
const WHOLE: AuditResult = {
  treeNodes: 15,
  blocks: 8,
  bits: 8,
  droppedTreeNodes: 0,
  droppedBlocks: 0,
  droppedBits: 0,
  corrupt: false,
}

describe('of a store that is whole', () => {
  test('audit counts what each core has, and drops nothing', async () => {
    const store = openStore()
    const keys = await Promise.all(range(5).map((index) => write(store, `core ${index}`)))
    await store.get().ready()
    const audits = await all(store.audit())
    expect(audits).toHaveLength(6)
    for (const { key, discoveryKey } of keys) {
      const found = audits.find((each) => hex(each.key) === hex(key))
      expect(found).toEqual({ key, discoveryKey, audit: WHOLE })
    }
    expect(audits.filter(({ audit }) => audit?.blocks === 0)).toHaveLength(1)
  })

  test('audit finds nothing wrong after many appends at once', async () => {
    const store = openStore()
    const cores = range(20).map((index) => store.get({ name: `core ${index}` }))
    await Promise.all(
      cores.map(async (core) => {
        for (const block of range(8)) await core.append(`block ${block}`)
      }),
    )
    expect((await all(store.audit())).map(({ audit }) => audit)).toEqual(cores.map(() => WHOLE))
  })

  test('audit changes nothing, neither does it with dryRun', async () => {
    const store = openStore()
    await write(store, 'a')
    const before = await recordsOf(store)
    for (const dryRun of [true, false]) {
      await all(store.audit({ dryRun }))
      expect(await recordsOf(store)).toEqual(before)
    }
  })

  test('audit leaves the cores as they were: open ones open, others closed', async () => {
    const store = openStore({ cacheSize: 0 })
    await write(store, 'closed')
    const core = store.get({ name: 'open' })
    await core.append('block')
    await all(store.audit())
    await core.append('another')
    expect(core.length).toBe(2)
    expect([...store.sessions]).toEqual([core])
  })

  test('audit offers the cores to nobody', async () => {
    const place = newPlace()
    const before = openStoreAt(place)
    await write(before, 'a')
    await before.close()
    const store = openStoreAt(place)
    for await (const { discoveryKey } of store.audit()) {
      expect(store.cores.get(discoveryKey)?.replicator.downloading).toBe(false)
    }
  })

  test('audit counts of a copy what is here', async () => {
    const writer = openStore()
    const { key } = await write(writer, 'a')
    const reader = openStore()
    connect(writer, reader)
    await reads(reader.get(key), 'block 3', 3)
    expect(await all(reader.audit())).toMatchObject([
      { audit: { blocks: 1, bits: 1, droppedTreeNodes: 0, droppedBlocks: 0, droppedBits: 0 } },
    ])
  })
})

const DAMAGES: [what: string, damage: (batch: CoreWriteBatch) => void, found: Partial<AuditResult>][] = [
  ['a block is gone', (batch) => batch.deleteBlock(3), { droppedBits: 1, bits: 7, blocks: 7 }],
  ['a block is another', (batch) => batch.putBlock(3, utf8('not block 3')), { droppedBlocks: 1, blocks: 7 }],
  ['a node of the tree is gone', (batch) => batch.deleteTreeNode(9), { droppedTreeNodes: 1 }],
  [
    'a node of the tree is another',
    (batch) => batch.putTreeNode({ index: 9, size: 14, hash: new Uint8Array(32) }),
    { droppedTreeNodes: 1 },
  ],
]

describe.each(DAMAGES)('of a core of which %s', (_, damage, found) => {
  test('audit reports it with dryRun, and changes nothing', async () => {
    const store = await damagedStore(damage)
    const before = await recordsOf(store)
    expect(await auditOf(store, { dryRun: true })).toMatchObject(found)
    expect(await recordsOf(store)).toEqual(before)
    expect(await auditOf(store, { dryRun: true })).toMatchObject(found)
  })

  test('audit drops it, and what is left passes, also after a restart', async () => {
    const place = newPlace()
    const store = await damagedStore(damage, place)
    expect(await auditOf(store)).toMatchObject(found)
    await all(store.audit())
    const left = { ...(await auditOf(store, { dryRun: true })) }
    expect(left).toMatchObject({ droppedTreeNodes: 0, droppedBlocks: 0, droppedBits: 0, corrupt: false })
    expect(left.bits).toBe(left.blocks)
    expect(left.bits).toBeLessThan(8)
    await store.close()

    const again = openStoreAt(place)
    expect(await auditOf(again, { dryRun: true })).toEqual(left)
    const core = again.get({ name: 'a' })
    await core.ready()
    const here = await Promise.all(range(8).map((index) => core.has(index)))
    expect(here.filter((each) => each)).toHaveLength(left.bits ?? 0)
  })

  test('audit lets it be downloaded again', async () => {
    const source = openStore()
    const { key } = await write(source, 'a')
    const place = newPlace()
    const reader = openStoreAt(place)
    const streams = connect(source, reader)
    const copy = reader.get(key)
    for (const index of range(8)) await reads(copy, `block ${index}`, index)
    for (const stream of streams) stream.destroy()
    await damageCore(reader, copy.core?.discoveryKey ?? null, damage)
    await reader.close()

    const again = openStoreAt(place)
    await all(again.audit())
    await all(again.audit())
    connect(source, again)
    const mended = again.get(key)
    await mended.download({ start: 0, end: 8 }).done()
    for (const index of range(8)) await reads(mended, `block ${index}`, index)
    expect(mended.contiguousLength).toBe(8)
    expect(await auditOf(again)).toMatchObject({ blocks: 8, bits: 8, droppedBlocks: 0, droppedTreeNodes: 0 })
  })
})

const CORRUPTIONS: [what: string, damage: (batch: CoreWriteBatch) => void][] = [
  ['gone', (batch) => batch.deleteTreeNode(7)],
  ['another', (batch) => batch.putTreeNode({ index: 7, size: 56, hash: new Uint8Array(32) })],
]

describe.each(CORRUPTIONS)('of a core of which a root of the tree is %s', (_, damage) => {
  test('audit says with dryRun that it is corrupt, and changes nothing', async () => {
    const store = await damagedStore(damage)
    const before = await recordsOf(store)
    expect(await auditOf(store, { dryRun: true })).toMatchObject({ corrupt: true })
    expect(await recordsOf(store)).toEqual(before)
  })

  test('audit deletes it whole, as nothing of it can be proven', async () => {
    const store = await damagedStore(damage)
    expect(await auditOf(store)).toBe(null)
    expect(await listed(store.list())).toEqual([])
    expect(await recordsOf(store)).toHaveLength(1) // the store's own head
  })

  test('its name makes a new one then, with the same key', async () => {
    const store = await damagedStore(damage)
    const [audit] = await all(store.audit())
    const core = store.get({ name: 'a' })
    await core.append('new block')
    expect([hex(core.key), core.length]).toEqual([hex(audit?.key ?? null), 1])
  })

  test('audit only says that it is corrupt as long as it is in use', async () => {
    const store = openStore()
    const core = store.get({ name: 'a' })
    await core.append(range(8).map((index) => `block ${index}`))
    await damageCore(store, keysOf(core).discoveryKey, damage)
    expect(await auditOf(store)).toMatchObject({ corrupt: true })
    expect(await listed(store.list())).toHaveLength(1)
  })

  test('audit goes on with the others', async () => {
    const store = await damagedStore(damage)
    const others = await Promise.all(['b', 'c'].map((name) => write(store, name)))
    const audits = await all(store.audit())
    expect(audits).toHaveLength(3)
    for (const { key } of others) {
      expect(audits.find((each) => hex(each.key) === hex(key))?.audit).toEqual(WHOLE)
    }
  })
})

test('audit finds damage in one core of many', async () => {
  const store = await damagedStore((batch) => batch.deleteBlock(3))
  for (const index of range(20)) await write(store, `core ${index}`)
  const audits = await all(store.audit({ dryRun: true }))
  expect(audits).toHaveLength(21)
  expect(audits.filter(({ audit }) => audit?.droppedBits === 1)).toHaveLength(1)
  expect(audits.filter(({ audit }) => audit?.droppedBits === 0)).toHaveLength(20)
})

test('audit leaves out cores that are deleted meanwhile', async () => {
  const store = openStore()
  await Promise.all(range(300).map((index) => store.get({ name: `core ${index}` }).close()))
  let count = 0
  for await (const { key } of store.audit()) {
    expect(key).toHaveLength(32)
    if (count++ > 0) continue
    for (const index of range(300)) await store.delete({ name: `core ${index}` }, { compact: false })
  }
  expect(count).toBeLessThan(300)
})

test('audit in a read-only store only counts', async () => {
  const store = await damagedStore((batch) => batch.deleteBlock(3))
  const before = await recordsOf(store)
  expect(await auditOf(store.session({ readOnly: true }))).toMatchObject({ droppedBits: 1 })
  expect(await recordsOf(store)).toEqual(before)
})

test('audit may be left early, and leaves no session', async () => {
  const store = openStore()
  for (const index of range(3)) await write(store, `core ${index}`)
  for await (const { key } of store.audit()) {
    expect(key).toHaveLength(32)
    break
  }
  expect([...store.sessions]).toEqual([])
})

test('a store that is closed audits nothing', async () => {
  const store = openStore()
  await store.close()
  expect(() => store.audit()).toThrow(expect.objectContaining({ code: 'SESSION_CLOSED' }))
})

/** A store with one core, named `a`, of eight blocks and damaged. */
async function damagedStore(
  damage: (batch: CoreWriteBatch) => void,
  place: Place = newPlace(),
): Promise<Corestore> {
  const store = openStoreAt(place)
  const { discoveryKey } = await write(store, 'a')
  await damageCore(store, discoveryKey, damage)
  await store.close()
  const again = openStoreAt(place)
  await again.ready()
  return again
}

async function damageCore(
  store: Corestore,
  discoveryKey: Uint8Array | null,
  damage: (batch: CoreWriteBatch) => void,
): Promise<void> {
  const core = await store.storage.resumeCore(discoveryKey)
  const batch = core?.write()
  if (batch !== undefined) damage(batch)
  await batch?.flush()
  await core?.close()
}

/** Writes a named core of eight blocks, and closes it. */
async function write(store: Corestore, name: string): Promise<{ key: Uint8Array; discoveryKey: Uint8Array }> {
  const core = store.get({ name })
  await core.append(range(8).map((index) => `block ${index}`))
  await core.close()
  return keysOf(core)
}

async function all(audits: AsyncIterable<CoreAudit>): Promise<CoreAudit[]> {
  const found: CoreAudit[] = []
  for await (const audit of audits) found.push(audit)
  return found
}

/** The audit of the store's only core. */
async function auditOf(store: Corestore, options?: { dryRun: boolean }): Promise<AuditResult | null> {
  const [found, ...others] = await all(store.audit(options))
  expect(others).toEqual([])
  expect(found).toBeDefined()
  return found?.audit ?? null
}
