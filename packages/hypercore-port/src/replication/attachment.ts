// A core that is attached to a stream, and the channel that Hypercore opens for it there.
//
// Hypercore 11.39 (lib/replicator.js) opens the channel right after `stream.opened`. Once attached, it opens it again without asking: when
// the peer opens it, when the peer closed it and the core is wanted, and when the core begins to download. It listens for the close of
// the stream (`_onstreamclose`) once for each core.

import type { Channel, CoreReplicator, NoiseSecretStream, Protomux } from '@coreyard/hypercore-types'
import { watchOpenings } from './opening-channel.js'
import { PROTOCOL } from './protocol.js'

/** A core that can be attached to a muxer, such as Hypercore's `Core`. */
export interface AttachableCore {
  /** 32 bytes. */
  readonly discoveryKey: Uint8Array
  readonly replicator: Pick<
    CoreReplicator,
    'downloading' | 'destroyed' | 'attached' | 'attachTo' | 'detachFrom'
  >
}

/** The members of Hypercore's replicator that are used here and that its types lack. */
interface Internals {
  readonly _onstreamclose?: () => void
}

/** The member of a channel that is replaced: Protomux calls it when the channel closes. */
interface ChannelInternals {
  onclose(isRemote: boolean, channel: Channel): unknown
}

/** The callbacks for an attached core. */
export interface AttachmentListener {
  /** Whether the core is detached when its channel closes, so that the next channel must be requested. */
  readonly asksAgain: boolean
  /** Called once, when its channel has closed or failed to open. `byPeer`: whether it was open and the peer closed it. */
  onend(byPeer: boolean): void
}

/** Attaches a core to a muxer, and follows its first channel. Call it after the handshake. */
export function attach(core: AttachableCore, muxer: Protomux, listener: AttachmentListener): void {
  muxer.cork()
  watchOpenings(core)
  core.replicator.attachTo(muxer)
  if (listener.asksAgain) forgetStream(core, muxer)
  muxer.stream.opened.then(() => {
    follow(core, muxer, listener)
    muxer.uncork()
  })
}

/** Returns the channels of Hypercores on a muxer, and the core of each. */
export function* coreChannels(muxer: Protomux): Generator<{ core: AttachableCore; channel: Channel }> {
  for (const channel of muxer) {
    const core = coreOf(channel)
    if (core !== null) yield { core, channel }
  }
}

/**
 * Removes the listener that Hypercore adds to the stream for each core. Hypercore searches for it among all of them when the core is
 * detached, which takes seconds for 20,000 cores; here it is the last one. The owner of the stream detaches the core when the stream
 * closes.
 */
function forgetStream({ replicator }: AttachableCore, { stream }: Protomux): void {
  const { _onstreamclose: listener } = replicator as Internals
  if (listener !== undefined) stream.off('close', listener)
}

function follow(core: AttachableCore, muxer: Protomux, { asksAgain, onend }: AttachmentListener): void {
  const ended = (byPeer: boolean) => {
    if (asksAgain) core.replicator.detachFrom(muxer)
    onend(byPeer)
  }
  const channel = muxer.getLastChannel({ protocol: PROTOCOL, id: core.discoveryKey })
  if (channel === null || channel.closed) {
    ended(false)
    return
  }
  // Another store on the same connection may have the core and a channel for it, too.
  if (coreOf(channel)?.replicator !== core.replicator) return
  const { onclose } = channel as unknown as ChannelInternals
  const replaced: ChannelInternals['onclose'] = (isRemote) => {
    const wasOpen = channel.opened
    // Hypercore does not reopen a channel that was closed on this side.
    const result = onclose.call(channel, isRemote && !asksAgain, channel)
    ended(isRemote && wasOpen)
    return result
  }
  Object.assign(channel, { onclose: replaced })
}

/** Returns the core of a channel of Hypercore's protocol. The `userData` of the channel is the peer. */
function coreOf({ protocol, userData }: Channel): AttachableCore | null {
  const { core } = ((protocol === PROTOCOL ? userData : null) as { core?: AttachableCore }) ?? {}
  return core ?? null
}

/**
 * Hypercore adds a close listener to the stream for each core. When the stream closes, each core removes its own listener, which is
 * searched for among all: 4 seconds for 20,000 cores. This removes all of them at once, just before they are called for the last time.
 *
 * From its first core on, a stream warns of no leak. Stores that share it add listeners before.
 */
export function forgetListeners(noiseStream: NoiseSecretStream): void {
  noiseStream.setMaxListeners(0)
  noiseStream.prependOnceListener('close', removeListeners)
}

function removeListeners(this: NoiseSecretStream): void {
  this.removeAllListeners('close')
}
