// What a store reads from the storage piece by piece: `stored`, `list`, `audit` and a group's updates. A database does not
// close as long as a part of it is being read, so the store ends the readings when it closes.

import type { ReadStream } from '@coreyard/hypercore-types'
import { Readable } from 'streamx'
import { storeClosed } from '../errors/errors.js'
import type { Lifetime } from './lifetime.js'

type Source<T> = AsyncGenerator<T, void, undefined>

/** The readings of one store. */
export class Readings {
  /** What ends those that have begun. */
  readonly #open = new Set<() => void>()
  readonly #lifetime: Lifetime
  #isAttending = false

  /** @param lifetime that of the store: when it ends, all reading fails with `SESSION_CLOSED` */
  constructor(lifetime: Lifetime) {
    this.#lifetime = lifetime
  }

  /** Returns an iterator over `source` that fails once the store closes. */
  iterate<T>(source: Source<T>): AsyncIterableIterator<T> {
    // A source that is being read ends after its current read; `next` then throws.
    const end = () => void source.return().catch(() => {})
    return {
      next: () => this.#next(source, end),
      return: async () => {
        this.#open.delete(end)
        return source.return()
      },
      [Symbol.asyncIterator]() {
        return this
      },
    }
  }

  /** Returns a stream over `source` that fails once the store closes. */
  stream<T>(source: Source<T>): ReadStream<T> {
    const reading = this.iterate(source)
    const end = () => {
      // An error without a listener would end the process.
      stream.destroy(stream.listenerCount('error') > 0 ? storeClosed() : null)
    }
    const stream = new Readable({
      read(done) {
        reading.next().then(
          (result) => {
            this.push(result.done === true ? null : result.value)
            done(null)
          },
          (error) => done(error),
        )
      },
      destroy: (done) => {
        this.#open.delete(end)
        source.return().then(() => done(null), done)
      },
    })
    this.#begin(end)
    return stream as ReadStream<unknown> as ReadStream<T>
  }

  get #isClosing(): boolean {
    return this.#lifetime.closing !== null
  }

  #begin(end: () => void): void {
    this.#open.add(end)
    if (this.#isAttending) return
    this.#isAttending = true
    this.#lifetime.signal.addEventListener('abort', () => this.#endAll(), { once: true })
  }

  #endAll(): void {
    for (const end of [...this.#open]) end()
    this.#open.clear()
  }

  async #next<T>(source: Source<T>, end: () => void): Promise<IteratorResult<T, void>> {
    try {
      if (!this.#isClosing) {
        this.#begin(end)
        const result = await source.next()
        if (result.done) this.#open.delete(end)
        if (!this.#isClosing) return result
      }
    } catch (error) {
      this.#open.delete(end)
      if (!this.#isClosing) throw error
    }
    throw storeClosed()
  }
}
