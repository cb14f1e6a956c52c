// What a peer has been told survives a power cut: a store syncs first. The disks lose power at any call.

import type { Hypercore } from '@coreyard/hypercore-types'
import { PowerCut, random } from '@coreyard/random-access-kv/test'
import crypto from 'hypercore-crypto'
import Protomux from 'protomux'
import { Transform } from 'streamx'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Corestore, type StoreOptions } from '../../src/index.js'
import { next, until } from '../helpers/events.js'
import { range } from '../helpers/open-store.js'
import { tellSeed } from '../helpers/seed.js'
import { connect, reads } from '../helpers/streams.js'

/** A disk on which syncs end when the test says so. */
class HeldDisk extends PowerCut {
  readonly #held: (() => void)[] = []
  isHeld = false
  syncs = 0

  override sync(callback: (error: Error | null) => void): void {
    this.syncs++
    const sync = () => super.sync(callback)
    if (this.isHeld) this.#held.push(sync)
    else sync()
  }

  release(): void {
    this.isHeld = false
    for (const sync of this.#held.splice(0)) sync()
  }

  /** What a crash of the process leaves. */
  image(): Uint8Array {
    let bytes = new Uint8Array(0)
    this.stat((_, { size }) => this.read(0, size, (_, data) => (bytes = Uint8Array.from(data))))
    return bytes
  }

  get isAsked(): boolean {
    return this.#held.length > 0
  }
}

const CUTS = 100
/** The power goes at one of so many writes, truncations and syncs. */
const CALLS = 60

test('a writer that lost power has every block that a peer has, for each of 100 power cuts', async () => {
  const draw = random(tellSeed())
  for (const _ of range(CUTS)) {
    const disk = new PowerCut(new Uint8Array(0), Math.floor(draw() * CALLS), draw() * 2 ** 32)
    const writer = new Corestore(() => disk)
    writer.on('warning', () => {}) // of each sync without power
    const reader = new Corestore(() => new PowerCut(new Uint8Array(0), Number.POSITIVE_INFINITY, 0))
    const core = writer.get({ name: 'log' })
    try {
      await core.ready()
      connect(writer, reader)
      const copy = reader.get(core.key ?? new Uint8Array(32))
      copy.download({ start: 0, end: -1 })
      for (const index of range(30)) {
        await core.append(`block ${index}`)
        if (draw() < 0.5) await new Promise(setImmediate)
        if (draw() < 0.1) await core.truncate(core.length - 1)
      }
      await until(() => copy.contiguousLength === core.length || disk.isCut)
    } catch (error) {
      if (!disk.isCut) throw error
    }
    const held = [...reader.cores][0]
    const { length = 0, fork = 0 } = held?.state ?? {}
    await Promise.allSettled([writer.close(), reader.close()])

    const rebooted = new Corestore(() => new PowerCut(disk.survivors(), Number.POSITIVE_INFINITY, 0))
    const kept = rebooted.get({ name: 'log' })
    await kept.ready()
    expect(kept.fork).toBeGreaterThanOrEqual(fork)
    if (kept.fork === fork) expect(kept.length).toBeGreaterThanOrEqual(length)
    await rebooted.close()
  }
})

test('a block reaches a peer after its sync, and an append resolves while the sync takes long', async () => {
  const { disk, writer, core, copy } = await connected()
  disk.isHeld = true

  await core.append('a')
  await until(() => disk.isAsked)
  await turns(100)
  expect([core.length, copy.length]).toEqual([1, 0])

  disk.release()
  await reads(copy, 'a')
  expect(writer.closed).toBe(false)
})

test('an append resolves after its sync while there is a peer', async () => {
  const { disk, core } = await connected()
  const before = disk.syncs
  await core.append('a')
  expect(disk.syncs).toBeGreaterThan(before)
})

test('a peer hears of the last append before the store closes', async () => {
  const { disk, writer, core, copy } = await connected()
  await until(() => copy.peers.length > 0)
  const [peer] = copy.peers
  disk.isHeld = true
  await core.append('a')
  await until(() => disk.isAsked)
  const closing = writer.close()
  await turns(100)
  expect(peer?.remoteLength).toBe(0)

  disk.release()
  await closing
  await until(() => peer?.remoteLength === 1)
})

test('a store closes although it cannot sync what its peers are to hear', async () => {
  const { disk, writer, core, copy } = await connected()
  writer.on('warning', () => {})
  disk.failingSyncs = Number.POSITIVE_INFINITY
  await core.append('a')
  await writer.close().catch(() => {}) // it says that the disk failed
  expect([writer.closed, copy.length]).toEqual([true, 0])
})

test('a suspended store closes, although its peers are still to hear of a write', async () => {
  const { disk, writer, core } = await connected()
  const warned = next(writer, 'warning')
  disk.failingSyncs = 1
  await core.append('a')
  await warned
  // The next attempt is a second away, and would wait for the store to resume.
  disk.failingSyncs = 0
  await writer.suspend()
  await writer.close().catch(() => {}) // it may say that a sync has failed before
  expect(writer.closed).toBe(true)
})

test('an append without a peer does not sync', async () => {
  const disk = new HeldDisk(new Uint8Array(0), Number.POSITIVE_INFINITY, 0)
  const core = storeOn(disk).get({ name: 'log' })
  await core.append('a')
  const before = disk.syncs
  await core.append('b')
  expect(disk.syncs).toBe(before)
})

test('a truncation reaches a peer after its sync', async () => {
  const { disk, core, copy } = await connected()
  await core.append(['a', 'b'])
  await reads(copy, 'b', 1)
  disk.isHeld = true

  await core.truncate(1)
  await until(() => disk.isAsked)
  await turns(100)
  expect([copy.length, copy.fork]).toEqual([2, 0])

  const truncated = next(copy, 'truncate')
  disk.release()
  await truncated
  expect([copy.length, copy.fork]).toEqual([1, 1])
})

test('a block waits while syncs fail, with a warning, and reaches a peer after one that succeeds', async () => {
  const { disk, writer, core, copy } = await connected()
  disk.failingSyncs = 1
  const warned = next(writer, 'warning')

  await core.append('a')
  expect((await warned)[0].message).toContain('EIO')
  expect(copy.length).toBe(0)

  disk.failingSyncs = 0
  await reads(copy, 'a')
})

test('many appends share a sync', async () => {
  const { disk, core, copy } = await connected()
  disk.isHeld = true
  const before = disk.syncs
  for (const index of range(200)) await core.append(`${index}`)
  disk.release()
  await reads(copy, '199', 199)
  expect(disk.syncs - before).toBeLessThan(20)
})

test('what appends tell a peer is one message of each kind while a sync takes long', async () => {
  const { disk, core, copy } = await connected()
  await core.append('first')
  await reads(copy, 'first')
  disk.isHeld = true
  const [peer] = copy.peers
  const before = { ...peer?.stats.wireRange }.rx ?? 0
  for (const index of range(2000)) await core.append(`${index}`)
  disk.release()
  await reads(copy, '1999', 2000)
  expect((peer?.stats.wireRange.rx ?? 0) - before).toBeLessThan(100)
})

test('a peer that wants a core which has just closed reads it, although its sync takes long', async () => {
  const disk = new HeldDisk(new Uint8Array(0), Number.POSITIVE_INFINITY, 0)
  const writer = storeOn(disk, { cacheSize: 1, idleTimeout: Infinity })
  const reader = storeOn(new HeldDisk(new Uint8Array(0), Number.POSITIVE_INFINITY, 0))
  let arrives = Promise.resolve()
  const link = new Transform({ transform: (data, callback) => void arrives.then(() => callback(null, data)) })
  const [near, far] = [writer.replicate(true), reader.replicate(false)]
  link.on('error', () => {}) // it ends with the stores
  near.pipe(link).pipe(far).pipe(near)
  await Promise.all([near.noiseStream.opened, far.noiseStream.opened])

  // What the writer says arrives when the reader has the core, and what the reader says in one packet when the core has closed.
  let release = () => {}
  arrives = new Promise((resolve) => {
    release = resolve
  })
  const core = writer.get({ name: 'log' })
  await core.append('a')
  disk.isHeld = true
  const copy = reader.get(keyOf(core))
  const muxer = Protomux.from(far.noiseStream)
  muxer.cork()
  await copy.ready()
  release()
  await until(() => copy.peers.length > 0)
  const closed = next(writer, 'core-close')
  await core.close()
  await writer.get({ name: 'other' }).close()
  await closed
  muxer.uncork()

  await until(() => disk.isAsked)
  disk.release()
  await reads(copy, 'a')
})

test('few blocks are read for a peer while its answers wait for a sync', async () => {
  const { disk, writer, core } = await connected()
  await core.append(range(300).map((index) => `block ${index}`))
  const reader = storeOn(new HeldDisk(new Uint8Array(0), Number.POSITIVE_INFINITY, 0))
  connect(writer, reader)
  const copy = reader.get({ key: keyOf(core), inflightRange: [300, 300] })
  await reads(copy, 'block 0')
  disk.isHeld = true
  await core.append('later')
  let answers = 0
  core.on('upload', () => answers++)
  const whole = Promise.all(range(300).map((index) => copy.get(index)))
  await until(() => answers >= 64)
  await turns(100)
  expect(answers).toBe(64)

  disk.release()
  await whole
  expect(answers).toBeGreaterThanOrEqual(299)
})

test('a core of another writer is passed on without a sync', async () => {
  const { core, copy, reader, readerDisk } = await connected()
  await core.append('a')
  await reads(copy, 'a')
  const third = storeOn(new HeldDisk(new Uint8Array(0), Number.POSITIVE_INFINITY, 0))
  connect(reader, third)
  const before = readerDisk.syncs

  await reads(third.get(keyOf(core)), 'a')
  expect(readerDisk.syncs).toBe(before)
})

test('a core that was opened after a crash of its process is told to peers after a sync', async () => {
  const first = new HeldDisk(new Uint8Array(0), Number.POSITIVE_INFINITY, 0)
  const crashed = storeOn(first)
  await crashed.get({ name: 'log' }).append('a')
  const { disk, core, copy } = await connected(first.image())
  expect(core.length).toBe(1)
  await reads(copy, 'a')
  expect(disk.syncs).toBeGreaterThan(0)
})

test('a read-only store tells peers after a sync of what a process wrote that has crashed', async () => {
  const first = new HeldDisk(new Uint8Array(0), Number.POSITIVE_INFINITY, 0)
  const core = storeOn(first).get({ name: 'log' })
  await core.append('a')
  const disk = new HeldDisk(first.image(), Number.POSITIVE_INFINITY, 0)
  const reading = storeOn(disk, { readOnly: true })
  const reader = storeOn(new HeldDisk(new Uint8Array(0), Number.POSITIVE_INFINITY, 0))
  disk.isHeld = true
  connect(reading, reader)
  const copy = reader.get(keyOf(core))
  await until(() => disk.isAsked)
  await turns(100)
  expect(copy.length).toBe(0)

  disk.release()
  await reads(copy, 'a')
})

describe('a core that has no key pair with it', () => {
  const signer = crypto.keyPair(Buffer.alloc(32, 7))
  const identity = { manifest: { version: 1, signers: [{ publicKey: signer.publicKey }] } }
  const writes: readonly [string, (core: Hypercore, store: Corestore) => Promise<unknown>][] = [
    ['an append with a key pair', (core) => core.append('c', { keyPair: signer })],
    ['an append with a signature', async (core) => core.append('c', { signature: await signatureOfC() })],
    ['a truncation with a key pair', (core) => core.truncate(1, { keyPair: signer })],
    ['an append of a session with a key pair', (core) => core.session({ keyPair: signer }).append('c')],
    [
      'a commit with a key pair',
      async (core) => {
        const draft = core.session({ name: 'draft' })
        await draft.append('c')
        await core.commit(draft, { keyPair: signer })
        await draft.close()
      },
    ],
    [
      'an atomic append with a key pair',
      async (core, store) => {
        const atom = store.storage.createAtom()
        const session = core.session({ atom })
        await session.append('c', { keyPair: signer })
        await atom.flush()
        await session.close()
      },
    ],
  ]

  async function connectedWithBlock() {
    const disk = new HeldDisk(new Uint8Array(0), Number.POSITIVE_INFINITY, 0)
    const writer = storeOn(disk)
    const core = writer.get(identity)
    await core.append(['a', 'b'], { keyPair: signer })
    const reader = storeOn(new HeldDisk(new Uint8Array(0), Number.POSITIVE_INFINITY, 0))
    connect(writer, reader)
    const copy = reader.get(keyOf(core))
    await reads(copy, 'b', 1)
    return { disk, writer, core, copy }
  }

  /** The signature of the core with the blocks `a`, `b` and `c`. */
  async function signatureOfC(): Promise<Uint8Array> {
    const core = storeOn(new HeldDisk(new Uint8Array(0), Number.POSITIVE_INFINITY, 0)).get(identity)
    await core.append(['a', 'b', 'c'], { keyPair: signer })
    return core.state?.signature ?? new Uint8Array(0)
  }

  test.each(writes)('tells a peer of %s after its sync', async (_, write) => {
    const { disk, writer, core, copy } = await connectedWithBlock()
    disk.isHeld = true

    await write(core, writer)
    await until(() => disk.isAsked || copy.length !== 2 || copy.fork !== 0)
    await turns(100)
    expect([copy.length, copy.fork]).toEqual([2, 0])

    disk.release()
    await until(() => copy.length === core.length && copy.fork === core.fork)
  })

  test('tells a peer after a sync, when it was written, closed and opened again for that peer', async () => {
    const { disk, writer, core, copy } = await connectedWithBlock()
    const key = keyOf(core)
    disk.isHeld = true
    await core.append('c', { keyPair: signer })
    await core.close()
    const reader = storeOn(new HeldDisk(new Uint8Array(0), Number.POSITIVE_INFINITY, 0))
    connect(writer, reader)
    const other = reader.get(key)
    await until(() => disk.isAsked || other.length > 0)
    await turns(100)
    expect([copy.length, other.length]).toEqual([2, 0])

    disk.release()
    await reads(other, 'c', 2)
  })
})

/** A writer on a disk of its own with a core, and a reader that has it, connected. */
async function connected(image: Uint8Array = new Uint8Array(0)) {
  const disk = new HeldDisk(image, Number.POSITIVE_INFINITY, 0)
  const readerDisk = new HeldDisk(new Uint8Array(0), Number.POSITIVE_INFINITY, 0)
  const [writer, reader] = [storeOn(disk), storeOn(readerDisk)]
  const core = writer.get({ name: 'log' })
  await core.ready()
  connect(writer, reader)
  const copy = reader.get(keyOf(core))
  await copy.ready()
  await until(() => core.peers.length > 0)
  return { disk, readerDisk, writer, reader, core, copy }
}

function storeOn(disk: HeldDisk, options: StoreOptions = {}): Corestore {
  const store = new Corestore(() => disk, options)
  onTestFinished(() => {
    disk.release()
    return store.close()
  })
  return store
}

function keyOf({ key }: Hypercore): Uint8Array {
  if (key === null) throw new Error('The core is not open')
  return key
}

/** So many turns of the event loop: more than a message takes where nothing holds it. */
async function turns(count: number): Promise<void> {
  for (const _ of range(count)) await new Promise(setImmediate)
}
