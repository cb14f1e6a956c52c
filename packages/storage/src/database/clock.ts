// The clock that measures the work in a turn of the event loop.

interface Platform {
  readonly performance?: { now(): number }
}

/** Returns milliseconds. They never decrease, except on Bare, which only has the time of day. */
export function now(): number {
  return (globalThis as Platform).performance?.now() ?? Date.now()
}
