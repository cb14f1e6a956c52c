// Turns: work on one thing is done one after the other, for example opening cores by the same name.

/** By the id of a thing, the work that runs and the work that waits. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>()

  /** Runs `work` after all work that began earlier with the same id has ended; immediately if there is none. */
  async run<T>(id: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(id)
    const turn = before === undefined ? work() : before.then(work, work)
    this.#last.set(id, turn)
    try {
      return await turn
    } finally {
      if (this.#last.get(id) === turn) this.#last.delete(id)
    }
  }
}
