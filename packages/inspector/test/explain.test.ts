// `explain`: each answer, provoked.

import { randomBytes } from 'node:crypto'
import { Corestore, type StoreOptions } from '@coreyard/corestore'
import type { Hypercore } from '@coreyard/hypercore-types'
import { expect, onTestFinished, test } from 'vitest'
import { type Explanation, explain, type FindingCode } from '../src/index.js'
import { connect, connectThroughGate, hex, keyOf, newDirectory, openStore, seen, write } from './stores.js'

test('a core that is here as a whole, at a peer as well, has no problem', async () => {
  const { writer, reader, copy } = await pair(3)
  connect(writer, reader)
  for (let index = 0; index < 3; index++) await copy.get(index)
  const explanation = await answer(reader, copy, 'COMPLETE')
  expect(explanation.problem).toBeNull()
  expect(explanation.findings.map(({ code }) => code)).toEqual([
    'NOT_SUSPENDED',
    'DISK_HAS_SPACE',
    'STORED',
    'NO_CONFLICT',
    'OPEN',
    'ACTIVE',
    'ENCRYPTION',
    'CONNECTED',
    'HANDSHAKE_DONE',
    'NOT_REFUSED',
    'CHANNEL_OPEN',
    'SAME_FORK',
    'COMPLETE',
  ])
})

test('a suspended store is the problem', async () => {
  const store = new Corestore(newDirectory())
  onTestFinished(() => store.close())
  const core = await write(store, 'a')
  await store.suspend()
  await problemOf(store, core, 'SUSPENDED')
})

test('a core that was never opened here is not stored', async () => {
  const { writer, core } = await pair()
  await problemOf(openStore(), core, 'NOT_STORED')
  await writer.ready()
})

test('a discovery key in the place of the key is recognised', async () => {
  const store = openStore()
  const core = await write(store, 'a')
  const { problem, key } = await explain(store, core.discoveryKey ?? expect.fail('not open'))
  expect([problem?.code, key]).toEqual(['IS_DISCOVERY_KEY', null])
})

test('a stored core that is not open is reported as not open, and as requested by no peer', async () => {
  const store = openStore({ idleTimeout: 0 })
  const core = await write(store, 'a')
  const key = keyOf(core)
  await core.close()
  await seen(store, ({ picture }) => picture.cores.length === 0)
  connect(store, openStore())
  await seen(store, ({ picture }) => picture.peers.some(({ publicKey }) => publicKey !== null))
  const { problem, findings } = await explain(store, key)
  expect(findings.find(({ code }) => code === 'NOT_OPEN')).toMatchObject({ status: 'note' })
  expect(problem?.code).toBe('NOT_ATTACHED')
})

test('a core whose sessions are not active is said to be so', async () => {
  const store = openStore({ active: false })
  const core = await write(store, 'a')
  await connected(store, openStore())
  const { problem, findings } = await explain(store, keyOf(core))
  expect(findings.find(({ code }) => code === 'NOT_ACTIVE')).toMatchObject({ status: 'note' })
  expect(problem?.code).toBe('NOT_ATTACHED')
})

test('a store without a connection has none, and one with others has none to a peer', async () => {
  const store = openStore()
  const core = await write(store, 'a')
  await problemOf(store, core, 'NO_CONNECTION')
  await connected(store, openStore())
  const { problem } = await explain(store, keyOf(core), randomBytes(32))
  expect(problem).toMatchObject({ code: 'NO_CONNECTION', sentence: 'No stream leads to the peer.' })
})

test('a stream that leads nowhere has not done its handshake', async () => {
  const store = openStore()
  const core = await write(store, 'a')
  store.replicate(true)
  await problemOf(store, core, 'NO_HANDSHAKE')
})

test('a core that authorize refuses is refused by it, for the peer that was asked about', async () => {
  const { writer, reader, core } = await pair(1, { replicator: { authorize: () => false } })
  const [, far] = connect(writer, reader)
  const explanation = await until(writer, core, 'REFUSED_BY_AUTHORIZE')
  expect(explanation.problem?.evidence.peer).toBe(hex(far.noiseStream.publicKey))
  const { problem } = await explain(writer, keyOf(core), far.noiseStream.publicKey)
  expect(problem?.code).toBe('REFUSED_BY_AUTHORIZE')
})

