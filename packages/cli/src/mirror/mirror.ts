// A mirror: a blind-peer on a store, which keeps cores for others, and serves them to peers that have their keys.
//
// It relies on options of blind-peer: `store` and `swarm`, which then are the caller's to replicate and to close. test/blind-peer.test.ts
// checks what else it relies on.

import { EventEmitter } from 'node:events'
import { access } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Corestore } from '@coreyard/corestore'
import type { NoiseSecretStream } from '@coreyard/hypercore-types'
import type BlindPeer from 'blind-peer'
import type { BlindPeerSwarm } from 'blind-peer'
import type Hyperswarm from 'hyperswarm'
import { CommandError, ExitCode } from '../errors.js'
import { hex } from '../key.js'
import { withSwarm } from '../network.js'
import type { NetworkOptions } from '../network-options.js'
import { MIRROR_RECORDS, withNewStore } from '../new-store.js'
import { Admission, type OnRefusal } from './admission.js'

export interface MirrorOptions extends NetworkOptions {
  readonly maxBytes: number
  /** 32 bytes each: whose cores are announced, and not cleared. */
  readonly trusted: readonly Uint8Array[]
  /** Whether no other peer may place cores. */
  readonly onlyTrusted: boolean
  readonly onRefusal: OnRefusal
  /** Told when the records cannot be written. */
  readonly onProblem: (error: Error) => void
}

export interface Mirror {
  /** 32 bytes, by which peers connect: always the same for one store. */
  readonly publicKey: Uint8Array
  readonly swarm: Hyperswarm
  readonly peer: BlindPeer
}

/** As blind-peer derives the key pair of a store that it was given none for. */
const KEY_PAIR = 'blind-mirror-swarm'

const MOST_CONNECTIONS = 1024

/** Calls `use` with the store of a mirror, as `withNewStore` does. */
export function withMirrorStore<T>(
  directory: string,
  use: (store: Corestore, keep: () => void) => Promise<T>,
): Promise<T> {
  return withNewStore(directory, { active: false }, async (store, keep) => {
    await expectMirror(store, directory)
    return use(store, keep)
  })
}

/** Runs a mirror on its store for as long as `use` takes. */
export async function withMirror<T>(
  store: Corestore,
  directory: string,
  options: MirrorOptions,
  use: (mirror: Mirror) => Promise<T>,
): Promise<T> {
  const keyPair = await store.createKeyPair(KEY_PAIR)
  const { bootstrap, signal } = options
  const network = { bootstrap, signal, keyPair, maxServerConnections: MOST_CONNECTIONS }
  return withSwarm(store, network, (swarm) => whileServed(store, swarm, recordsOf(directory), options, use))
}

function recordsOf(directory: string): string {
  return join(resolve(directory), MIRROR_RECORDS)
}

async function whileServed<T>(
  store: Corestore,
  swarm: Hyperswarm,
  records: string,
  { maxBytes, trusted, onlyTrusted, onRefusal, onProblem }: MirrorOptions,
  use: (mirror: Mirror) => Promise<T>,
): Promise<T> {
  // It takes longer to import than most commands take.
  const { default: BlindPeer } = await import('blind-peer')
  const trustedKeys = new Set(trusted.map(hex))
  const isTrusted = ({ remotePublicKey }: NoiseSecretStream) =>
    remotePublicKey !== null && trustedKeys.has(hex(remotePublicKey))
  const peer = new BlindPeer(records, {
    store,
    swarm: placingSwarm(swarm, (connection) => !onlyTrusted || isTrusted(connection)),
    maxBytes,
    trustedPubKeys: trusted,
  })
  new Admission(peer, store, maxBytes, isTrusted, onRefusal)
  peer.on('flush-error', onProblem)
  try {
    await peer.listen()
    return await use({ publicKey: swarm.keyPair.publicKey, swarm, peer })
  } finally {
    await peer.close()
  }
}

/** A swarm with the connections of those peers alone who may place cores. The others read. */
function placingSwarm(
  swarm: Hyperswarm,
  mayPlace: (connection: NoiseSecretStream) => boolean,
): BlindPeerSwarm {
  const { keyPair, dht } = swarm
  const placing = Object.assign(new EventEmitter(), {
    keyPair,
    dht,
    join: swarm.join.bind(swarm),
    leave: swarm.leave.bind(swarm),
    listen: swarm.listen.bind(swarm),
  })
  swarm.on('connection', (connection, info) => {
    if (mayPlace(connection)) placing.emit('connection', connection, info)
  })
  return placing
}

/** A mirror clears blocks of the cores in its store: they must have been placed there. */
async function expectMirror(store: Corestore, directory: string): Promise<void> {
  const isMirror = await access(recordsOf(directory)).then(
    () => true,
    () => false,
  )
  if (isMirror) return
  for await (const { discoveryKey } of store.stored()) {
    throw new CommandError(
      ExitCode.store,
      'NOT_A_MIRROR',
      `${directory} holds cores that were not placed on a mirror, as ${hex(discoveryKey)}. A mirror clears blocks to stay within --max-bytes: give it a directory of its own`,
    )
  }
}
