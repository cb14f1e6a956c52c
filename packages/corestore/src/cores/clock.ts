// The clock that waiting for syncs is measured with.

interface Platform {
  readonly performance?: { now(): number }
}

/** Milliseconds. They never go back, but on Bare, which has the time of day alone. */
export function now(): number {
  return (globalThis as Platform).performance?.now() ?? Date.now()
}