test('a decision of authorize that does not come is waited for', async () => {
  const { writer, reader, core, copy } = await pair(1, {
    active: false,
    replicator: { authorize: () => new Promise(() => {}) },
  })
  connect(writer, reader)
  copy.get(0).catch(() => {}) // ends with the store
  await until(writer, core, 'AUTHORIZE_UNDECIDED')
})

test('a core that waits for capacity is said to wait', async () => {
  const writer = openStore({ cacheSize: 0, idleTimeout: 0 })
  const reader = openStore()
  // One more than a store keeps open for its peers at least.
  const cores = await Promise.all(Array.from({ length: 65 }, (_, index) => write(writer, `${index}`)))
  const keys = cores.map(keyOf)
  await Promise.all(cores.map((core) => core.close()))
  await seen(writer, ({ picture }) => picture.cores.length === 0)
  connect(writer, reader)
  for (const key of keys) reader.get(key)
  const { picture } = await seen(writer, (observation) => {
    const reasons = observation.picture.peers.flatMap(({ refused }) => refused.map(({ reason }) => reason))
    return reasons.includes('capacity')
  })
  const [waits] = picture.peers.flatMap(({ refused }) => refused)
  const waiting = cores.find(({ discoveryKey }) => hex(discoveryKey) === waits?.discoveryKey)
  const { findings } = await explain(writer, keyOf(waiting ?? expect.fail('no core waits')))
  // It may have had its turn since.
  expect(findings.map(({ code }) => code)).toEqual(expect.arrayContaining(['HANDSHAKE_DONE']))
  expect(['WAITS_FOR_CAPACITY', 'NOT_REFUSED']).toContain(findings[9]?.code)
})

test('a peer that has as many cores as it may have is at its limit', async () => {
  const writer = openStore({ replicator: { maxAttached: 1 } })
  const [first, second] = [await write(writer, 'first'), await write(writer, 'second')]
  await connected(writer, openStore())
  const codes = await Promise.all(
    [first, second].map(async (core) => (await explain(writer, keyOf(core))).problem?.code),
  )
  expect(codes).toContain('PEER_AT_LIMIT')
})

test('an authorize that throws has failed, or refused', async () => {
  const { writer, reader, core, copy } = await pair(1, {
    active: false,
    replicator: {
      authorize: () => {
        throw new Error('no')
      },
    },
  })
  connect(writer, reader)
  copy.get(0).catch(() => {}) // ends with the store
  await until(writer, core, 'ANSWER_FAILED')
})

test('a core that the peer does not have has no channel there', async () => {
  const store = openStore()
  const core = await write(store, 'a')
  await connected(store, openStore())
  await until(store, core, 'PEER_HAS_NO_CHANNEL')
})

test('a peer that has not answered yet is waited for', async () => {
  const { writer, reader, copy } = await pair(1, {
    active: false,
    replicator: { authorize: () => new Promise(() => {}) },
  })
  connect(writer, reader)
  copy.get(0).catch(() => {}) // ends with the store
  await until(reader, copy, 'PEER_NOT_ANSWERED')
})

test('two histories of a core are a conflict', async () => {
  const primaryKey = randomBytes(32)
  const [one, other] = [openStore({ primaryKey }), openStore({ primaryKey })]
  const core = one.get({ name: 'a' })
  await core.append(['same', 'of one'])
  await other.get({ name: 'a' }).append(['same', 'of other', 'more'])
  const conflict = new Promise((resolve) => one.once('conflict', resolve))
  connect(one, other)
  await conflict
  await problemOf(one, core, 'CONFLICT')
})

test('a core of which nothing is asked is said to be so', async () => {
  const { writer, reader, copy } = await pair(5)
  connect(writer, reader)
  await copy.update({ wait: true })
  const { problem, findings } = await until(reader, copy, 'NOTHING_ASKED')
  expect(problem).toBeNull()
  expect(findings.at(-1)?.evidence).toMatchObject({ total: 5, have: 0, want: 0 })
})

test('a block that no connected peer has is reported as such', async () => {
  const { writer, reader, core, copy } = await pair(5)
  await core.clear(2)
  connect(writer, reader)
  await copy.update({ wait: true })
  copy.get(2).catch(() => {}) // ends with the store
  await until(reader, copy, 'NO_PEER_HAS_IT')
})

