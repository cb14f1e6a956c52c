// Handles the channel of a core that closes before the peer has opened its side. Hypercore 11.39 leaves that channel open: a peer that
// wants the core by then opens its side, and waits on it forever.

import type { Channel, CoreReplicator, Protomux } from '@coreyard/hypercore-types'
import { PROTOCOL } from './protocol.js'

/** The part of a core that is used here. */
interface WatchedCore {
  /** 32 bytes. */
  readonly discoveryKey: Uint8Array
  readonly replicator: object
}

/** The part of Hypercore's state of a channel that is used here. */
interface HypercorePeer {
  readonly replicator: CoreReplicator
  onopen(handshake: unknown): void
}

/** The method that makes all channels of a core (lib/replicator.js), and whether the core is attached to a muxer. */
interface Internals {
  _makePeer(muxer: Protomux): boolean
  attached(muxer: Protomux): boolean
}

const watched = new WeakSet<object>()

/**
 * Makes a peer request the core again if it opens its side of a channel after the core has closed. A core that is detached before Hypercore
 * opens its channel opens none. Call it before the core is attached. Calling it again changes nothing.
 */
export function watchOpenings({ discoveryKey, replicator }: WatchedCore): void {
  if (watched.has(replicator)) return
  watched.add(replicator)
  const internals = replicator as unknown as Internals
  const { _makePeer: make } = internals
  const replaced: Internals['_makePeer'] = (muxer) => {
    const isMade = internals.attached(muxer) && make.call(replicator, muxer)
    const channel = isMade ? muxer.getLastChannel({ protocol: PROTOCOL, id: discoveryKey }) : null
    if (channel?.opened === false) Object.assign(channel, { onopen: opened })
    return isMade
  }
  Object.assign(replicator, { _makePeer: replaced })
}

function opened(handshake: unknown, channel: Channel): void {
  const peer = channel.userData as HypercorePeer
  if (!peer.replicator.destroyed) {
    peer.onopen(handshake)
    return
  }
  for (const message of channel.messages) message.onmessage = ignore
  const [sync] = channel.messages
  if (sync === undefined) return
  // A peer opens another channel if the side that closes has said that it does not download. The peer sends its own `sync` once it has
  // received that.
  sync.onmessage = () => channel.close()
  sync.send(NOTHING_WANTED)
}

function ignore(): void {}

/** The first kind of message of Hypercore's protocol: what this side has and wants of the core. */
const NOTHING_WANTED = {
  fork: 0,
  length: 0,
  remoteLength: 0,
  canUpgrade: false,
  uploading: true,
  downloading: false,
  hasManifest: false,
  allowPush: false,
}
