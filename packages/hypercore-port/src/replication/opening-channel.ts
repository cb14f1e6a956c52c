// Handles the channel of a core that closes before the peer has opened its side. Hypercore 11.39 leaves that channel open: a peer that
// wants the core by then opens its side, and waits on it forever.

import type { Channel, CoreReplicator } from '@coreyard/hypercore-types'

/** The part of Hypercore's state of a channel that is used here. */
interface HypercorePeer {
  readonly replicator: CoreReplicator
  onopen(handshake: unknown): void
}

/** Makes the peer request the core again if it opens its side of the channel after the core has closed. */
export function watchOpening(channel: Channel): void {
  if (!channel.opened) Object.assign(channel, { onopen: opened })
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
