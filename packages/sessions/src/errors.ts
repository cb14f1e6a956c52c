// The errors that the pool itself makes. What `create`, `open` and `close` throw passes through unchanged. docs/errors.md explains each
// code.
import { CoreyardError } from './coreyard-error.js'

/**
 * - `BAD_ARGUMENT`: an option or an id of the wrong type or range.
 * - `POOL_CLOSED`: `acquire` on a pool that is closing or closed.
 * - `RESOURCE_CLOSED`: `ready()` of a resource that `pool.close()` or `pool.evict()` closed before it had opened.
 * - `REENTRANT`: `create(id)` called `acquire` with the same id.
 * - `CLOSE_FAILED`: resources failed to close while the pool closed; `cause` is an `AggregateError` of their
 *   errors.
 */
export type PoolErrorCode = 'BAD_ARGUMENT' | 'POOL_CLOSED' | 'RESOURCE_CLOSED' | 'REENTRANT' | 'CLOSE_FAILED'

/** An error of the pool. */
export class PoolError extends CoreyardError<PoolErrorCode> {
  static override readonly kind = 'PoolError'
}

export function badArgument(what: string, right: string, value: unknown): PoolError {
  return new PoolError(
    'BAD_ARGUMENT',
    `${what} must be ${right}, not ${CoreyardError.describe(value, 'number')}`,
  )
}
