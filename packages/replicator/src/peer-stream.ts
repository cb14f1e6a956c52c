// One stream to one peer, and how a core is attached to it without harm. Which cores, and when, is the policy's to say.

import type { NoiseSecretStream, Protomux, ReplicationStream } from '@coreyard/hypercore-types'
import { onDiscoveryKey } from './discovery-keys.js'
import { keyId } from './key-id.js'
import { watchOpening } from './opening-channel.js'
import type { OpenedStream } from './replication-stream.js'
import type { ReplicableCore, Stored } from './replicator.js'

/** What a stream tells whoever keeps it. */
export interface PeerStreamListener {
  /** The peer asks for a core that is not attached; see `StreamPolicy`. */
  onask(peer: PeerStream, discoveryKey: Uint8Array): Stored | Promise<Stored>
  /** It has closed or was let go of. Called once. */
  onrelease(peer: PeerStream): void
}

/** A stream that cores are replicated over, from `replicate` until it closes. */
export class PeerStream implements OpenedStream {
  readonly stream: ReplicationStream
  readonly noiseStream: NoiseSecretStream
  readonly muxer: Protomux
  readonly made: boolean
  readonly #listener: PeerStreamListener
  readonly #stopBeingAsked: () => void
  /** Discovery keys of the cores that the peer waits for. */
  readonly #awaited = new Set<string>()
  #released = false

  /** @internal */
  constructor({ stream, noiseStream, muxer, made }: OpenedStream, listener: PeerStreamListener) {
    this.stream = stream
    this.noiseStream = noiseStream
    this.muxer = muxer
    this.made = made
    this.#listener = listener
    this.#stopBeingAsked = onDiscoveryKey(muxer, (discoveryKey) => this.#ask(discoveryKey))
    noiseStream.once('close', this.release)
    noiseStream.prependOnceListener('close', forgetListeners)
  }

  /** Whether the peer asked for this core when there was no room for it, and still waits. */
  awaits({ discoveryKey }: Pick<ReplicableCore, 'discoveryKey'>): boolean {
    return this.#awaited.size > 0 && this.#awaited.has(keyId(discoveryKey))
  }

  /** Whether nothing can be attached any more: the stream is gone, or its replicator has closed. */
  get closed(): boolean {
    return this.#released || this.noiseStream.destroying
  }

  /**
   * Who the peer is, once the handshake has proved it.
   *
   * @returns 32 bytes, or `null` if the stream closed before or its handshake names nobody
   */
  async remotePublicKey(): Promise<Uint8Array | null> {
    const opened = await this.noiseStream.opened
    return opened ? this.noiseStream.remotePublicKey : null
  }

  /**
   * Replicates a core with the peer, if both are open. Harmless if it does so already. The channels of all cores that are
   * attached before the handshake, or together, are opened by one message.
   *
   * @returns whether the core is attached now
   */
  attach(core: ReplicableCore): boolean {
    const { replicator } = core
    if (this.closed || replicator.destroyed) return false
    if (this.#awaited.size > 0) this.#awaited.delete(keyId(core.discoveryKey))
    if (replicator.attached(this.muxer)) return true
    this.muxer.cork()
    replicator.attachTo(this.muxer)
    // An attached core opens its channel right after `opened`.
    this.noiseStream.opened.then(() => {
      watchOpening(this.muxer, core.discoveryKey)
      this.muxer.uncork()
    })
    return true
  }

  /** Reports what refused a core and harms nothing else: the encrypted stream emits it as `warning`. */
  warn(error: unknown): void {
    this.noiseStream.emit('warning', error)
  }

  /**
   * Lets go of the stream, which may live on.
   *
   * @internal
   */
  readonly release = (): void => {
    if (this.#released) return
    this.#released = true
    this.#stopBeingAsked()
    this.noiseStream.off('close', this.release)
    this.#listener.onrelease(this)
  }

  async #ask(discoveryKey: Uint8Array): Promise<boolean> {
    if (this.closed) return false
    const answer = await this.#listener.onask(this, discoveryKey)
    if (answer !== 'later') return answer
    this.#awaited.add(keyId(discoveryKey))
    return false
  }
}

/**
 * Hypercore listens for the close of a stream once for each core, and each takes its listener off then, which is looked for among
 * all: 4 seconds with 20,000 cores. All of them are told of this close still, and there will be no other.
 */
function forgetListeners(this: NoiseSecretStream): void {
  this.removeAllListeners('close')
}
