// `authorize` of the user: asked each time, bounded, and never waited for without end.

import type { PeerStream } from './peer-stream.js'

/** Whether a core may be replicated with a peer. */
export type Authorize = (discoveryKey: Uint8Array, remotePublicKey: Uint8Array) => boolean | Promise<boolean>

/** How many decisions of one peer may be open at a time. The oldest one is denied when there is another. */
const MOST_OPEN = 1024
/** How long a request of a peer is held for its decision, in milliseconds: up to twice as long. */
const PATIENCE = 250

export class Permissions {
  readonly #authorize: Authorize | null
  /** By peer, what denies each decision that is open. */
  readonly #open = new WeakMap<PeerStream, Set<() => void>>()
  /** What settles when the requests of this moment have been held for long enough. */
  #patience: Promise<null> | null = null
  #revocations = 0

  constructor(authorize: Authorize | null) {
    this.#authorize = authorize
  }

  /** Whether every peer may have every core. */
  get isOpen(): boolean {
    return this.#authorize === null
  }

  /** How often permissions were taken back. One that was given before does not count any more. */
  get revocations(): number {
    return this.#revocations
  }

  revoke(): void {
    this.#revocations++
  }

  /** Whether a peer may have a core. Asks once more if permissions were taken back meanwhile. */
  async ask(peer: PeerStream, discoveryKey: Uint8Array): Promise<boolean> {
    if (this.#authorize === null) return true
    const remotePublicKey = await peer.remotePublicKey()
    if (remotePublicKey === null) return false
    for (;;) {
      const before = this.#revocations
      const decision = this.#authorize(discoveryKey, remotePublicKey)
      const isOpen = decision instanceof Promise
      const permitted: unknown = isOpen ? await this.#bounded(peer, decision) : await decision
      if (permitted !== true) return false
      if (before === this.#revocations) return true
    }
  }

  /** A decision, if there is one soon; otherwise `null`. */
  soon(decision: Promise<boolean>): Promise<boolean | null> {
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
