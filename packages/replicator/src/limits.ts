// What one peer may take, as options of the streams of a replicator.

import { badArgument } from './errors.js'

/** Limits of each peer. The defaults are above what an honest app needs. */
export interface StreamLimits {
  /**
   * After how many milliseconds a stream is destroyed whose handshake is not done, counted from `replicate`. `false` for never.
   * Default: 15000.
   */
  handshakeTimeout?: number | false | undefined
  /** How many streams one public key may have. A further one is not replicated; it is destroyed if it was made here. Default: 256. */
  maxStreams?: number | undefined
  /** How many requests of one stream may wait at a time, most of them for capacity. A further one is refused. Default: 131072. */
  maxAsks?: number | undefined
  /** How many cores one stream may have attached at a time. A further one is not attached. Default: 131072. */
  maxAttached?: number | undefined
  /** How many requests of one stream are looked up at a time. The others wait their turn. Default: 64. */
  maxLookups?: number | undefined
}

/** The limits, with defaults. */
export interface CheckedLimits {
  readonly handshakeTimeout: number
  readonly maxStreams: number
  readonly maxAsks: number
  readonly maxAttached: number
  readonly maxLookups: number
}

const HANDSHAKE_TIMEOUT = 15_000
/** A timer of more milliseconds fires at once. */
const LONGEST_MS = 2 ** 31 - 1
/** A store of 100,000 cores that another one mirrors as a whole over one stream does not meet it. */
const MOST_CORES = 2 ** 17

/** @throws ReplicatorError `BAD_ARGUMENT` for an option that has no meaning */
export function checkLimits(limits: StreamLimits): CheckedLimits {
  const {
    handshakeTimeout = HANDSHAKE_TIMEOUT,
    maxStreams = 256,
    maxAsks = MOST_CORES,
    maxAttached = MOST_CORES,
    maxLookups = 64,
  } = limits
  return {
    handshakeTimeout: readTimeout(handshakeTimeout),
    maxStreams: atLeast(1, 'maxStreams', maxStreams),
    maxAsks: atLeast(1, 'maxAsks', maxAsks),
    maxAttached: atLeast(1, 'maxAttached', maxAttached),
    maxLookups: atLeast(1, 'maxLookups', maxLookups),
  }
}

/** `Infinity` for never. */
function readTimeout(timeout: unknown): number {
  if (timeout === false || timeout === Infinity) return Infinity
  if (typeof timeout === 'number' && timeout > 0 && timeout <= LONGEST_MS) return timeout
  throw badArgument(
    'handshakeTimeout',
    `a number of milliseconds above 0, up to ${LONGEST_MS}, or false`,
    timeout,
  )
}

/** @throws ReplicatorError `BAD_ARGUMENT` for what is no integer, or too small */
export function atLeast(least: number, option: string, value: number): number {
  if (value === Infinity || (Number.isInteger(value) && value >= least)) return value
  throw badArgument(option, `an integer from ${least}`, value)
}
