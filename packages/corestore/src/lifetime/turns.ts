// Turns: work on one thing is done one after the other, for example opening cores by the same name.

/** By the id of a thing, the work that goes on and the work that waits. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>()

  /** Runs `work` when all that was begun before with the same id has ended; at once if nothing was. */
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
