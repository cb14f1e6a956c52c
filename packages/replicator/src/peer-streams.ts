// The streams of a replicator: each is taken up once, forgotten when it closes, and destroyed with the replicator if it was
// made here. Every policy needs this, whatever it decides.

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

/** What a policy decides about a stream. */
export interface StreamPolicy {
  /** Optional. A stream is there, and its handshake may be under way. */
  onconnect?(peer: PeerStream): void
  /** The handshake of a stream is done: the time to attach the cores that are open. */
  onstream(peer: PeerStream): void
  /**
   * The peer asks for a core that is not attached to its stream. Attach it and give `true`, or refuse with `false`. A `Wait`
   * refuses for now; what attaches the core later opens it for the peer all the same. A throw or a rejection refuses, and is
   * emitted as `warning` by the encrypted stream.
   *
   * The stream is not read while too many requests have no answer. One without an answer is refused after 10 seconds.
   *
   * @param discoveryKey 32 bytes
   */
  onask(peer: PeerStream, discoveryKey: Uint8Array): Stored | Promise<Stored>
  /**
   * Optional. The peer has closed the channel of a core: attach it again if the core is still wanted. With this method a core is
   * detached whenever its channel closes, and `onask` decides about the next one. Without it, an attached core opens its channel
   * again by itself, as Hypercore does it.
   */
  ondetach?(peer: PeerStream, core: ReplicableCore): void
  /** Optional. A stream has closed or was let go of, whether its handshake was done or not. */
  onend?(peer: PeerStream): void
}

/** The streams of a replicator. Iterating gives those whose handshake is done. */
export class PeerStreams implements Iterable<PeerStream> {
  readonly #policy: StreamPolicy
  readonly #limits: CheckedLimits
  readonly #intake = new Intake()
  /** All of them, those without a handshake included. */
  readonly #peers = new Map<Protomux, PeerStream>()
  /** Those whose handshake is done. */
  readonly #open = new Set<PeerStream>()
  /** How many of those a public key has. */
  readonly #counts = new Map<string, number>()
  #closing: Promise<void> | null = null

  /** @throws ReplicatorError `BAD_ARGUMENT` for a limit that has no meaning */
  constructor(policy: StreamPolicy, limits: StreamLimits = {}) {
    this.#policy = policy
    this.#limits = checkLimits(limits)
  }

  /** How many streams there are, those included whose handshake is not done. */
  get size(): number {
    return this.#peers.size
  }

  /** All of them, those included whose handshake is not done. */
  all(): Iterable<PeerStream> {
    return this.#peers.values()
  }

  /** Every stream that is open. */
  [Symbol.iterator](): Iterator<PeerStream> {
    return this.#open.values()
  }

  /**
   * Does what `Replicator.replicate` promises: takes a stream up, or makes one. A stream that is taken up already, or
   * destroyed, is only returned. The stream may stand in either place, or in the options.
   *
   * @throws ReplicatorError `BAD_ARGUMENT` for what is no stream, `REPLICATOR_CLOSED` after `close`
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

  /** Destroys the streams that were made here, and waits until they have closed. Lets go of the others. */
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
