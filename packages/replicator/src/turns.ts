// A bound on how much runs at once. It knows nothing of what runs.

/** Lets a number of tasks run at a time; the others wait, in the order in which they came. */
export class Turns {
  #free: number
  // A queue of two stacks: what arrives is turned around when all that came before it has left.
  #arrived: (() => void)[] = []
  #leaving: (() => void)[] = []

  constructor(limit: number) {
    this.#free = limit
  }

  /** Runs `task` when its turn has come, and gives its result. */
  async run<T>(task: () => T | Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--
    else await new Promise<void>((resolve) => this.#arrived.push(resolve))

    try {
      return await task()
    } finally {
      this.#passOn()
    }
  }

  #passOn(): void {
    if (this.#leaving.length === 0) {
      this.#leaving = this.#arrived.reverse()
      this.#arrived = []
    }
    const next = this.#leaving.pop()
    if (next === undefined) this.#free++
    else next()
  }
}
