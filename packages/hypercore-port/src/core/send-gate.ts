// Nothing that a power cut could take back reaches a peer. A writer that lost what its peers have would sign the same indexes again,
// and a core with two signed histories is dead on every peer. So what a core tells its peers of itself waits until the storage has
// synced it. A write waits, too, while the core has peers, so that they are told when it resolves; but waiting takes only a part of
// the time, so that many writes in a row share syncs.
//
// Hypercore does not offer a place for this. Its replicator makes a channel for each peer (`Replicator._makePeer`) and calls `send` of
// the channel's messages; both are wrapped here. So are the calls that sign, because the key pair may be given to each of them.

import { setImmediate } from 'node:timers'
import type { Channel, Core, Message, Protomux } from '@coreyard/hypercore-types'
import { PROTOCOL } from '../replication/protocol.js'
import { type Gate, HeldMessages, TELLING } from './held-messages.js'
import { keepWants } from './wanted-range.js'

/** The calls that write what is signed here, or comes with a signature (lib/session-state.js). The last one is of atomic sessions. */
const SIGNING = ['append', 'truncate', 'commit', '_oncommit'] as const
const TELLING_NUMBERS = Object.values(TELLING)
/** After a sync that failed, the next one begins after this many milliseconds. */
const RETRY_DELAY = 1000

/** Where the replicator and the state of a core have its gate. What is called instead of their methods is one function for all cores. */
const GATE = Symbol('@coreyard/hypercore-port/send-gate')

interface Gated {
  [GATE]: SendGate
}

/** What makes a core's writes survive a power cut. */
export interface Syncs {
  /** Whether all signed writes of the store survive a power cut. */
  readonly isComplete: boolean
  /** A signed write has ended. */
  signed(): void
  /** @returns whether everything that was written before the call survives a power cut */
  sync(): Promise<boolean>
  /** Waits for a sync, if writes have not waited for too long lately. */
  waitFor(sync: Promise<void>): Promise<void>
}

/** Hypercore's replicator, as far as it is wrapped. */
interface Internals {
  _makePeer(muxer: Protomux): boolean
}

type Method = (...args: unknown[]) => unknown
type Signing = Record<(typeof SIGNING)[number], Method>

/** Holds what a core tells its peers until the storage has synced what it is about. To be called before it has peers. */
export function gateSends(core: Core, syncs: Syncs): void {
  const gate = new SendGate(core, syncs)
  Object.assign(core.replicator, { [GATE]: gate, _makePeer: makePeer })
  core.ready().then(
    () => core.state && Object.assign(core.state, { [GATE]: gate }, signing),
    () => {}, // told by each session of it
  )
}

/**
 * Before a core closes: syncs once, and sends what its peers have not been told because of that. `null` if nothing is held. Never
 * rejects; what cannot be synced is not told.
 */
export function tellHeld(core: Core): Promise<void> | null {
  return (core.replicator as unknown as Partial<Gated>)[GATE]?.tellHeld() ?? null
}

/** Instead of the replicator's method of that name. */
function makePeer(this: Internals & Gated, muxer: Protomux): boolean {
  const { _makePeer: original } = Object.getPrototypeOf(this) as Internals
  const made = original.call(this, muxer)
  if (made) this[GATE].wrapLast(muxer)
  return made
}

/** Instead of the methods of a state that sign. */
const signing = Object.fromEntries(
  SIGNING.map((name) => [
    name,
    function (this: Gated, ...args: unknown[]): Promise<unknown> {
      const original = (Object.getPrototypeOf(this) as Signing)[name]
      return this[GATE].whileSigning(() => original.apply(this, args))
    },
  ]),
)

/** What of a core is synced, and what waits for it. */
class SendGate implements Gate {
  readonly #core: Core
  readonly #syncs: Syncs
  /** The length and fork of the core at the last sync. */
  #length = -1
  #fork = -1
  /** Whether something was signed since the core was opened. */
  #signs = false
  /** Whether all that was signed before the core was opened is synced. */
  #isSynced = false
  /** The sync that runs, and what the core held when it began. */
  #syncing: { readonly length: number; readonly fork: number; readonly ended: Promise<void> } | null = null

  constructor(core: Core, syncs: Syncs) {
    this.#core = core
    this.#syncs = syncs
  }

  /** Runs what signs, and waits for its sync if peers are to be told of it. */
  async whileSigning(write: () => unknown): Promise<unknown> {
    this.#signs = true
    try {
      return await write()
    } finally {
      this.#syncs.signed()
      if (this.#core.replicator.peers.length > 0 && !this.isOpen()) await this.#syncs.waitFor(this.sync())
    }
  }

  /** Wraps the channel of this core that was opened last. */
  wrapLast(muxer: Protomux): void {
    const channel = muxer.getLastChannel({ protocol: PROTOCOL, id: this.#core.discoveryKey })
    if (channel !== null) this.#wrap(channel)
  }

  /** Wraps the messages of a channel through which none has gone yet. They keep their order. */
  #wrap(channel: Channel): void {
    keepWants(channel.userData as object)
    const held = new HeldMessages(channel, this)
    for (const number of TELLING_NUMBERS) {
      const message = channel.messages[number] as Message<unknown>
      const { send } = message
      message.send = (value) => {
        held.send(number, value, send)
        return true
      }
    }
  }

  /** Whether all that peers can be told is synced, or was signed elsewhere. Of a core that has closed nothing is told any more. */
  isOpen(): boolean {
    const { state, header, replicator } = this.#core
    if (
      state === null ||
      replicator.destroyed ||
      (state.length === this.#length && state.fork === this.#fork)
    )
      return true
    if (this.#signs || header?.keyPair) return false
    this.#isSynced ||= this.#syncs.isComplete
    return this.#isSynced
  }

  /** Syncs what the core holds now. Calls for the same length and fork share the sync. */
  sync(): Promise<void> {
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

  /** One attempt. What is held waits for a sync that began before this one. */
  tellHeld(): Promise<void> | null {
    return this.#syncing && this.#syncs.sync().then(nextTurn)
  }

  async #syncUntil(length: number, fork: number): Promise<void> {
    while (!this.#core.replicator.destroyed) {
      if (await this.#syncs.sync()) {
        this.#length = length
        this.#fork = fork
        this.#isSynced = true
        return
      }
      await retryDelay()
    }
  }
}

/** What waits for a sync goes on within the turn of the event loop in which it ends. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

/** Does not keep the process alive. */
function retryDelay(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, RETRY_DELAY)
    // A browser's timer is a number and keeps nothing alive.
    if (typeof timer === 'object') timer.unref()
  })
}
