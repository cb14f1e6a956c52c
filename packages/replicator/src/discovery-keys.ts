// Requests for cores: a peer opens a channel of Hypercore's protocol for a core that is not attached. The listeners decide what to answer.

import { PROTOCOL } from '@coreyard/hypercore-port/replication'
import type { Protomux } from '@coreyard/hypercore-types'

const DISCOVERY_KEY_BYTES = 32

/**
 * Called when the remote requests a core that is not attached to the stream. To accept, attach the core and return `true`. Returning
 * `false`, throwing or rejecting refuses it. An error is then emitted as `warning` by the encrypted stream.
 *
 * @param discoveryKey 32 bytes
 */
export type DiscoveryKeyListener = (discoveryKey: Uint8Array) => boolean | Promise<boolean>

// A muxer keeps one listener for a protocol, and several stores may share a connection.
const listenersOf = new WeakMap<Protomux, Set<DiscoveryKeyListener>>()

/**
 * Listens for the remote's requests for cores. If a muxer has several listeners, they are called in turn until one accepts.
 *
 * @returns a function that removes the listener
 */
export function onDiscoveryKey(muxer: Protomux, listener: DiscoveryKeyListener): () => void {
  const listeners = listenersOf.get(muxer) ?? pair(muxer)
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

// It stays paired when the last listener is removed: by then, the muxer's listener may belong to another package.
function pair(muxer: Protomux): Set<DiscoveryKeyListener> {
  const listeners = new Set<DiscoveryKeyListener>()
  listenersOf.set(muxer, listeners)
  muxer.pair({ protocol: PROTOCOL }, (id) => answer(muxer, listeners, id))
  return listeners
}

/** Never rejects: the muxer would destroy the stream. It refuses the remote unless the channel is open by the end. */
async function answer(
  muxer: Protomux,
  listeners: Iterable<DiscoveryKeyListener>,
  id: Uint8Array | null,
): Promise<void> {
  if (id?.byteLength !== DISCOVERY_KEY_BYTES) return
  for (const listener of [...listeners]) {
    try {
      if (await listener(id)) return
    } catch (error) {
      muxer.stream.emit('warning', error)
    }
  }
}
