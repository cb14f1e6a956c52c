// The clock for the age of idle resources.

interface Platform {
  readonly performance?: { now(): number }
}

/** Milliseconds. The value never decreases, except on Bare, which has only the time of day. */
export function now(): number {
  return (globalThis as Platform).performance?.now() ?? Date.now()
}
