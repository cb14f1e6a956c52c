// The disk of a machine. It outlives the stores that are opened on it, and loses power.

import type { Log } from '../log.js'
import type { Clock } from '../platform/clock.js'
import type { Random } from '../platform/random.js'
import { type DiskSpeed, type Loss, MountedDisk } from './mounted-disk.js'

export class Disk {
  readonly #name: string
  readonly #speed: DiskSpeed
  readonly #clock: Clock
  readonly #random: Random
  readonly #log: Log
  #bytes: Uint8Array = new Uint8Array(0)
  #mounted: MountedDisk | null = null

  constructor(name: string, speed: DiskSpeed, clock: Clock, random: Random, log: Log) {
    this.#name = name
    this.#speed = speed
    this.#clock = clock
    this.#random = random
    this.#log = log
  }

  /** Makes the storage of one store. The store before must have closed or crashed. */
  mount(): MountedDisk {
    if (this.#mounted !== null) throw new Error(`Disk ${this.#name} is in use`)
    this.#mounted = new MountedDisk(this.#bytes, {
      speed: this.#speed,
      clock: this.#clock,
      random: this.#random,
      tell: (text) => this.#log.detail(this.#name, text),
    })
    return this.#mounted
  }

  /** Loses the power or the process now, and keeps what survives that. */
  crash(loss: Loss): void {
    if (this.#mounted !== null) this.#bytes = this.#mounted.crash(loss)
    this.#mounted = null
  }

  /** Everything that was written. */
  content(): Uint8Array {
    return this.#mounted?.content() ?? this.#bytes
  }

  /** Puts other content in place of what is there. No store may be open. */
  replace(bytes: Uint8Array): void {
    if (this.#mounted !== null) throw new Error(`Disk ${this.#name} is in use`)
    this.#bytes = bytes
  }

  /** Keeps what a store that has closed left behind. */
  unmount(): void {
    if (this.#mounted !== null) this.#bytes = this.#mounted.content()
    this.#mounted = null
  }
}
