// Nothing that a power cut could undo reaches a peer. A writer that lost blocks that its peers have would sign the same indexes again, and
// every peer closes a core with two signed histories. So messages of a core about its own blocks wait until the storage has synced the
// blocks. While the core has peers, a write waits, too, so that the peers know of it when it resolves. Waiting takes only a part of the
// time, so that many writes in a row share syncs.
//
// Hypercore has no hook for this. Its replicator makes a channel for each peer (`Replicator._makePeer`) and calls `send` of
// the channel's messages; both are wrapped here. So are the calls that sign, because the key pair may be given to each of them.

import { setImmediate } from 'node:timers'
import type { Channel, Core, Message, Protomux } from '@coreyard/hypercore-types'
import { PROTOCOL } from '../replication/protocol.js'
import { type Gate, HeldMessages, TELLING } from './held-messages.js'
import { keepWants } from './wanted-range.js'

/** The calls that write something signed, here or by the caller (lib/session-state.js). The last one is for atomic sessions. */
const SIGNING = ['append', 'truncate', 'commit', '_oncommit'] as const
const TELLING_NUMBERS = Object.values(TELLING)
/** How many milliseconds after a failed sync the next one begins. */
const RETRY_DELAY = 1000

/** The property of the replicator and the state of a core that has its gate. One function for all cores replaces their methods. */
const GATE = Symbol('@coreyard/hypercore-port/send-gate')

interface Gated {
  [GATE]: SendGate
}

/** What makes a core's writes survive a power cut. */
export interface Syncs {
  /** Whether all signed writes of the store survive a power cut. */
  readonly isComplete: boolean
  /** Call it when a signed write has ended. */
  signed(): void
  /** @returns whether every write before the call survives a power cut */
  sync(): Promise<boolean>
  /** Waits for a sync, if writes have not waited for too long lately. */
  waitFor(sync: Promise<void>): Promise<void>
}

/** The part of Hypercore's replicator that is wrapped. */
interface Internals {
  _makePeer(muxer: Protomux): boolean
}

type Method = (...args: unknown[]) => unknown
type Signing = Record<(typeof SIGNING)[number], Method>

/** Holds back the messages of a core until the storage has synced the blocks concerned. Call it before the core has peers. */
export function gateSends(core: Core, syncs: Syncs): void {
  const gate = new SendGate(core, syncs)
  Object.assign(core.replicator, { [GATE]: gate, _makePeer: makePeer })
  core.ready().then(
    () => core.state && Object.assign(core.state, { [GATE]: gate }, signing),
    () => {}, // each session of the core reports it
  )
}

/**
 * Call it before a core closes: it syncs once, then sends the messages that were held back. Returns `null` if there are none. It never
 * rejects: messages whose blocks cannot be synced are not sent.
 */
export function tellHeld(core: Core): Promise<void> | null {
  return (core.replicator as unknown as Partial<Gated>)[GATE]?.tellHeld() ?? null
}

/** Replaces the replicator's method of that name. */
function makePeer(this: Internals & Gated, muxer: Protomux): boolean {
  const { _makePeer: original } = Object.getPrototypeOf(this) as Internals
  const made = original.call(this, muxer)
  if (made) this[GATE].wrapLast(muxer)
  return made
}

/** Replaces the methods of a state that sign. */
const signing = Object.fromEntries(
  SIGNING.map((name) => [
    name,
    function (this: Gated, ...args: unknown[]): Promise<unknown> {
      const original = (Object.getPrototypeOf(this) as Signing)[name]
      return this[GATE].whileSigning(() => original.apply(this, args))
    },
  ]),
)

/** The synced state of a core, and the messages that wait for a sync. */
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
  /** The running sync, and the state of the core when it began. */
  #syncing: { readonly length: number; readonly fork: number; readonly ended: Promise<void> } | null = null

  constructor(core: Core, syncs: Syncs) {
    this.#core = core
    this.#syncs = syncs
  }

  /** Runs a signing call, and waits for its sync if the core has peers. */
  async whileSigning(write: () => unknown): Promise<unknown> {
    this.#signs = true
    try {
      return await write()
    } finally {
      this.#syncs.signed()
      if (this.#core.replicator.peers.length > 0 && !this.isOpen()) await this.#syncs.waitFor(this.sync())
    }
  }

  /** Wraps the last opened channel of this core. */
  wrapLast(muxer: Protomux): void {
    const channel = muxer.getLastChannel({ protocol: PROTOCOL, id: this.#core.discoveryKey })
    if (channel !== null) this.#wrap(channel)
  }

  /** Wraps the messages of a channel that has sent none yet. They keep their order. */
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

  /** Whether everything in messages to peers is synced, or was signed elsewhere. A closed core sends no messages any more. */
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

  /** Syncs the current state of the core. Calls for the same length and fork share the sync. */
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

  /** Makes one attempt to sync. Held messages are sent when a sync succeeds. */
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

/** Work that waits for a sync continues in the turn of the event loop in which the sync ends. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

/** Does not keep the process running. */
function retryDelay(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, RETRY_DELAY)
    // In a browser, a timer is a number and has no `unref`.
    if (typeof timer === 'object') timer.unref()
  })
}
