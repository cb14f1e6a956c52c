// The lifetime of a store: what it has acquired, and how all of that is released. Every store has a lifetime, and the part that stores
// share has one of its own.

import { AbortController } from '#abort-controller'
import { closeFailed, storeClosed } from '../errors/errors.js'
import { newPromise } from './promise.js'

/** Releases one thing. It may throw or reject; the others are released nevertheless. */
export type Closer = () => unknown

/** Owns closing: everything that must be released is listed here, and `close` goes through the whole list. */
export class Lifetime {
  /** Made when the signal is first read: most stores do not need it. */
  #end: AbortController | null = null
  /** What to call when closing begins; made when there is something. A signal with so many listeners warns of a leak. */
  #ends: Set<(error: Error) => void> | null = null
  readonly #closers: Closer[] = []
  readonly #ended: () => void
  #closing: Promise<void> | null = null
  #closed = false

  /** @param ended called when everything is released */
  constructor(ended: () => void = () => {}) {
    this.#ended = ended
  }

  /** Aborted when closing begins; the reason is the error `SESSION_CLOSED`. */
  get signal(): AbortSignal {
    this.#end ??= new AbortController()
    if (this.#closing !== null) this.#end.abort(storeClosed())
    return this.#end.signal
  }

  /** Settles when everything is released, and never rejects; `null` before `close`. */
  get closing(): Promise<void> | null {
    return this.#closing
  }

  /** Whether everything is released. */
  get closed(): boolean {
    return this.#closed
  }

  /** Adds what `close` must release. What was added last is released first. */
  owns(closer: Closer): void {
    this.#closers.push(closer)
  }

  /** Waits for the result of `work`. Rejects with `SESSION_CLOSED` when closing begins. */
  untilClosing<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closing !== null) return Promise.reject(storeClosed())
    return new Promise((resolve, reject) => {
      const forget = this.whenClosing(reject)
      work().then(resolve, reject).finally(forget)
    })
  }

  /** Calls `end` with the error `SESSION_CLOSED` when closing begins. @returns a function that prevents that */
  whenClosing(end: (error: Error) => void): () => void {
    this.#ends ??= new Set()
    const ends = this.#ends.add(end)
    return () => {
      ends.delete(end)
    }
  }

  /**
   * Releases everything, one after the other.
   *
   * The first call rejects with `CLOSE_FAILED` if anything failed. Later calls only wait: each failure is reported once.
   */
  close(): Promise<void> {
    if (this.#closing !== null) return this.#closing
    const { promise, resolve } = newPromise()
    this.#closing = promise
    this.#end?.abort(storeClosed())
    for (const end of this.#ends ?? []) end(storeClosed())
    return this.#close(resolve)
  }

  async #close(resolve: () => void): Promise<void> {
    try {
      const failures = await failuresInOrder(this.#closers.splice(0).reverse())
      this.#closed = true
      this.#ended()
      if (failures.length > 0) throw closeFailed(failures)
    } finally {
      resolve()
    }
  }
}

/** Performs every step, one after the other, even if some fail. Rejects if any did. */
export async function closeInOrder(steps: Iterable<Closer>): Promise<void> {
  throwAny(await failuresInOrder(steps))
}

/** Waits for all, even if some fail. Rejects if any did. */
export async function allClosed(closing: Iterable<Promise<unknown>>): Promise<void> {
  const results = await Promise.allSettled(closing)
  throwAny(results.flatMap((result) => (result.status === 'rejected' ? flatten(result.reason) : [])))
}

async function failuresInOrder(steps: Iterable<Closer>): Promise<unknown[]> {
  const failures: unknown[] = []
  for (const step of steps) {
    try {
      const ending = step()
      // Sessions are closed by the thousand: nothing is waited for that has been done at once.
      if (ending !== undefined) await ending
    } catch (error) {
      failures.push(...flatten(error))
    }
  }
  return failures
}

function throwAny(failures: unknown[]): void {
  if (failures.length === 1) throw failures[0]
  if (failures.length > 1) throw closeFailed(failures)
}

/** The failures that an error contains: several, if it is a `CLOSE_FAILED`. */
function flatten(error: unknown): unknown[] {
  const cause = error instanceof Error ? error.cause : null
  return cause instanceof AggregateError ? cause.errors : [error]
}
