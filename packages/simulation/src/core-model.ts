// What one core must be, whatever happened: which states its writer may be in, and which blocks there may be anywhere.

/** A core at one moment. */
export interface State {
  readonly fork: number
  readonly blocks: readonly string[]
}

const EMPTY: State = { fork: 0, blocks: [] }

export class CoreModel {
  /** Whether its writer has deleted it. Nothing is written to it then. */
  isRetired = false
  /** Which store has an exclusive session of it open. */
  exclusive: string | null = null
  /** From the state that survives a power cut for sure, to the last one that was attempted. */
  #recoverable: State[] = [EMPTY]
  /** Those that the writer may be in as long as there is no power cut: the last acknowledged one, and attempts since. */
  #live: State[] = [EMPTY]
  /** Every value that the writer has given a block, by its index. */
  readonly #attempted: Set<string>[] = []
  /** Whether a power cut may have taken states that peers already have, and give back. */
  #mayReturn = false
  /** Every state that was attempted, in order. */
  readonly #history: State[] = [EMPTY]
  #written = 0
  #powerCuts = 0

  /** The state that was acknowledged last. */
  get acknowledged(): State {
    return this.#live[0] as State
  }

  /** A value that no other block has. */
  newBlock(label: string, size: number): string {
    return `${label} #${this.#written++} ${'x'.repeat(size)}`
  }

  isPossible(index: number, value: string): boolean {
    return this.#attempted[index]?.has(value) === true
  }

  /** Those of the writer's possible states that have this length and fork. The last one is the likeliest. */
  find(fork: number, length: number): State[] {
    const states = this.#mayReturn ? [...this.#recoverable, ...this.#live] : this.#live
    return states.filter((state) => state.fork === fork && state.blocks.length === length)
  }

  /** The writer begins to bring the core from one state to the next. Whether it will is open. */
  attempt(from: State, to: State): void {
    this.#live = [from, to]
    this.#recoverable.push(to)
    this.#history.push(to)
    for (const [index, value] of to.blocks.entries()) {
      const values = this.#attempted[index]
      if (values === undefined) this.#attempted[index] = new Set([value])
      else values.add(value)
    }
  }

  /** The writer was found in that state. */
  settle(state: State): void {
    this.#live = [state]
  }

  /** That state survives a power cut. */
  secure(state: State): void {
    const index = this.#recoverable.indexOf(state)
    if (index !== -1) this.#recoverable.splice(0, index)
  }

  /** Whichever state the writer is in survives a power cut. */
  secureAll(): void {
    this.#recoverable = [...this.#live]
    this.#mayReturn = false
  }

  /** How often the writer's machine has lost its power. What was begun before is not acknowledged after. */
  get powerCuts(): number {
    return this.#powerCuts
  }

  /** The writer's machine has lost its power. */
  losePower(): void {
    this.#powerCuts++
    this.#live = [...this.#recoverable]
    this.#mayReturn = true
  }

  /** Where a copy that is made now is in the history. */
  get position(): number {
    return Math.min(...this.#live.map((state) => this.#history.indexOf(state)))
  }

  /** The writer's machine goes on from a copy: peers give back what was told since. */
  restore(position: number): void {
    this.#recoverable = this.#history.slice(Math.max(0, position))
    this.losePower()
  }

  /** In one line. */
  describe(): string {
    return this.#live.map(({ fork, blocks }) => `length ${blocks.length} of fork ${fork}`).join(' or ')
  }
}
