// The option `signal` of calls that wait: aborting it ends the wait.

import { badArgument, CorestoreError, describe, messageOf } from '../errors/errors.js'
import { isOptions } from './copied-options.js'

/**
 * The part of `AbortSignal` that is used, on any platform. A call rejects with the signal's `reason`, with one exception: a reason that is
 * `undefined` or an error of the language, such as a `TypeError`, becomes the `cause` of a `CorestoreError` `SESSION_CLOSED`.
 */
export interface WaitSignal {
  readonly aborted: boolean
  readonly reason?: unknown
  /** Calls `listener` when the signal is aborted. */
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void
  /** Stops calling `listener`. */
  removeEventListener(type: 'abort', listener: () => void): void
}

/** Checks a signal; `null` if there is none. Throws BAD_ARGUMENT. */
export function readSignal(signal: WaitSignal | null | undefined): WaitSignal | null {
  if (signal === undefined || signal === null) return null
  const isSignal =
    isOptions(signal) &&
    typeof signal.aborted === 'boolean' &&
    typeof signal.addEventListener === 'function' &&
    typeof signal.removeEventListener === 'function'
  if (isSignal) return signal
  const { signal: controlled } = isOptions<{ signal?: unknown }>(signal) ? signal : {}
  const hint = controlled === undefined ? '' : ' that has one: give its signal'
  throw badArgument(`signal must be an AbortSignal, not ${describe(signal)}${hint}`)
}

/**
 * Waits for `work` until the signal is aborted, then rejects with the signal's reason. If the signal is already aborted, `work` is not
 * called.
 *
 * @param undo called with the result of `work` if that comes after the signal was aborted
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
    const ignore = whenAborted(signal, abort)
    work()
      .then(
        (result) => {
          if (isAborted) undo(result)
          else resolve(result)
        },
        reject, // has no effect once the signal is aborted
      )
      .finally(ignore)
  })
}

/** What waits for each signal that is not aborted. One listener serves all, because Node.js warns of a leak if a signal has many. */
const waits = new WeakMap<WaitSignal, Waits>()

interface Waits {
  readonly aborts: Set<() => void>
  readonly listener: () => void
}

/** Calls `abort` when the signal is aborted. @returns a function that prevents that */
function whenAborted(signal: WaitSignal, abort: () => void): () => void {
  const { aborts, listener } = waits.get(signal) ?? listenTo(signal)
  aborts.add(abort)
  return () => {
    if (!aborts.delete(abort) || aborts.size > 0) return
    signal.removeEventListener('abort', listener)
    waits.delete(signal)
  }
}

function listenTo(signal: WaitSignal): Waits {
  const aborts = new Set<() => void>()
  const listener = () => {
    for (const abort of aborts) abort()
  }
  signal.addEventListener('abort', listener, { once: true })
  waits.set(signal, { aborts, listener })
  return { aborts, listener }
}

/** Returns what a call rejects with. Hypercore's sessions rethrow errors of the language as uncaught, so those become a cause. */
function reasonOf({ reason }: WaitSignal): unknown {
  const isOfLanguage =
    reason instanceof TypeError ||
    reason instanceof RangeError ||
    reason instanceof SyntaxError ||
    reason instanceof ReferenceError ||
    reason instanceof EvalError ||
    reason instanceof URIError ||
    Object(reason).name === 'AssertionError' ||
    Object(reason).code === 'ERR_ASSERTION'
  if (!isOfLanguage && reason !== undefined) return reason
  return new CorestoreError('SESSION_CLOSED', `The call was aborted: ${messageOf(reason)}`, { cause: reason })
}
