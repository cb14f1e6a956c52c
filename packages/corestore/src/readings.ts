// What a store reads from the storage piece by piece: `stored`, `list`, `audit` and a group's updates. A database does not
// close as long as somebody has read half of it, so the store ends them when it closes.

import { storeClosed } from './errors.js'

/** The readings of one store. */
export class Readings {
  /** Those that have begun, and may hold a stream of the storage. */
  readonly #open = new Set<AsyncGenerator<unknown>>()
  #closed = false

  /** Hands on what `source` gives, until the store closes: then whoever goes on reading gets `SESSION_CLOSED`. */
  begin<T>(source: AsyncGenerator<T, void, undefined>): AsyncIterableIterator<T> {
    return {
      next: () => this.#next(source),
      return: async () => {
        this.#open.delete(source)
        return source.return()
      },
      [Symbol.asyncIterator]() {
        return this
      },
    }
  }

  /** The store closes. Waits for nobody: one that is being read from ends when it has what it waits for. */
  close(): void {
    this.#closed = true
    for (const source of this.#open) source.return(undefined).catch(() => {}) // told by `next`
    this.#open.clear()
  }

  async #next<T>(source: AsyncGenerator<T, void, undefined>): Promise<IteratorResult<T, void>> {
    try {
      if (!this.#closed) {
        this.#open.add(source)
        const result = await source.next()
        if (result.done) this.#open.delete(source)
        if (!this.#closed) return result
      }
    } catch (error) {
      this.#open.delete(source)
      if (!this.#closed) throw error
    }
    throw storeClosed()
  }
}
