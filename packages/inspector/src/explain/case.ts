// Gathers, once, the facts that the checks of `explain` read.

import type { Corestore, StoreView } from '@coreyard/corestore'
import { oldestRequest } from '@coreyard/hypercore-port'
import type { Core, Peer } from '@coreyard/hypercore-types'
import type { Outcome, StreamView } from '@coreyard/replicator'
import b4a from 'b4a'
import { SeenCore } from '../core-picture.js'
import { NAMELESS } from '../names.js'
import type { ConflictPicture, CorePicture, StorePicture } from '../picture.js'
import { diskOf } from '../store-picture.js'

/** The connection of the store to one peer, and the state of a core on it. */
export interface Link {
  /** 32 bytes in hex; `null` before the handshake. */
  readonly publicKey: string | null
  readonly handshake: boolean
  /** Why the core is not attached; `null` if the replicator recorded no reason. */
  readonly outcome: Outcome | null
  /** Whether Hypercore may open a channel for the core on this stream. */
  readonly attached: boolean
  /** `none`: there is no channel; `asked`: this side has opened one; `open`: both have. */
  readonly channel: 'none' | 'asked' | 'open'
  readonly peer: Peer | null
}

export interface Case {
  readonly suspended: boolean
  readonly disk: StorePicture['disk']
  /** In hex; `null` if only the discovery key is known. */
  readonly key: string | null
  readonly discoveryKey: string
  /** `null` if it could not be looked up. */
  readonly stored: boolean | null
  /** Whether `explain` was called with the discovery key of a stored core in place of a key. */
  readonly isDiscoveryKey: boolean
  readonly core: CorePicture | null
  readonly conflict: ConflictPicture | null
  /** The links to the peer that `explain` was called with, or all links. */
  readonly links: readonly Link[]
  /** Whether `explain` was called with a peer. */
  readonly onePeer: boolean
  /** For how many milliseconds the oldest request of the core has waited; `null` if none waits. */
  readonly waiting: number | null
  /** After how many milliseconds it counts as stalled. */
  readonly patience: number
}

export interface Question {
  readonly key: Uint8Array
  readonly discoveryKey: Uint8Array
  /** 32 bytes; `null` for every peer. */
  readonly publicKey: Uint8Array | null
  readonly patience: number
}

export async function gather(store: Corestore, view: StoreView, question: Question): Promise<Case> {
  const { key, publicKey, patience } = question
  const isDiscoveryKey = !view.suspended && (await store.storage.hasCore(key))
  const discoveryKey = isDiscoveryKey ? key : question.discoveryKey
  const id = b4a.toString(discoveryKey, 'hex')
  const stored = view.suspended ? null : await store.storage.hasCore(discoveryKey)
  const disk = await diskOf(view)

  const open = view.core(id)
  const links: Link[] = []
  for (const stream of view.streams()) {
    if (publicKey === null || isOf(stream, publicKey)) links.push(linkOf(stream, open?.core ?? null, id))
  }
  return {
    suspended: view.suspended,
    disk,
    key: isDiscoveryKey ? null : b4a.toString(key, 'hex'),
    discoveryKey: id,
    stored,
    isDiscoveryKey,
    core: open === null ? null : pictureOf(open),
    conflict: view.conflicts.get(id) ?? null,
    links,
    onePeer: publicKey !== null,
    waiting: open === null ? null : oldestRequest(open.core),
    patience,
  }
}

function pictureOf(open: ConstructorParameters<typeof SeenCore>[0]): CorePicture | null {
  const seen = new SeenCore(open)
  seen.look(NAMELESS, null, Date.now(), null)
  return seen.picture
}

function isOf(stream: StreamView, publicKey: Uint8Array): boolean {
  // Before its handshake, a stream may lead to any peer.
  return stream.publicKey === null || b4a.equals(stream.publicKey, publicKey)
}

function linkOf(stream: StreamView, core: Core | null, id: string): Link {
  const { noiseStream, muxer, publicKey } = stream
  const peer = core?.replicator.peers.find((candidate) => candidate.stream === noiseStream) ?? null
  let outcome: Outcome | null = null
  for (const noted of stream.outcomes) if (b4a.toString(noted.discoveryKey, 'hex') === id) outcome = noted
  let isAsked = false
  for (const channel of stream.channels()) {
    if (b4a.toString(channel.core.discoveryKey, 'hex') === id) isAsked = true
  }
  return {
    publicKey: publicKey === null ? null : b4a.toString(publicKey, 'hex'),
    handshake: publicKey !== null,
    outcome,
    attached: core?.replicator.attached(muxer) ?? false,
    channel: peer !== null ? 'open' : isAsked ? 'asked' : 'none',
    peer,
  }
}
