// Nothing that a power cut could take back reaches a peer. A writer that lost what its peers have would sign the same indexes again,
// and a core with two signed histories is dead on every peer. So what a core tells its peers of itself waits until the storage has
// synced it. An append does not wait: it is acknowledged as always.
//
// Hypercore does not offer a place for this. Its replicator makes a channel for each peer (`Replicator._makePeer`) and calls `send` of
// the channel's messages; both are wrapped here.

import type { Channel, Core, Message, Protomux } from '@coreyard/hypercore-types'

/** The messages of Hypercore's channel that say what a core has, by their number (lib/replicator.js, `_makePeer`). */
const TELLING = { sync: 0, data: 3, noData: 4, bitfield: 7, range: 8 }
/** After a sync that failed, the next one begins after this many milliseconds. */
const RETRY_DELAY = 1000

/** Hypercore's replicator, as far as it is wrapped. */
interface Internals {
  _makePeer(muxer: Protomux): boolean
}

/** A core, and whether this store signs it. */
export interface GatedCore {
  readonly core: Core
  /** Whether it was opened with a key pair that is not stored with the core. */
  readonly signs: boolean
}

/** The syncs of a store. */
export class Durability {
  readonly #sync: () => Promise<void>
  readonly #warn: (error: unknown) => void
  #isFailing = false

  /**
   * @param sync makes everything that was written before the call survive a power cut
   * @param warn is told of the first sync that fails; peers wait until one succeeds
   */
  constructor(sync: () => Promise<void>, warn: (error: unknown) => void) {
    this.#sync = sync
    this.#warn = warn
  }

  /** @returns whether everything that was written before the call survives a power cut */
  async sync(): Promise<boolean> {
    try {
      await this.#sync()
      this.#isFailing = false
    } catch (error) {
      if (!this.#isFailing) this.#warn(error)
      this.#isFailing = true
    }
    return !this.#isFailing
  }
}

/** Holds what a core tells its peers until the storage has synced what it is about. To be called before it has peers. */
export function gateSends(gated: GatedCore, durability: Durability): void {
  const { core } = gated
  const replicator = core.replicator as unknown as Internals
  const makePeer = replicator._makePeer
  let gate: SendGate | null = null
  replicator._makePeer = (muxer) => {
    const made = makePeer.call(replicator, muxer)
    const channel = made ? muxer.getLastChannel({ protocol: 'hypercore/alpha', id: core.discoveryKey }) : null
    if (channel === null) return made
    gate ??= new SendGate(gated, durability)
    gate.wrap(channel)
    return made
  }
}

/** What of a core is synced, and what waits for it. */
class SendGate {
  readonly #gated: GatedCore
  readonly #durability: Durability
  /** The length and fork of the core at the last sync. */
  #length = -1
  #fork = -1

  constructor(gated: GatedCore, durability: Durability) {
    this.#gated = gated
    this.#durability = durability
  }

  /** Wraps the messages of a channel through which none has gone yet. They keep their order. */
  wrap(channel: Channel): void {
    const held: (() => void)[] = []
    for (const number of Object.values(TELLING)) {
      const message = channel.messages[number] as Message<unknown>
      const send = message.send
      message.send = (value) => {
        if (held.length === 0 && this.#isOpen()) return send.call(message, value)
        const kept = number === TELLING.bitfield ? copyOf(value) : value
        if (held.push(() => send.call(message, kept)) === 1) void this.#release(channel, held)
        return true
      }
    }
  }

  /** Sends what is held, each message after a sync that began when the message was there. */
  async #release(channel: Channel, held: (() => void)[]): Promise<void> {
    while (held.length > 0 && !channel.closed) {
      const count = held.length
      if (!this.#isOpen()) await this.#sync()
      channel.cork()
      for (const send of held.slice(0, count)) send()
      held.splice(0, count)
      channel.uncork()
    }
    held.length = 0
  }

  /** Whether all that peers can be told is synced, or is none that this store has signed. */
  #isOpen(): boolean {
    const { core, signs } = this.#gated
    const { state, header } = core
    if (state === null || (state.length === this.#length && state.fork === this.#fork)) return true
    return !signs && !header?.keyPair
  }

  async #sync(): Promise<void> {
    const { state, replicator } = this.#gated.core
    while (state !== null && !replicator.destroyed) {
      const { length, fork } = state
      if (await this.#durability.sync()) {
        this.#length = length
        this.#fork = fork
        return
      }
      await new Promise<void>((resolve) => setTimeout(resolve, RETRY_DELAY).unref())
    }
  }
}

/** Hypercore sends bitfields from the memory that it changes. */
function copyOf(value: unknown): unknown {
  const { start, bitfield } = value as { start: number; bitfield: Uint32Array }
  return { start, bitfield: bitfield.slice() }
}
