// The pool's options, their defaults and their checks.
import { CoreyardError } from './coreyard-error.js'
import { badArgument, PoolError } from './errors.js'

/** What a pool keeps open, and for how long. */
export interface PoolOptions {
  /**
   * How many idle resources stay open: an integer from 0, or `Infinity`. When there are more, the least recently used one is closed.
   * Resources whose `busy` is `'soft'` (see {@link Busy}) are closed last. Default: 1000.
   */
  readonly maxIdle?: number
  /** Milliseconds after which an idle resource that is not busy is closed: 0 or more. Default: `Infinity`, which means never. */
  readonly idleTimeout?: number
  /**
   * Called when a `close` fails that the pool started by itself, for `maxIdle` or `idleTimeout`. `pool.evict` and `pool.close` reject
   * instead. The id can be acquired again in any case. Default: such errors are ignored.
   */
  readonly onCloseError?: (error: unknown, id: string) => void
}

const OPTIONS: ReadonlySet<string> = new Set<keyof PoolOptions>(['maxIdle', 'idleTimeout', 'onCloseError'])

export function checkOptions(options: PoolOptions): Required<PoolOptions> {
  if (typeof options !== 'object' || options === null) throw badArgument('options', 'an object', options)
  const typo = CoreyardError.misspelled(options, OPTIONS)
  if (typo !== null) throw new PoolError('BAD_ARGUMENT', typo)
  const { maxIdle = 1000, idleTimeout = Infinity, onCloseError = () => {} } = options
  if (maxIdle !== Infinity && !(Number.isInteger(maxIdle) && maxIdle >= 0)) {
    throw badArgument('maxIdle', 'an integer from 0, or Infinity', maxIdle)
  }
  if (typeof idleTimeout !== 'number' || !(idleTimeout >= 0)) {
    throw badArgument('idleTimeout', 'milliseconds from 0, or Infinity', idleTimeout)
  }
  if (typeof onCloseError !== 'function') throw badArgument('onCloseError', 'a function', onCloseError)
  return { maxIdle, idleTimeout, onCloseError }
}
