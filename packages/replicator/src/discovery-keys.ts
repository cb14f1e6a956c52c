// Being asked for a core: Hypercore's protocol on a muxer whose channel no attached core claims. What to answer is for the
// listeners to say.

import { PROTOCOL } from '@coreyard/hypercore-port/replication'
import type { Protomux } from '@coreyard/hypercore-types'

const DISCOVERY_KEY_BYTES = 32

/**
 * Called when the remote asks for a core that is not attached to the stream. To answer, attach the core and give `true`.
 * `false` refuses, and so does to throw or to reject: the error is then emitted as `warning` by the encrypted stream.
 *
 * @param discoveryKey 32 bytes
 */
export type DiscoveryKeyListener = (discoveryKey: Uint8Array) => boolean | Promise<boolean>

// A muxer keeps one listener for a protocol, and several stores may share a connection.
const listenersOf = new WeakMap<Protomux, Set<DiscoveryKeyListener>>()

/**
 * Listens to what cores the remote asks for. Of several listeners on a muxer, each is asked in turn until one answers.
 *
 * @returns takes the listener away
 */
export function onDiscoveryKey(muxer: Protomux, listener: DiscoveryKeyListener): () => void {
  const listeners = listenersOf.get(muxer) ?? pair(muxer)
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

// It stays paired when the last listener goes: by then, the muxer's listener may be somebody else's.
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
