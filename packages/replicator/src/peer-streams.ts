// The streams of a replicator: each is taken up once, forgotten when it closes, and destroyed with the replicator if it was
// made here. Every policy needs this, whatever it decides.

import type { NoiseSecretStream, Protomux, ReplicationStream } from '@coreyard/hypercore-types'
import { ReplicatorError } from './errors.js'
import { PeerStream } from './peer-stream.js'
import { openReplicationStream } from './replication-stream.js'
import type { ReplicateOptions, ReplicationTarget, SharedStream, Stored } from './replicator.js'

/** What a policy decides about a stream. */
export interface StreamPolicy {
  /** A stream is there: the time to attach the cores that are open. Its handshake may still be under way. */
  onstream(peer: PeerStream): void
  /**
   * The peer asks for a core that is not attached to its stream. Attach it and give `true`, or refuse with `false`;
   * `'later'` refuses for now, see `PeerStream.awaits`. A
   * throw or a rejection refuses too, and is emitted as `warning` by the encrypted stream. Messages to the peer may be
   * held back until there is an answer, because Protomux answers together what was asked together.
   *
   * @param discoveryKey 32 bytes
   */
  onask(peer: PeerStream, discoveryKey: Uint8Array): Stored | Promise<Stored>
}

/** The streams of a replicator. Iterating gives those that are open. */
export class PeerStreams implements Iterable<PeerStream> {
  readonly #policy: StreamPolicy
  readonly #peers = new Map<Protomux, PeerStream>()
  #closing: Promise<void> | null = null

  constructor(policy: StreamPolicy) {
    this.#policy = policy
  }

  /** How many streams are open. */
  get size(): number {
    return this.#peers.size
  }

  [Symbol.iterator](): Iterator<PeerStream> {
    return this.#peers.values()
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
      const peer = new PeerStream(opened, {
        onask: (asking, discoveryKey) => this.#policy.onask(asking, discoveryKey),
        onrelease: ({ muxer }) => this.#peers.delete(muxer),
      })
      this.#peers.set(opened.muxer, peer)
      this.#policy.onstream(peer)
    }
    return opened.stream
  }

  /** Destroys the streams that were made here, and waits until they have closed. Lets go of the others. */
  close(): Promise<void> {
    this.#closing ??= this.#letGo()
    return this.#closing
  }

  async #letGo(): Promise<void> {
    const made = [...this].filter((peer) => peer.made)
    for (const peer of [...this]) peer.release()
    await Promise.all(made.map(({ noiseStream }) => destroyed(noiseStream)))
  }
}

function destroyed(stream: NoiseSecretStream): Promise<void> {
  return new Promise((resolve) => {
    stream.once('close', () => resolve())
    stream.destroy()
  })
}
