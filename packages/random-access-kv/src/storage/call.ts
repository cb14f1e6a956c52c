// Methods with callbacks, as promises only where needed.

import type { Maybe } from './storage.js'

type Callback<T> = (error: Error | null, result?: T) => void

interface Answer<T> {
  readonly error: Error | null
  readonly result: T | undefined
}

/**
 * Calls a method that takes a callback. Returns the result itself if the method called back before it returned. The first answer counts.
 * An error is what is not false, as in Node.js: some storages call back with 0.
 */
export function call<T = void>(start: (callback: Callback<T>) => void): Maybe<T> {
  let answer: Answer<T> | null = null as Answer<T> | null
  let answered: Callback<T> = (error, result) => {
    answer ??= { error, result }
  }
  start((error, result) => answered(error, result))
  if (answer === null) {
    return new Promise((resolve, reject) => {
      answered = (error, result) => (error ? reject(error) : resolve(result as T))
    })
  }
  if (answer.error) throw answer.error
  return answer.result as T
}
