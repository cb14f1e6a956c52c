// How the connections to a mirror fare. It counts as lost when it was never connected after a few tries, and when it closes connections. One
// that was connected may be restarting: that it does nothing for long is for the caller to judge.

import type { NoiseSecretStream } from '@coreyard/hypercore-types'
import { hex } from '../key.js'

/** How many connections in a row may fail. */
const TRIES = 3
/** How many may be closed in all: a mirror that takes a little each time, and never all, is given up. */
const MOST_DROPPED = 10
/** How long to wait before another try, in milliseconds. */
const PAUSE = 500

export class MirrorLink {
  readonly key: Uint8Array
  readonly publicKey: string
  isOpen = false
  /** Whether it was connected, now or before. */
  hasOpened = false
  /** Since the mirror last did something: connections that did not open, and that did and were closed. */
  #failed = 0
  #dropped = 0
  #droppedInAll = 0
  #steps = -1
  #since = Date.now()

  constructor(key: Uint8Array) {
    this.key = key
    this.publicKey = hex(key)
  }

  get isLost(): boolean {
    return (!this.hasOpened && this.#failed >= TRIES) || this.isRefused
  }

  /** Whether the mirror was there, and did not want to be asked. */
  get isRefused(): boolean {
    return this.#dropped >= TRIES || this.#droppedInAll >= MOST_DROPPED
  }

  /** Something is asked of the mirror, which has from now on time to do it. */
  asked(): void {
    this.#since = Date.now()
  }

  /** A number that grows when the mirror gets on, and begins again with a connection. */
  saw(steps: number): void {
    const hasGrown = steps > this.#steps
    this.#steps = steps
    if (!hasGrown) return
    this.#since = Date.now()
    this.#failed = 0
    this.#dropped = 0
  }

  /** Whether the mirror has done nothing for that many milliseconds. */
  isStalled(time: number): boolean {
    return Date.now() - this.#since > time
  }

  /** Counts what becomes of a stream. `again`: connects once more. */
  watch(stream: NoiseSecretStream, again: () => void = () => {}): void {
    let wasOpen = false
    stream.on('error', () => {}) // it closes, too
    stream.opened.then((isOpened) => {
      wasOpen = isOpened
      this.isOpen = isOpened
      this.hasOpened ||= isOpened
    })
    stream.once('close', () => {
      this.isOpen = false
      if (wasOpen) {
        this.#dropped++
        this.#droppedInAll++
      } else {
        this.#failed++
      }
      setTimeout(again, PAUSE).unref()
    })
  }
}