test('a request that is not answered in time has stalled, and before it blocks are on their way', async () => {
  const { writer, reader, copy } = await pair(2)
  const gate = connectThroughGate(writer, reader)
  await copy.get(0)
  gate.shut() // the writer hears nothing more
  copy.get(1).catch(() => {}) // ends with the store
  const patient = await until(reader, copy, 'RECEIVING')
  expect(patient.problem).toBeNull()
  for (;;) {
    const { problem } = await explain(reader, keyOf(copy), null, { patience: 0 })
    if (problem?.code === 'STALLED') break
    await new Promise(setImmediate)
  }
})

test('a core that was truncated here has a peer on the older history, and there it is behind', async () => {
  const { writer, reader, core, copy } = await pair(3)
  const streams = connect(writer, reader)
  await copy.get(0)
  for (const stream of streams) stream.destroy()
  await core.truncate(1)
  const other = openStore()
  const kept = other.get({ key: keyOf(core), allowFork: false })
  connect(reader, other)
  await kept.get(0)
  connect(writer, other)
  await until(other, kept, 'SAME_FORK')
  const codes = new Set<FindingCode>()
  for (;;) {
    const { findings } = await explain(writer, keyOf(core))
    for (const { code } of findings) codes.add(code)
    if (codes.has('PEER_ON_OLDER_FORK')) break
    await new Promise(setImmediate)
  }
})

test.each([
  [
    'a key that is none',
    'key',
    'key must be 32 bytes, hex or z32, not a string of 3 characters that is neither',
  ],
  ['bytes of the wrong length', new Uint8Array(31), 'not 31 bytes'],
  ['nothing', undefined, 'not undefined'],
])('%s is refused', async (_, key, message) => {
  const explaining = explain(openStore(), key as string)
  await expect(explaining).rejects.toMatchObject({
    code: 'BAD_ARGUMENT',
    message: expect.stringContaining(message),
  })
})

test('a peer that is none, a wrong option and a closed store are refused', async () => {
  const store = openStore()
  const key = randomBytes(32)
  await expect(explain(store, key, 'peer')).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
  await expect(explain(store, key, null, { patience: -1 })).rejects.toThrow(
    'patience must be milliseconds from 0, not -1',
  )
  await store.close()
  await expect(explain(store, key)).rejects.toMatchObject({ code: 'STORE_CLOSED' })
})

test('a key may be given as hex or z32, and an explanation survives JSON', async () => {
  const store = openStore()
  const core = await write(store, 'a')
  const asBytes = await explain(store, keyOf(core))
  expect(await explain(store, hex(core.key))).toEqual(asBytes)
  expect(await explain(store, core.id ?? expect.fail('not open'))).toEqual(asBytes)
  expect(JSON.parse(JSON.stringify(asBytes))).toEqual(asBytes)
})

/** A store with a core of some blocks, and another one that has opened it. */
async function pair(
  count = 1,
  options: StoreOptions = {},
): Promise<{ writer: Corestore; reader: Corestore; core: Hypercore; copy: Hypercore }> {
  const [writer, reader] = [openStore(options), openStore()]
  const core = await write(writer, 'a', count)
  const copy = reader.get(keyOf(core))
  await copy.ready()
  return { writer, reader, core, copy }
}

/** Connects two stores, and waits until their handshake is done. */
async function connected(one: Corestore, other: Corestore): Promise<void> {
  connect(one, other)
  await seen(one, ({ picture }) => picture.peers.some(({ publicKey }) => publicKey !== null))
}

async function problemOf(store: Corestore, core: Hypercore, code: FindingCode): Promise<void> {
  const { problem, findings } = await explain(store, keyOf(core))
  expect(problem).toMatchObject({ code, status: 'problem' })
  expect(problem?.remedy).toMatch(/\.$/)
  expect(findings.at(-1)).toBe(problem)
}

async function answer(store: Corestore, core: Hypercore, code: FindingCode): Promise<Explanation> {
  const explanation = await explain(store, keyOf(core))
  expect(explanation.findings.map((finding) => finding.code)).toContain(code)
  return explanation
}

/** Calls `explain` until it finds `code`: no event announces that. */
async function until(store: Corestore, core: Hypercore, code: FindingCode): Promise<Explanation> {
  for (;;) {
    const explanation = await explain(store, keyOf(core))
    if (explanation.findings.some((finding) => finding.code === code)) return explanation
    await new Promise(setImmediate)
  }
}
