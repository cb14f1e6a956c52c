// Taking turns: whatever changes the store runs alone. Tasks come first, in their order; when there are none, it is the turn of the
// work that the writer has at hand.

import { nextTurn } from '../event-loop.js'
import type { Maybe } from '../storage/storage.js'

interface Task {
  readonly run: () => Maybe<void>
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

export class Turns {
  readonly #tasks: Task[] = []
  readonly #work: () => Maybe<void> | null
  readonly #rest: () => void
  #busy = false

  /**
   * @param work does some of the work there is; null if nothing can be done now
   * @param rest called when there is neither a task nor work
   */
  constructor(work: () => Maybe<void> | null, rest: () => void) {
    this.#work = work
    this.#rest = rest
  }

  get isBusy(): boolean {
    return this.#busy
  }

  /** Runs alone, as soon as what is under way has ended. */
  task<T>(run: () => Maybe<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let result: T
      this.#tasks.push({
        run: async () => {
          result = await run()
        },
        resolve: () => resolve(result),
        reject,
      })
      this.kick()
    })
  }

  /** Looks for something to do, unless something is being done. */
  kick(): void {
    if (!this.#busy) void this.#run()
  }

  async #run(): Promise<void> {
    this.#busy = true
    for (;;) {
      const task = this.#tasks.shift()
      if (task !== undefined) {
        try {
          await task.run()
          task.resolve()
        } catch (error) {
          task.reject(error)
        }
        continue
      }
      const work = this.#work()
      if (work === null) break
      if (work instanceof Promise) await work
      // Many batches may have come in one turn of the event loop.
      await nextTurn()
    }
    this.#busy = false
    this.#rest()
  }
}
