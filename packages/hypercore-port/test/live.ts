// Real cores in temporary directories, and streams between them, that are gone after the test.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type {
  Channel,
  Core,
  CoreOptions,
  CoreReplicator,
  CorestoreStorage,
  Hypercore as HypercoreSession,
  NoiseSecretStream,
  Peer,
  Protomux,
  SessionState,
} from '@coreyard/hypercore-types'
import SecretStream from '@hyperswarm/secret-stream'
import Hypercore from 'hypercore'
import crypto from 'hypercore-crypto'
import HypercoreStorage from 'hypercore-storage'
import { afterEach } from 'vitest'
import { type CoreCalls, type KnownCore, openCore } from '../src/index.js'

const closers: (() => unknown)[] = []

/** Closes what was made last first. After each test, or earlier. */
export async function closeAll(): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close()
}

afterEach(closeAll)

/** Has something closed after the test. */
export function later(close: () => unknown): void {
  closers.push(close)
}

/** A directory that is removed after the test. */
export async function directory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'hypercore-port-'))
  later(() => rm(path, { recursive: true, force: true }))
  return path
}

/** A storage that is closed after the test. */
export async function storage(): Promise<CorestoreStorage> {
  const made = new HypercoreStorage(await directory())
  later(() => made.close())
  return made
}

export const CALLS: CoreCalls = {
  created: () => {},
  idle: () => {},
  downloading: () => {},
  groupUpdated: () => {},
  purge: async () => {},
}

/**
 * A core without a session: a new one that can be written, or that of a key.
 *
 * @param calls `null` leaves the core as Hypercore makes it
 */
export async function newCore(
  options: Omit<CoreOptions, 'discoveryKey'> = {},
  calls: Partial<CoreCalls> | null = {},
): Promise<KnownCore> {
  const keyPair = options.key ? null : crypto.keyPair()
  const manifest = keyPair && { version: 1, signers: [{ publicKey: keyPair.publicKey }] }
  const key = options.key ?? (manifest && Hypercore.key(manifest)) ?? new Uint8Array(32)
  const given = { keyPair, manifest, ...options, key, discoveryKey: Hypercore.discoveryKey(key) }
  const db = await storage()
  const core =
    calls === null
      ? (Hypercore.createCore(db, given) as KnownCore)
      : openCore(db, given, async (error) => error, { ...CALLS, ...calls })
  later(async () => {
    await core.closeAllSessions()
    await core.close().catch(() => {}) // one that could not open does not close either
  })
  return core
}

/** A session of a core, closed after the test. */
export function session(core: Core, options: object = {}): HypercoreSession {
  const made = new Hypercore(null, { core, ...options })
  later(() => made.close())
  return made
}

/** A core that can be written, and a copy of it on another peer, which are connected. */
export interface Pair {
  readonly core: KnownCore
  readonly writer: HypercoreSession
  readonly copy: KnownCore
  readonly reader: HypercoreSession
  /** Of the writer. */
  readonly muxer: Protomux
}

/**
 * @param before called before the two are connected
 * @param calls `null` leaves the core as Hypercore makes it
 */
export async function connectedPair(
  before: (core: KnownCore) => void = () => {},
  calls: Partial<CoreCalls> | null = {},
): Promise<Pair> {
  const core = await newCore({}, calls)
  before(core)
  await core.ready()
  const copy = await newCore({ key: core.key })
  const [writer, reader] = [session(core), session(copy)]
  await Promise.all([writer.ready(), reader.ready()])
  const [left, right] = [writer.replicate(true), reader.replicate(false)]
  left.pipe(right).pipe(left)
  later(() => {
    left.destroy()
    right.destroy()
  })
  return { core, writer, copy, reader, muxer: Hypercore.getProtocolMuxer(left) }
}

/** One of each of Hypercore's objects, of a core that has a peer. */
export interface LiveObjects {
  readonly Hypercore: HypercoreSession
  readonly Core: Core
  readonly Replicator: CoreReplicator
  readonly BlockTracker: object
  readonly InflightTracker: object
  readonly SessionState: SessionState
  readonly Mutex: object
  readonly Peer: Peer
  readonly ReplicationStats: object
  readonly Channel: Channel
  readonly Message: object
  readonly Protomux: Protomux
  readonly NoiseStream: object
  readonly CorestoreStorage: object
  readonly CoreStorage: object
  readonly CoreWriteBatch: object
  readonly RocksDB: object
  readonly RocksDBState: object
  readonly RocksDBWriteBatch: object
}

/** What a core has of the objects of which members are relied on. */
export async function liveObjects(): Promise<LiveObjects> {
  const { core, writer, reader, muxer } = await connectedPair(() => {}, null)
  await writer.append('a')
  await reader.get(0)
  const [peer] = core.replicator.peers
  const { state } = core
  const { rocks } = core.db
  const batch = rocks.write({ autoDestroy: true })
  batch.destroy() // else the database would not close
  const message = peer?.channel.messages[0]
  if (peer === undefined || message === undefined || state === null)
    throw new Error('The core is open and has a peer')
  return {
    Hypercore: writer,
    Core: core,
    Replicator: core.replicator,
    BlockTracker: Reflect.get(core.replicator, '_blocks'),
    InflightTracker: Reflect.get(core.replicator, '_inflight'),
    SessionState: state,
    Mutex: state.mutex,
    Peer: peer,
    ReplicationStats: core.replicator.stats,
    Channel: peer.channel,
    Message: message,
    Protomux: muxer,
    NoiseStream: muxer.stream,
    CorestoreStorage: core.db,
    CoreStorage: state.storage,
    CoreWriteBatch: state.storage.write(),
    RocksDB: rocks,
    RocksDBState: Reflect.get(rocks, '_state'),
    RocksDBWriteBatch: batch,
  }
}

/** The two ends of an encrypted connection, destroyed after the test. */
export function connection(): [NoiseSecretStream, NoiseSecretStream] {
  const near = new SecretStream(true)
  const far = new SecretStream(false)
  for (const end of [near, far]) {
    end.on('error', () => {}) // until a muxer listens, it would be thrown
    later(() => end.destroy())
  }
  near.rawStream.pipe(far.rawStream).pipe(near.rawStream)
  return [near, far]
}

/** Waits until a condition holds, which no event tells of. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}
