// The streams of a replicator: each is added once, removed when it closes, and destroyed with the replicator if that made it. Every policy
// needs this.

import type { NoiseSecretStream, Protomux, ReplicationStream } from '@coreyard/hypercore-types'
import { ReplicatorError } from './errors.js'
import { Intake } from './intake.js'
import { keyId } from './key-id.js'
import { type CheckedLimits, checkLimits, type StreamLimits } from './limits.js'
import { PeerStream } from './peer-stream.js'
import { openReplicationStream } from './replication-stream.js'
import type {
  ReplicableCore,
  ReplicateOptions,
  ReplicationTarget,
  SharedStream,
  Stored,
} from './replicator.js'

/** The decisions of a policy about a stream. */
export interface StreamPolicy {
  /** Optional. Called when a stream was added. Its handshake may not be done yet. */
  onconnect?(peer: PeerStream): void
  /** Called when the handshake of a stream is done. Attach the open cores here. */
  onstream(peer: PeerStream): void
  /**
   * Called when the peer requests a core that is not attached to its stream. Attach it and return `true`, or return `false` to refuse.
   * Return a `Wait` to refuse for now and attach the core later, which then opens the channel to the peer. If it throws or rejects, the
   * request is refused, and the encrypted stream emits the error as `warning`.
   *
   * The stream is not read while too many requests have no answer. A request without an answer is refused after 10 seconds.
   *
   * @param discoveryKey 32 bytes
   */
  onask(peer: PeerStream, discoveryKey: Uint8Array): Stored | Promise<Stored>
  /**
   * Optional. Called when the peer has closed the channel of a core. Attach the core again if it is still wanted. If the policy has this
   * method, a core is detached when its channel closes, and `onask` is called for the next request. If not, an attached core reopens its
   * channel by itself, as in Hypercore.
   */
  ondetach?(peer: PeerStream, core: ReplicableCore): void
  /** Optional. Called when a stream has closed or was released, whether or not its handshake was done. */
  onend?(peer: PeerStream): void
}

/** The streams of a replicator. Iterates over those whose handshake is done. */
export class PeerStreams implements Iterable<PeerStream> {
  readonly #policy: StreamPolicy
  readonly #limits: CheckedLimits
  readonly #intake = new Intake()
  /** All streams, including those whose handshake is not done. */
  readonly #peers = new Map<Protomux, PeerStream>()
  /** Those whose handshake is done. */
  readonly #open = new Set<PeerStream>()
  /** How many of them a public key has. */
  readonly #counts = new Map<string, number>()
  #closing: Promise<void> | null = null

  /** @throws ReplicatorError `BAD_ARGUMENT` for an invalid limit */
  constructor(policy: StreamPolicy, limits: StreamLimits = {}) {
    this.#policy = policy
    this.#limits = checkLimits(limits)
  }

  /** The number of streams, including those whose handshake is not done. */
  get size(): number {
    return this.#peers.size
  }

  /** Returns all streams, including those whose handshake is not done. */
  all(): Iterable<PeerStream> {
    return this.#peers.values()
  }

  /** Every stream whose handshake is done. */
  [Symbol.iterator](): Iterator<PeerStream> {
    return this.#open.values()
  }

  /**
   * Implements `Replicator.replicate`: adds a stream, or makes one. A stream that was already added, or is destroyed, is returned
   * unchanged. The stream may be passed as `target`, as `options`, or as `options.stream`.
   *
   * @throws ReplicatorError `BAD_ARGUMENT` if the target is not a stream or an option is invalid, `REPLICATOR_CLOSED` after `close`
   */
  open(target: ReplicationTarget, options?: ReplicateOptions | SharedStream): ReplicationStream {
    if (this.#closing !== null) {
      throw new ReplicatorError(
        'REPLICATOR_CLOSED',
        'Cannot replicate: the replicator was closed with its store',
      )
    }

    const opened = openReplicationStream(target, options)
    if (!this.#peers.has(opened.muxer) && !opened.noiseStream.destroying) {
      const peer = new PeerStream(opened, this.#intake, this.#limits, {
        onopen: (opening) => this.#begin(opening),
        onask: (asking, discoveryKey) => this.#policy.onask(asking, discoveryKey),
        ondetach: this.#policy.ondetach?.bind(this.#policy) ?? null,
        onrelease: (ending) => this.#forget(ending),
      })
      this.#peers.set(opened.muxer, peer)
      this.#policy.onconnect?.(peer)
    }
    return opened.stream
  }

  /** Destroys the streams that `open` made, and waits until they have closed. Releases the others. */
  close(): Promise<void> {
    this.#closing ??= this.#letGo()
    return this.#closing
  }

  #begin(peer: PeerStream): void {
    const id = idOf(peer)
    const count = this.#counts.get(id) ?? 0
    if (count >= this.#limits.maxStreams) {
      this.#refuse(peer)
      return
    }
    this.#counts.set(id, count + 1)
    this.#open.add(peer)
    this.#policy.onstream(peer)
  }

  #refuse(peer: PeerStream): void {
    const error = new ReplicatorError(
      'TOO_MANY_STREAMS',
      `The peer has ${this.#limits.maxStreams} streams already: it may have no more at a time (maxStreams)`,
    )
    peer.warn(error)
    peer.release()
    if (peer.made) peer.noiseStream.destroy(error)
  }

  #forget(peer: PeerStream): void {
    this.#peers.delete(peer.muxer)
    this.#policy.onend?.(peer)
    if (!this.#open.delete(peer)) return
    const id = idOf(peer)
    const count = this.#counts.get(id) ?? 0
    if (count > 1) this.#counts.set(id, count - 1)
    else this.#counts.delete(id)
  }

  async #letGo(): Promise<void> {
    const peers = [...this.#peers.values()]
    for (const peer of peers) peer.release()
    await Promise.all(peers.filter(({ made }) => made).map(({ noiseStream }) => destroyed(noiseStream)))
  }
}

function idOf({ publicKey }: PeerStream): string {
  return publicKey === null ? '' : keyId(publicKey)
}

function destroyed(stream: NoiseSecretStream): Promise<void> {
  return new Promise((resolve) => {
    stream.once('close', () => resolve())
    stream.destroy()
  })
}
