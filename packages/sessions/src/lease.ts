/// <reference lib="esnext.disposable" preserve="true" />
// The lease that `acquire` returns. The pool counts leases.
import type { Entry } from './entry.js'

/** The right to use a resource until `release()`; `using lease = pool.acquire(id)` releases at the end of the block. */
export interface Lease<T extends object> extends Disposable {
  readonly id: string
  /** The resource. It is available immediately, but may still be opening: see `ready`. */
  readonly resource: T
  /** Whether `release` has been called. */
  readonly released: boolean
  /**
   * Resolves to the resource once it is open; the same promise for all leases on it. Rejects with the error of
   * `open`, or with a `PoolError` `RESOURCE_CLOSED` if the resource was closed first. You need not call it.
   */
  ready(): Promise<T>
  /** Releases the resource. Only the first call has an effect, and none has once the pool has closed the resource. */
  release(): void
}

export class PoolLease<T extends object> implements Lease<T> {
  readonly #entry: Entry<T>
  readonly #release: (entry: Entry<T>) => void
  #released = false

  constructor(entry: Entry<T>, release: (entry: Entry<T>) => void) {
    this.#entry = entry
    this.#release = release
  }

  get id(): string {
    return this.#entry.id
  }

  get resource(): T {
    return this.#entry.resource
  }

  get released(): boolean {
    return this.#released
  }

  ready(): Promise<T> {
    return this.#entry.ready
  }

  release(): void {
    if (this.#released) return
    this.#released = true
    this.#release(this.#entry)
  }

  [Symbol.dispose](): void {
    this.release()
  }
}
