// Who can still reach which pages: user snapshots, iterators, reads in flight, the last durable checkpoint and the
// one being written. A page that the tree no longer uses goes back to `space` once no pin can reach it.
//
// Time is counted in epochs. A pin taken in epoch e sees what was born up to e and freed after e. A freed extent that some pin
// sees waits on the oldest such pin, so that closing a young one looks only at what that one held up.

import type { Extent } from './space.js'

export interface Pin {
  readonly epoch: number
  /** Page of the root, 0 for an empty tree. */
  readonly root: number
  /** A checkpoint: besides the tree it protects every value that its log refers to. */
  readonly durable: boolean
  /** The epoch in which the log of a checkpoint begins: its records refer to values that were born later. */
  readonly logEpoch: number
  refs: number
  held: Freed[]
}

interface Freed extends Extent {
  readonly born: number
  readonly freed: number
  /** A value that the log may refer to even if it was born after the checkpoint. */
  readonly isLogged: boolean
}

export class Pins {
  /** What is born now is born in this epoch. */
  epoch = 1
  /** The epoch of the youngest pin: a dirty page born later is not visible to any view and may be changed in place. */
  youngest = 0
  readonly #live: Pin[] = []
  readonly #births = new Map<number, number>()
  readonly #release: (extent: Extent) => void
  /** The epoch of the last change. */
  #changedIn = 0

  constructor(release: (extent: Extent) => void) {
    this.#release = release
  }

  /** Pins the tree under `root` as it is now. Shares the last pin if nothing has changed since. */
  acquire(root: number, durable = false, logEpoch = this.epoch): Pin {
    const last = this.#live[this.#live.length - 1]
    if (
      !durable &&
      last !== undefined &&
      !last.durable &&
      last.epoch >= this.#changedIn &&
      last.root === root
    ) {
      last.refs++
      return last
    }
    const pin: Pin = { epoch: this.epoch++, root, durable, logEpoch, refs: 1, held: [] }
    this.#live.push(pin)
    this.youngest = pin.epoch
    return pin
  }

  release(pin: Pin): void {
    if (--pin.refs > 0) return
    this.#live.splice(this.#live.indexOf(pin), 1)
    this.youngest = this.#live[this.#live.length - 1]?.epoch ?? 0
    const held = pin.held
    pin.held = []
    for (const extent of held) this.#place(extent)
  }

  /** Takes one more reference on every pin there is; each is to be released. */
  shareAll(): Pin[] {
    for (const pin of this.#live) pin.refs++
    return [...this.#live]
  }

  /** Says that the tree is about to change, so that later pins are not shared with earlier ones. */
  changing(): void {
    this.#changedIn = this.epoch
  }

  /** Begins a new epoch. Returns the one that has ended. */
  turn(): number {
    return this.epoch++
  }

  /** A value is born. Nodes know by themselves when they were. */
  born(page: number): void {
    this.#births.set(page, this.epoch)
    // An earlier pin does not see it.
    this.#changedIn = this.epoch
  }

  /** Frees an extent that the current tree no longer uses. */
  free({ page, count }: Extent, born: number, isLogged: boolean): void {
    this.#place({ page, count, born, freed: this.epoch, isLogged })
  }

  /** When a value was born, 0 if no pin can tell. */
  bornAt(page: number): number {
    return this.#births.get(page) ?? 0
  }

  /** Whether anything reads that is not a checkpoint. */
  get hasReaders(): boolean {
    return this.#live.some((pin) => !pin.durable)
  }

  /** Forgets births that no pin can tell from the beginning of time. Called after a checkpoint. */
  prune(): void {
    const oldest = this.#live.reduce(
      (least, { logEpoch }) => Math.min(least, logEpoch),
      Number.POSITIVE_INFINITY,
    )
    for (const [page, born] of this.#births) if (born <= oldest) this.#births.delete(page)
  }

  /** Freed, but still seen by some pin. */
  *waiting(): Iterable<Extent> {
    for (const pin of this.#live) yield* pin.held
  }

  #place(extent: Freed): void {
    for (const pin of this.#live) {
      const isSeen = pin.epoch >= extent.born && pin.epoch < extent.freed
      const isLogged = extent.isLogged && pin.durable && pin.logEpoch < extent.born
      if (isSeen || isLogged) {
        pin.held.push(extent)
        return
      }
    }
    this.#births.delete(extent.page)
    this.#release(extent)
  }
}
