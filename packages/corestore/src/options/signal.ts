// The option `signal` of calls that wait: whoever aborts it no longer waits.

import { badArgument, CorestoreError, describe, messageOf } from '../errors/errors.js'
import { isOptions } from './copied-options.js'

/** An `AbortSignal`, of whichever platform, as far as it is used. */
export interface WaitSignal {
  readonly aborted: boolean
  readonly reason?: unknown
  /** Calls `listener` when the signal is aborted. */
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void
  /** Does not call `listener` any more. */
  removeEventListener(type: 'abort', listener: () => void): void
}

/** Checks a signal; `null` if there is none. Throws BAD_ARGUMENT. */
export function readSignal(signal: WaitSignal | null | undefined): WaitSignal | null {
  if (signal === undefined || signal === null) return null
  const isSignal =
    isOptions(signal) && typeof signal.aborted === 'boolean' && typeof signal.addEventListener === 'function'
  if (isSignal) return signal
  const { signal: controlled } = isOptions<{ signal?: unknown }>(signal) ? signal : {}
  const hint = controlled === undefined ? '' : ' that has one: give its signal'
  throw badArgument(`signal must be an AbortSignal, not ${describe(signal)}${hint}`)
}

/**
 * Waits for `work` until the signal is aborted, then rejects with the signal's reason. If it is aborted already, nothing is begun.
 *
 * @param undo called with what `work` gives after that
 */
export function untilAborted<T>(
  signal: WaitSignal | null,
  work: () => Promise<T>,
  undo: (late: T) => void = () => {},
): Promise<T> {
  if (signal === null) return work()
  if (signal.aborted) return Promise.reject(reasonOf(signal))
  return new Promise((resolve, reject) => {
    let isAborted = false
    const abort = () => {
      isAborted = true
      reject(reasonOf(signal))
    }
    signal.addEventListener('abort', abort, { once: true })
    work()
      .then(
        (result) => {
          if (isAborted) undo(result)
          else resolve(result)
        },
        reject, // of no effect once it is aborted
      )
      .finally(() => signal.removeEventListener('abort', abort))
  })
}

/** What a call rejects with. Hypercore's sessions rethrow the errors of the language as uncaught: those become a cause. */
function reasonOf({ reason }: WaitSignal): unknown {
  const isOfLanguage =
    reason instanceof TypeError ||
    reason instanceof RangeError ||
    reason instanceof SyntaxError ||
    reason instanceof ReferenceError ||
    reason instanceof EvalError ||
    reason instanceof URIError
  if (!isOfLanguage && reason !== undefined) return reason
  return new CorestoreError('SESSION_CLOSED', `The call was aborted: ${messageOf(reason)}`, { cause: reason })
}
