// The errors that the pool itself makes. What `create`, `open` and `close` throw passes through unchanged.

/**
 * - `BAD_ARGUMENT`: an option or an id of the wrong type or range.
 * - `POOL_CLOSED`: `acquire` on a pool that is closing or closed.
 * - `RESOURCE_CLOSED`: `ready()` of a resource that `pool.close()` or `pool.evict()` closed before it had opened.
 * - `REENTRANT`: `create(id)` acquired the very id that it is making.
 * - `CLOSE_FAILED`: resources failed to close while the pool closed; `cause` is an `AggregateError` of their
 *   errors.
 */
export type PoolErrorCode = 'BAD_ARGUMENT' | 'POOL_CLOSED' | 'RESOURCE_CLOSED' | 'REENTRANT' | 'CLOSE_FAILED'

/** An error of the pool's own; tell them apart by `code`. */
export class PoolError extends Error {
  override readonly name = 'PoolError'
  readonly code: PoolErrorCode

  constructor(code: PoolErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}
