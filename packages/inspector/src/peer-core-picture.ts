// What one peer has of one core.

import { blocksOfPeer } from '@coreyard/hypercore-port'
import type { Peer } from '@coreyard/hypercore-types'
import type { PeerCorePicture } from './picture.js'

/** @param here how many blocks of the core this store has */
export function peerCorePicture(peer: Peer, discoveryKey: string, here: number): PeerCorePicture {
  const length = peer.remoteLength
  const have = blocksOfPeer(peer, length)
  return {
    discoveryKey,
    state: 'attached',
    length,
    fork: peer.remoteFork,
    contiguousLength: Math.min(peer.remoteContiguousLength, length),
    uploading: peer.remoteUploading,
    downloading: peer.remoteDownloading,
    inFlight: peer.inflight,
    sent: peer.stats.wireData.tx,
    received: peer.stats.wireData.rx,
    progress: {
      total: length,
      have,
      want: peer.inflight,
      wanted: peer.remoteDownloading ? Math.max(0, here - have) : 0,
    },
  }
}
