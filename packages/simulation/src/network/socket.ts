// One end of a connection, as a stream of bytes.

import { Duplex } from 'streamx'
import type { Wire } from './wire.js'

type Callback = (error: Error | null) => void

export class Socket extends Duplex {
  readonly #outgoing: Wire
  /** What has arrived while the reader was busy. */
  readonly #arrived: (Uint8Array | null)[] = []
  #isReading = false

  constructor(outgoing: Wire) {
    super()
    this.#outgoing = outgoing
    this.on('error', () => {}) // those that use it are told by its close
  }

  /** Bytes, or the end, have come over the incoming wire. */
  arrive(data: Uint8Array | null): void {
    this.#arrived.push(data)
    this.#hand()
  }

  override _read(callback: Callback): void {
    this.#isReading = true
    this.#hand()
    callback(null)
  }

  override _write(data: unknown, callback: Callback): void {
    // A copy: the sender may use its memory again.
    this.#outgoing.send(Uint8Array.from(data as Uint8Array), () => callback(null))
  }

  override _final(callback: Callback): void {
    this.#outgoing.send(null, () => callback(null))
  }

  #hand(): void {
    while (this.#isReading && this.#arrived.length > 0 && !this.destroying) {
      this.#isReading = this.push(this.#arrived.shift() ?? null)
    }
  }
}
