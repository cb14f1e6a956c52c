// Peers that have a core, and send wrong proofs of it. Nothing wrong is stored, what is asked of such a peer is bounded, and an honest peer
// serves all the same.

import type { Hypercore } from '@coreyard/hypercore-types'
import { expect, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { until } from '../helpers/events.js'
import { LIES, Liar } from '../helpers/liar.js'
import { openStore, range } from '../helpers/open-store.js'
import { connect } from '../helpers/streams.js'

const BLOCKS = 20
/** How many wrong answers a peer is asked for. */
const MOST_TOLD = 64
/** Turns of the event loop after which a peer counts as silent. */
const SILENT = 200

const lies = Object.entries(LIES)

test.each(lies)('an honest peer serves a core of which another one sends %s', async (_, lie) => {
  const { honest, key } = await writer()
  const liar = await Liar.learn(honest, key, BLOCKS)
  const store = openStore()
  const copy = store.get({ key })
  await copy.ready()
  copy.download({ start: 0, end: BLOCKS })
  liar.lieTo(store, lie)
  await until(() => liar.told > 0)
  connect(store, honest)
  await expectWhole(store, copy)
})

test.each(lies)('a peer that sends %s again and again is asked few times', async (_, lie) => {
  const { honest, key } = await writer()
  const liar = await Liar.learn(honest, key, BLOCKS)
  const store = openStore()
  const copy = store.get({ key })
  await copy.ready()
  copy.download({ start: 0, end: BLOCKS })
  liar.lieTo(store, lie)
  await until(() => liar.told > 0)
  await silence(liar)
  expect(liar.told).toBeLessThanOrEqual(MOST_TOLD)
  for (let index = 0; index < copy.length; index++) {
    if (await copy.has(index)) expect(await text(copy, index)).toBe(`block ${index}`)
  }
})

test('a core grows although a peer answers each of its upgrades wrongly', async () => {
  const { honest, core, key } = await writer()
  const store = openStore()
  const copy = store.get({ key })
  connect(store, honest)
  await copy.get(BLOCKS - 1)
  const liar = await Liar.learn(honest, key, BLOCKS)
  connect(liar.store, honest)
  const all = Object.values(LIES)
  liar.lieTo(store, (answer) => all[liar.told % all.length]?.(answer) ?? answer)
  for (const index of range(30)) {
    await core.append(`block ${BLOCKS + index}`)
    await copy.update()
    await copy.get(BLOCKS + index)
  }
  await expectWhole(store, copy, BLOCKS + 30)
})

test('a peer that names forks without end leaves few of them', async () => {
  const { honest, key } = await writer()
  const store = openStore()
  const copy = store.get({ key })
  connect(store, honest)
  await copy.get(0)
  const liar = await Liar.learn(honest, key, BLOCKS)
  connect(store, liar.store)
  await until(() => liar.core.peers.length > 0)
  const [peer] = liar.core.peers
  const { wireSync, wireData } = peer as unknown as Speaking
  const nothing = { block: null, hash: null, seek: null, upgrade: null, manifest: null }
  for (const index of range(2000)) {
    wireSync.send({ ...SYNC, fork: 1 + index })
    wireData.send({ request: 0, fork: 10_000 + index, ...nothing })
  }
  const { replicator } = store.cores.get(copy.discoveryKey ?? Buffer.alloc(0)) ?? {}
  const seen = () => replicator?.peers.some(({ remoteFork }) => remoteFork >= 1000) === true
  await until(() => seen() || liar.core.peers.length === 0)
  expect((replicator as unknown as Forks)._reorgs.length).toBeLessThanOrEqual(64)
  await expectWhole(store, copy)
})

/** What a peer says by hand. */
interface Speaking {
  readonly wireSync: { send(sync: object): unknown }
  readonly wireData: { send(answer: object): unknown }
}

interface Forks {
  readonly _reorgs: readonly unknown[]
}

const SYNC = {
  length: BLOCKS,
  remoteLength: 0,
  canUpgrade: true,
  uploading: true,
  downloading: true,
  hasManifest: true,
  allowPush: false,
}

/** An honest store with a core of some blocks. */
async function writer(): Promise<{ honest: Corestore; core: Hypercore; key: Uint8Array }> {
  const honest = openStore()
  const core = honest.get({ name: 'core' })
  await core.append(range(BLOCKS).map((index) => `block ${index}`))
  return { honest, core, key: core.key ?? new Uint8Array() }
}

/** Reads all blocks of a copy, and checks what is stored. */
async function expectWhole(store: Corestore, copy: Hypercore, length = BLOCKS): Promise<void> {
  const read = await Promise.all(range(length).map((index) => text(copy, index)))
  expect(read).toEqual(range(length).map((index) => `block ${index}`))
  expect(copy.fork).toBe(0)
  for await (const { audit } of store.audit({ dryRun: true })) {
    expect(audit).toMatchObject({ droppedTreeNodes: 0, droppedBlocks: 0, droppedBits: 0, corrupt: false })
  }
}

async function text(core: Hypercore, index: number): Promise<string> {
  return Buffer.from((await core.get(index)) ?? []).toString()
}

/** Waits until a peer is not asked any more. */
async function silence(liar: Liar): Promise<void> {
  let told = -1
  while (told !== liar.told && liar.told <= 10 * MOST_TOLD) {
    told = liar.told
    for (let turn = 0; turn < SILENT; turn++) await new Promise(setImmediate)
  }
}
