// One stream to one peer, and how a core is attached to it safely. The policy decides which cores, and when.

import {
  attach,
  coreChannels,
  forgetListeners,
  guardMessages,
  MuxerGate,
} from '@coreyard/hypercore-port/replication'
import type { NoiseSecretStream, Protomux, ReplicationStream } from '@coreyard/hypercore-types'
import { Asks } from './asks.js'
import { onDiscoveryKey } from './discovery-keys.js'
import type { Intake } from './intake.js'
import { keyId } from './key-id.js'
import type { CheckedLimits } from './limits.js'
import { type Outcome, type OutcomeReason, Outcomes } from './outcomes.js'
import type { OpenedStream } from './replication-stream.js'
import type { Asker, ReplicableCore, Stored, StreamView } from './replicator.js'

/** What a stream reports to `PeerStreams`. */
export interface PeerStreamListener {
  /** The handshake is done. Called once. */
  onopen(peer: PeerStream): void
  /** The peer requests a core that is not attached; see `StreamPolicy`. */
  onask(peer: PeerStream, discoveryKey: Uint8Array): Stored | Promise<Stored>
  /** The peer has closed the channel of a core; see `StreamPolicy`. `null`: Hypercore opens and closes channels by itself. */
  readonly ondetach: ((peer: PeerStream, core: ReplicableCore) => void) | null
  /** The stream has closed or was released. Called once. */
  onrelease(peer: PeerStream): void
}

/** A stream that cores are replicated over, from `replicate` until it closes. */
export class PeerStream implements OpenedStream, Asker, StreamView {
  readonly stream: ReplicationStream
  readonly noiseStream: NoiseSecretStream
  readonly muxer: Protomux
  readonly made: boolean
  readonly #listener: PeerStreamListener
  readonly #limits: CheckedLimits
  readonly #asks: Asks
  readonly #gate: MuxerGate
  readonly #outcomes = new Outcomes()
  /** The cores whose channel `attach` opened. */
  readonly #attached = new Set<ReplicableCore>()
  /** Of all cores that were attached here. */
  readonly #own = new WeakSet<ReplicableCore['replicator']>()
  readonly #stopBeingAsked: () => void
  #timer: ReturnType<typeof setTimeout> | null = null
  #isOpen = false
  #released = false

