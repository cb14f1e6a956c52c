// Stores and streams of the tests, given back when the test has finished, and waiting for what a watch shows.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, type TransformCallback, type Writable } from 'node:stream'
import { Corestore, type StoreOptions } from '@coreyard/corestore'
import type { Hypercore, KeyPair, ReplicationStream } from '@coreyard/hypercore-types'
import RAM from 'random-access-memory'
import { onTestFinished } from 'vitest'
import {
  type CorePicture,
  type Observation,
  type PeerPicture,
  type WatchOptions,
  watch,
} from '../src/index.js'

/** A store in memory. */
export function openStore(options?: StoreOptions): Corestore {
  const store = new Corestore(RAM, options)
  onTestFinished(() => store.close())
  return store
}

/** A directory of its own. */
export function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'coreyard-inspector-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  return directory
}

/** A core with blocks. */
export async function write(store: Corestore, name: string, count = 1): Promise<Hypercore> {
  const core = store.get({ name })
  await core.append(Array.from({ length: count }, (_, index) => `block ${index}`))
  return core
}

/** Connects two stores by streams that they make. */
export function connect(
  one: Corestore,
  other: Corestore,
  keyPair?: KeyPair,
): [ReplicationStream, ReplicationStream] {
  const near = one.replicate(true, { keyPair })
  const far = other.replicate(false)
  near.pipe(far).pipe(near)
  return [near, far]
}

/** Passes bytes on until it is shut. */
class Gate extends PassThrough {
  #isShut = false

  shut(): void {
    this.#isShut = true
  }

  override _transform(chunk: unknown, encoding: BufferEncoding, callback: TransformCallback): void {
    if (!this.#isShut) super._transform(chunk, encoding, callback)
  }
}

/** Connects two stores. What the second one sends goes through the gate. */
export function connectThroughGate(one: Corestore, other: Corestore): Gate {
  const gate = new Gate()
  const [near, far] = [one.replicate(true), other.replicate(false)]
  near
    .pipe(far)
    .pipe(gate)
    .pipe(near as unknown as Writable)
  return gate
}

export function hex(bytes: Uint8Array | null): string {
  return Buffer.from(bytes ?? []).toString('hex')
}

export function keyOf({ key }: Hypercore): Uint8Array {
  if (key === null) throw new Error('The core is not open')
  return key
}

/** Watches a store until something holds, and gives what then was seen. */
export async function seen(
  store: Corestore,
  holds: (observation: Observation) => boolean,
  options: WatchOptions = {},
): Promise<Observation> {
  for await (const observation of watch(store, { interval: 10, ...options })) {
    if (holds(observation)) return observation
  }
  throw new Error('The watch ended')
}

export function coreOf({ picture }: Pick<Observation, 'picture'>, core: Hypercore): CorePicture | undefined {
  return picture.cores.find(({ discoveryKey }) => discoveryKey === hex(core.discoveryKey))
}

export function peerOf({ picture }: Pick<Observation, 'picture'>): PeerPicture | undefined {
  return picture.peers.find(({ publicKey }) => publicKey !== null)
}
