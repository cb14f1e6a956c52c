// Nothing that a power cut could take back reaches a peer. A writer that lost what its peers have would sign the same indexes again,
// and a core with two signed histories is dead on every peer. So what a core tells its peers of itself waits until the storage has
// synced it. A write waits, too, while the core has peers, so that they are told when it resolves; but waiting takes only a part of
// the time, so that many writes in a row share syncs.
//
// Hypercore does not offer a place for this. Its replicator makes a channel for each peer (`Replicator._makePeer`) and calls `send` of
// the channel's messages; both are wrapped here. So are the calls that sign, because the key pair may be given to each of them.

import type { Channel, Core, Message, Protomux, SessionState } from '@coreyard/hypercore-types'

/** The messages of Hypercore's channel that say what a core has, by their number (lib/replicator.js, `_makePeer`). */
const TELLING = { sync: 0, data: 3, noData: 4, bitfield: 7, range: 8 }
/** The calls that write what is signed here, or comes with a signature (lib/session-state.js). The last one is of atomic sessions. */
const SIGNING = ['append', 'truncate', 'commit', '_oncommit'] as const
/** After a sync that failed, the next one begins after this many milliseconds. */
const RETRY_DELAY = 1000

/** The part of the time in which writes may wait for syncs. */
const WAITING_SHARE = 0.1
/** For how long writes may wait when none has waited for some time, in milliseconds. */
const MOST_WAITING = 200

/** Hypercore's replicator, as far as it is wrapped. */
interface Internals {
  _makePeer(muxer: Protomux): boolean
}

type Signing = Record<(typeof SIGNING)[number], (...args: unknown[]) => Promise<unknown>>

/** The syncs of a store. */
export class Durability {
  readonly #sync: () => Promise<void>
  readonly #warn: (error: unknown) => void
  #isFailing = false
  /** How many signed writes there have been. */
  #signed = 0
  /** How many of them are synced. Below zero: nothing is known of those before the store opened. */
  #synced = -1
  /** For how long writes may wait now, in milliseconds, and when that was counted. */
  #credit = MOST_WAITING
  #countedAt = performance.now()

  /**
   * @param sync makes everything that was written before the call survive a power cut
   * @param warn is told of the first sync that fails; peers wait until one succeeds
   */
  constructor(sync: () => Promise<void>, warn: (error: unknown) => void) {
    this.#sync = sync
    this.#warn = warn
  }

  /** Whether all signed writes of the store survive a power cut. */
  get isComplete(): boolean {
    return this.#synced === this.#signed
  }

  /** A signed write has ended. */
  signed(): void {
    this.#signed++
  }

  /** @returns whether everything that was written before the call survives a power cut */
  async sync(): Promise<boolean> {
    const signed = this.#signed
    try {
      await this.#sync()
      this.#synced = Math.max(this.#synced, signed)
      this.#isFailing = false
    } catch (error) {
      if (!this.#isFailing) this.#warn(error)
      this.#isFailing = true
    }
    return !this.#isFailing
  }

  /** Waits for a sync, if writes have not waited for too long lately. */
  async waitFor(sync: Promise<void>): Promise<void> {
    const limit = this.#count()
    if (limit <= 0 || this.#isFailing) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, limit)
    })
    const began = performance.now()
    await Promise.race([sync, late])
    clearTimeout(timer)
    this.#count()
    this.#credit = Math.max(-MOST_WAITING, this.#credit - (performance.now() - began))
  }

  /** @returns for how long writes may wait now, in milliseconds */
  #count(): number {
    const now = performance.now()
    this.#credit = Math.min(MOST_WAITING, this.#credit + (now - this.#countedAt) * WAITING_SHARE)
    this.#countedAt = now
    return this.#credit
  }
}

/** Holds what a core tells its peers until the storage has synced what it is about. To be called before it has peers. */
export function gateSends(core: Core, durability: Durability): void {
  const gate = new SendGate(core, durability)
  core.ready().then(
    () => core.state && gate.watch(core.state),
    () => {}, // told by each session of it
  )
  const replicator = core.replicator as unknown as Internals
  const makePeer = replicator._makePeer
  replicator._makePeer = (muxer) => {
    const made = makePeer.call(replicator, muxer)
    const channel = made ? muxer.getLastChannel({ protocol: 'hypercore/alpha', id: core.discoveryKey }) : null
    if (channel !== null) gate.wrap(channel)
    return made
  }
}

/** What of a core is synced, and what waits for it. */
class SendGate {
  readonly #core: Core
  readonly #durability: Durability
  /** The length and fork of the core at the last sync. */
  #length = -1
  #fork = -1
  /** Whether something was signed since the core was opened. */
  #signs = false
  /** Whether all that was signed before the core was opened is synced. */
  #isSynced = false
  /** The sync that runs, and what the core held when it began. */
  #syncing: { readonly length: number; readonly fork: number; readonly ended: Promise<void> } | null = null

  constructor(core: Core, durability: Durability) {
    this.#core = core
    this.#durability = durability
  }

  /** Learns of what is signed from now on. */
  watch(state: SessionState): void {
    const internals = state as unknown as Signing
    for (const name of SIGNING) {
      const original = internals[name]
      internals[name] = (...args) => {
        this.#signs = true
        return this.#signing(original.apply(state, args))
      }
    }
  }

  async #signing(writing: Promise<unknown>): Promise<unknown> {
    try {
      return await writing
    } finally {
      this.#durability.signed()
      if (this.#core.replicator.peers.length > 0 && !this.#isOpen())
        await this.#durability.waitFor(this.#sync())
    }
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

  /** Whether all that peers can be told is synced, or was signed elsewhere. */
  #isOpen(): boolean {
    const { state, header } = this.#core
    if (state === null || (state.length === this.#length && state.fork === this.#fork)) return true
    if (this.#signs || header?.keyPair) return false
    this.#isSynced ||= this.#durability.isComplete
    return this.#isSynced
  }

  /** Syncs what the core holds now. Calls for the same length and fork share the sync. */
  #sync(): Promise<void> {
    const { state } = this.#core
    if (state === null) return Promise.resolve()
    const { length, fork } = state
    if (this.#syncing?.length !== length || this.#syncing.fork !== fork) {
      const syncing = { length, fork, ended: this.#syncUntil(length, fork) }
      this.#syncing = syncing
      syncing.ended.then(() => {
        if (this.#syncing === syncing) this.#syncing = null
      })
    }
    return this.#syncing.ended
  }

  async #syncUntil(length: number, fork: number): Promise<void> {
    while (!this.#core.replicator.destroyed) {
      if (await this.#durability.sync()) {
        this.#length = length
        this.#fork = fork
        this.#isSynced = true
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
