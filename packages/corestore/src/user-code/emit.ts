// Events whose listeners cannot harm the store that emits them.

import type { Emitter, EventMap } from '@coreyard/hypercore-types'
import { toError } from '../errors/errors.js'

interface Platform {
  readonly process?: { readonly emitWarning?: (warning: Error) => void }
}

/**
 * Calls every listener of an event. An error that a listener throws or rejects with becomes a warning of the process. The other listeners
 * are still called, and the store continues.
 */
export function emitTo<Events extends EventMap<Events>, Name extends keyof Events>(
  emitter: Emitter<Events>,
  event: Name,
  ...args: Events[Name]
): void {
  if (emitter.listenerCount(event) === 0) return
  for (const listener of emitter.rawListeners(event)) contain(() => Reflect.apply(listener, emitter, args))
}

/** Runs code of the user. An error that it throws or rejects with becomes a warning of the process. */
export function contain(run: () => unknown): void {
  try {
    const result = run()
    if (result instanceof Promise) result.catch(warnProcess)
  } catch (error) {
    warnProcess(error)
  }
}

/** Emits a warning of the process. Prints it on platforms without such warnings, such as Bare. */
export function warnProcess(error: unknown): void {
  const { process } = globalThis as Platform
  if (process?.emitWarning === undefined) console.error(error)
  else process.emitWarning(toError(error))
}
