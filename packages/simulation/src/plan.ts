// What a run is made of, and what comes of it. Both are plain data: they go between processes and into files.

import { drawOperations } from './operations/draw.js'
import type { Operation } from './operations/operation.js'
import { drawOptions, type ProfileName, type RunOptions } from './options.js'
import { Random } from './platform/random.js'

/** Operations may be left out. */
export interface Plan {
  readonly options: RunOptions
  readonly operations: readonly Operation[]
}

/**
 * What a run may fail with:
 *
 * - `conflict`: two signed histories of a core
 * - `lost`: a core lacks what was acknowledged, or what is safe
 * - `wrong block`: a block that its writer did not put there
 * - `not converged`: machines that reach each other differ
 * - `refused`: a core reached a peer that `authorize` refused
 * - `exclusive`: two exclusive sessions at once
 * - `audit`: a core is damaged
 * - `leak`: cores, sessions, timers or memory that nothing uses
 * - `hangs`: something does not come to an end
 * - `error`: an operation fails that should not
 * - `unhandled`: an unhandled rejection, or an error that was thrown at nobody
 */
export type FailureKind =
  | 'conflict'
  | 'lost'
  | 'wrong block'
  | 'not converged'
  | 'refused'
  | 'exclusive'
  | 'audit'
  | 'leak'
  | 'hangs'
  | 'error'
  | 'unhandled'

export interface Failure {
  readonly kind: FailureKind
  readonly message: string
}

export interface Outcome {
  readonly failure: Failure | null
  /** Of the whole log, details included. In hex. */
  readonly digest: string
  readonly log: readonly string[]
  /** In milliseconds of virtual time. */
  readonly duration: number
  /** How often something happened, by what it was. */
  readonly counts: Readonly<Record<string, number>>
}

export function drawPlan(seed: number, profile: ProfileName): Plan {
  const random = new Random(seed)
  const options = drawOptions(seed, profile, random.fork('options'))
  return { options, operations: drawOperations(options, random.fork('operations')) }
}
