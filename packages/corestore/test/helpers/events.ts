// Waiting for the events of stores and cores, and writing them down.

import type { Emitter, EventMap } from '@coreyard/hypercore-types'

/** The arguments of the next event of that name. */
export function next<Events extends EventMap<Events>, Name extends keyof Events>(
  emitter: Emitter<Events>,
  event: Name,
): Promise<Events[Name]> {
  return new Promise((resolve) => emitter.once(event, (...args) => resolve(args)))
}

/** Waits until something holds that no event tells of. What never comes to hold is a timeout of the test. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate)
}

/** The arguments of all events of that name from now on, in order. */
export function record<Events extends EventMap<Events>, Name extends keyof Events>(
  emitter: Emitter<Events>,
  event: Name,
): Events[Name][] {
  const recorded: Events[Name][] = []
  emitter.on(event, (...args) => recorded.push(args))
  return recorded
}
