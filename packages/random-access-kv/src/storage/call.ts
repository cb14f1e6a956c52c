// Methods with callbacks, as promises only where needed.

import type { Maybe } from './storage.js'

/**
 * Calls a method that takes a callback. Returns the result itself if the method called back before it returned. The first answer counts.
 * An error is what is not false, as in Node.js: some storages call back with 0.
 */
export function call<T = void>(
  start: (callback: (error: Error | null, result?: T) => void) => void,
): Maybe<T> {
  let state: 'starting' | 'done' | 'waiting' = 'starting'
  let failure: Error | null | undefined
  let value: T | undefined
  let resolve: (value: T) => void
  let reject: (error: Error) => void
  start((error, result) => {
    if (state === 'waiting') {
      if (error) reject(error)
      else resolve(result as T)
    } else if (state === 'starting') {
      state = 'done'
      failure = error
      value = result
    }
  })
  if ((state as string) === 'done') {
    if (failure) throw failure
    return value as T
  }
  state = 'waiting'
  return new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
}
