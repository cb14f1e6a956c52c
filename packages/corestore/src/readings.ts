// What a store reads from the storage piece by piece: `stored`, `list`, `audit` and a group's updates. A database does not
// close as long as a part of it is being read, so the store ends the readings when it closes.

import type { ReadStream } from '@coreyard/hypercore-types'
import { Readable } from 'streamx'
import { storeClosed } from './errors.js'

type Source<T> = AsyncGenerator<T, void, undefined>

/** The readings of one store. */
export class Readings {
  /** What ends those that have begun. */
  readonly #open = new Set<() => void>()
  readonly #closing: AbortSignal

  /** @param closing aborted when the store closes: all reading then fails with `SESSION_CLOSED` */
  constructor(closing: AbortSignal) {
    this.#closing = closing
    closing.addEventListener('abort', () => this.#endAll(), { once: true })
  }

  /** Hands on what `source` gives, until the store closes. */
  iterate<T>(source: Source<T>): AsyncIterableIterator<T> {
    // One that is being read from ends when it has what it waits for: `next` tells whoever waits.
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

  /** Hands on what `source` gives as a stream, until the store closes. */
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
    this.#open.add(end)
    return stream as ReadStream<unknown> as ReadStream<T>
  }

  #endAll(): void {
    for (const end of [...this.#open]) end()
    this.#open.clear()
  }

  async #next<T>(source: Source<T>, end: () => void): Promise<IteratorResult<T, void>> {
    try {
      if (!this.#closing.aborted) {
        this.#open.add(end)
        const result = await source.next()
        if (result.done) this.#open.delete(end)
        if (!this.#closing.aborted) return result
      }
    } catch (error) {
      this.#open.delete(end)
      if (!this.#closing.aborted) throw error
    }
    throw storeClosed()
  }
}
