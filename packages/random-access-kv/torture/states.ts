// The states that a store may have: every state of a batch boundary, in the order of time, and from which of them on a power cut or a
// killed process may leave the store.

import type { Operation } from '../src/index.js'
import { Model, type Pair } from '../test/support/model.js'
import type { Moment } from './recorder.js'

export class States {
  readonly #all: Pair[][]
  /** The state that reads see. */
  current: Pair[]
  #safe = 0
  #acknowledged = 0

  constructor(first: Pair[]) {
    this.#all = [first]
    this.current = first
  }

  get length(): number {
    return this.#all.length
  }

  /** Which states are possible now. Those that a kill leaves are those of a power cut if the disk has forgotten something. */
  moment(hasForgotten: boolean): Moment {
    return {
      safe: this.#safe,
      acknowledged: hasForgotten ? this.#safe : this.#acknowledged,
      end: this.#all.length,
    }
  }

  /** The states of a moment after a power cut or a kill, the last first. */
  possible(from: number, end: number): Pair[][] {
    return this.#all.slice(from, end).reverse()
  }

  /** Some of these batches are about to be committed, in their order. */
  begin(batches: readonly Operation[][]): void {
    for (let chosen = 1; chosen < 2 ** batches.length; chosen++) this.#all.push(this.#with(batches, chosen))
  }

  /** The batches are over: these were acknowledged, the others were refused. Those may be there only after a cut or a kill. */
  end(batches: readonly Operation[][], acknowledged: readonly boolean[]): void {
    const chosen = acknowledged.reduce((bits, is, i) => bits | (is ? 1 << i : 0), 0)
    const start = this.#all.length
    for (let other = 2 ** batches.length - 1; other > chosen; other--) {
      if ((other & chosen) === chosen) this.#all.push(this.#with(batches, other))
    }
    this.current = this.#with(batches, chosen)
    this.#all.push(this.current)
    if (chosen !== 0) this.#acknowledged = start
  }

  /** What was acknowledged is safe from power cuts, as of some moment. */
  safe({ acknowledged }: { readonly acknowledged: number }): void {
    this.#safe = Math.max(this.#safe, acknowledged)
  }

  /** Nothing but the current state is possible. */
  exact(): void {
    this.#all.push(this.current)
    this.#safe = this.#all.length - 1
    this.#acknowledged = this.#safe
  }

  /** The process was killed, and this is what the next one has found. */
  found(state: Pair[]): void {
    this.current = state
    this.#all.push(state)
    this.#acknowledged = this.#all.length - 1
  }

  /** Where what is acknowledged begins now, for `safe`. */
  get mark(): { readonly acknowledged: number } {
    return { acknowledged: this.#acknowledged }
  }

  #with(batches: readonly Operation[][], chosen: number): Pair[] {
    if (chosen === 0) return this.current
    const model = new Model([...this.current])
    for (const [i, batch] of batches.entries()) if ((chosen & (1 << i)) !== 0) model.apply(batch)
    return model.list()
  }
}
