// The user's `authorize`: called each time, with a limit on open decisions and on the time that a request waits for one.

import b4a from 'b4a'
import type { PeerStream } from './peer-stream.js'

/** Decides whether a core may be replicated with a peer. Both keys are 32 bytes, and copies that the function may change. */
export type Authorize = (discoveryKey: Uint8Array, remotePublicKey: Uint8Array) => boolean | Promise<boolean>

/** A permission. It is valid until permissions are revoked; a caller checks that in the turn in which it uses it. */
export type Permit = symbol

/** How many decisions of one peer may be open at a time. When there is another, the oldest is denied. */
const MOST_OPEN = 1024
/** A request of a peer waits for its decision for this many milliseconds, up to twice as many. */
const PATIENCE = 250

export class Permissions {
  readonly #authorize: Authorize | null
  /** By peer, the functions that deny each open decision. */
  readonly #open = new WeakMap<PeerStream, Set<() => void>>()
  /** Settles when the current requests have waited long enough. */
  #patience: Promise<null> | null = null
  #current: Permit = Symbol('permit')

  constructor(authorize: Authorize | null) {
    this.#authorize = authorize
  }

  /** Whether every peer may have every core. */
  get isOpen(): boolean {
    return this.#authorize === null
  }

  /** The permission that is given now. */
  get current(): Permit {
    return this.#current
  }

  /** Makes all permissions invalid. */
  revoke(): void {
    this.#current = Symbol('permit')
  }

  /**
   * Whether a peer may have a core. Asks again if permissions were revoked in the meantime.
   *
   * @returns the permission, or `false`
   */
  async ask(peer: PeerStream, discoveryKey: Uint8Array): Promise<Permit | false> {
    if (this.#authorize === null) return this.#current
    const remotePublicKey = await peer.remotePublicKey()
    if (remotePublicKey === null) return false
    for (;;) {
      const permit = this.#current
      const decision = this.#authorize(b4a.from(discoveryKey), b4a.from(remotePublicKey))
      const isOpen = decision instanceof Promise
      const permitted: unknown = isOpen ? await this.#bounded(peer, decision) : await decision
      if (permitted !== true) return false
      if (permit === this.#current) return permit
    }
  }

  /** Resolves with the decision if it comes in time, otherwise with `null`. */
  soon(decision: Promise<Permit | false>): Promise<Permit | false | null> {
    this.#patience ??= new Promise((resolve) => {
      after(PATIENCE, () => {
        this.#patience = null
        after(PATIENCE, () => resolve(null))
      })
    })
    return Promise.race([decision, this.#patience])
  }

  #bounded(peer: PeerStream, decision: Promise<boolean>): Promise<boolean> {
    const open = this.#open.get(peer) ?? new Set()
    this.#open.set(peer, open)
    const [oldest] = open
    if (open.size >= MOST_OPEN) oldest?.()
    return new Promise((resolve, reject) => {
      const deny = () => {
        open.delete(deny)
        resolve(false)
      }
      open.add(deny)
      decision.then(
        (permitted) => {
          open.delete(deny)
          resolve(permitted)
        },
        (error) => {
          open.delete(deny)
          reject(error)
        },
      )
    })
  }
}

/** Calls back in so many milliseconds, and keeps no process alive. */
function after(milliseconds: number, call: () => void): void {
  const timer = setTimeout(call, milliseconds)
  // A browser's timer is a number and keeps nothing alive.
  if (typeof timer === 'object') timer.unref()
}