  /** @internal */
  constructor(opened: OpenedStream, intake: Intake, limits: CheckedLimits, listener: PeerStreamListener) {
    const { stream, noiseStream, muxer, made } = opened
    this.stream = stream
    this.noiseStream = noiseStream
    this.muxer = muxer
    this.made = made
    this.#listener = listener
    this.#limits = limits
    this.#gate = MuxerGate.of(muxer)
    guardMessages(muxer)
    this.#asks = new Asks(intake, limits, this.#outcomes, {
      answer: (discoveryKey) => (this.closed ? false : listener.onask(this, discoveryKey)),
      onerror: (error) => this.warn(error),
      onanswered: () => this.#gate.goOn(),
    })
    this.#gate.add(this.#asks)
    this.#stopBeingAsked = onDiscoveryKey(muxer, (discoveryKey) => this.#ask(discoveryKey))
    noiseStream.once('close', this.#onclose)
    forgetListeners(noiseStream)
    this.#awaitHandshake()
  }

  /** `true` once no core can be attached any more: the stream or its replicator has closed. */
  get closed(): boolean {
    return this.#released || this.noiseStream.destroying
  }

  /** The public key of the peer (32 bytes), or `null` before the handshake is done. */
  get publicKey(): Uint8Array | null {
    return this.#isOpen ? this.noiseStream.remotePublicKey : null
  }

  /**
   * Resolves with the public key of the peer once the handshake has proved it.
   *
   * @returns 32 bytes, or `null` if the stream closed before, or the handshake gives no key
   */
  async remotePublicKey(): Promise<Uint8Array | null> {
    const opened = await this.noiseStream.opened
    return opened ? this.noiseStream.remotePublicKey : null
  }

  /**
   * Replicates a core with the peer, if both are open and the handshake is done. It has no effect if the core is already attached. Cores
   * that are attached in the same turn of the event loop open their channels in one message.
   *
   * @returns whether the core is attached now
   */
  attach(core: ReplicableCore): boolean {
    const { replicator } = core
    if (this.closed || !this.#isOpen || replicator.destroyed) return false
    if (replicator.attached(this.muxer)) return true
    if (this.#attached.size >= this.#limits.maxAttached) {
      this.#outcomes.note(core.discoveryKey, 'limit')
      return false
    }
    this.#outcomes.forget(core.discoveryKey)
    const { ondetach } = this.#listener
    this.#attached.add(core)
    this.#own.add(replicator)
    attach(core, this.muxer, {
      asksAgain: ondetach !== null,
      onend: (byPeer) => {
        this.#attached.delete(core)
        if (this.#released) this.#forgetStream()
        else if (byPeer && !this.closed && !replicator.destroyed) ondetach?.(this, core)
      },
    })
    return true
  }

  /**
   * Stops replicating a core with the peer. The peer may request it again.
   *
   * @param discoveryKey 32 bytes; `undefined` for all cores that are attached here
   * @returns the cores that were replicated
   */
  detach(discoveryKey?: Uint8Array): ReplicableCore[] {
    const id = discoveryKey === undefined ? null : keyId(discoveryKey)
    const detached: ReplicableCore[] = []
    this.muxer.cork()
    for (const { core, channel } of [...coreChannels(this.muxer)]) {
      // Other stores may share the connection.
      if (!this.#own.has(core.replicator) || (id !== null && id !== keyId(core.discoveryKey))) continue
      core.replicator.detachFrom(this.muxer)
      channel.close()
      detached.push(core)
    }
    // Those that have no channel yet. They do not open one any more.
    for (const core of this.#attached) {
      const { replicator, discoveryKey: key } = core
      if (!replicator.attached(this.muxer) || (id !== null && id !== keyId(key))) continue
      replicator.detachFrom(this.muxer)
      detached.push(core)
    }
    this.muxer.uncork()
    return detached
  }

  /** Why cores are not attached to this stream: the most recent 256 reasons, newest last. */
  get outcomes(): Iterable<Outcome> {
    return this.#outcomes
  }

  /** The cores that were attached to this stream and have a channel, whether or not the peer has opened its side. */
  *channels(): Generator<{ core: ReplicableCore; isOpen: boolean }> {
    for (const { core, channel } of coreChannels(this.muxer)) {
      if (this.#own.has(core.replicator)) yield { core, isOpen: channel.opened }
    }
  }

  /** Records why a core is not attached, for inspection only. @param discoveryKey 32 bytes */
  explain(discoveryKey: Uint8Array, reason: OutcomeReason): void {
    if (!this.closed) this.#outcomes.note(discoveryKey, reason)
  }

  /** Reports an error that made a core refused and has no other effect: the encrypted stream emits it as `warning`. */
  warn(error: unknown): void {
    this.noiseStream.emit('warning', error)
  }

  /**
   * Releases the stream, which may stay open.
   *
   * @internal
   */
  release(): void {
    if (this.#released) return
    this.#released = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#stopBeingAsked()
    this.#asks.end()
    this.#gate.delete(this.#asks)
    this.#forgetStream()
    this.#listener.onrelease(this)
  }

  readonly #onclose = (): void => {
    this.release()
    for (const { replicator } of this.#attached) replicator.detachFrom(this.muxer)
    this.#attached.clear()
  }

  /** Once no core is attached, keeps nothing in memory for a stream that stays open. */
  #forgetStream(): void {
    if (this.#attached.size === 0) this.noiseStream.off('close', this.#onclose)
  }

  async #awaitHandshake(): Promise<void> {
    const { handshakeTimeout } = this.#limits
    if (this.noiseStream.handshakeHash === null && handshakeTimeout !== Infinity) {
      this.#timer = setTimeout(() => this.#giveUp(), handshakeTimeout)
      // A browser's timer is a number and keeps nothing alive.
      if (typeof this.#timer === 'object') this.#timer.unref()
    }
    const opened = await this.noiseStream.opened
    if (this.#timer !== null) clearTimeout(this.#timer)
    if (!opened || this.closed) return
    this.#isOpen = true
    this.#listener.onopen(this)
  }

  #giveUp(): void {
    this.noiseStream.destroy(
      new Error(`The handshake was not done within ${this.#limits.handshakeTimeout} ms`),
    )
  }

  #ask(discoveryKey: Uint8Array): boolean | Promise<boolean> {
    if (this.closed) return false
    const answer = this.#asks.ask(discoveryKey)
    this.#gate.hold()
    return answer
  }
}
