// The limits of one peer, as options of the streams of a replicator.

import { badArgument } from './errors.js'

/** Limits of each peer. The defaults are above what an honest app needs. */
export interface StreamLimits {
  /**
   * A stream whose handshake is not done after this many milliseconds is destroyed. They count from `replicate`. `false`: never. Default:
   * 15000.
   */
  handshakeTimeout?: number | false | undefined
  /**
   * How many streams one public key may have. Any further stream is not replicated over, and is destroyed if `replicate` made it. Default:
   * 256.
   */
  maxStreams?: number | undefined
  /** How many requests of one stream may wait at a time, usually for capacity. Further requests are refused. Default: 131072. */
  maxAsks?: number | undefined
  /** How many cores one stream may have attached at a time. Further cores are not attached. Default: 131072. */
  maxAttached?: number | undefined
  /** How many requests of one stream are looked up at a time. The others wait. Default: 64. */
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
/** A timer with a longer delay, in milliseconds, fires immediately. */
const LONGEST_MS = 2 ** 31 - 1
/** Enough to mirror a store of 100,000 cores over one stream. */
const MOST_CORES = 2 ** 17

/** @throws ReplicatorError `BAD_ARGUMENT` for an invalid option */
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

/** @throws ReplicatorError `BAD_ARGUMENT` if `value` is not an integer, or is too small */
export function atLeast(least: number, option: string, value: number): number {
  if (value === Infinity || (Number.isInteger(value) && value >= least)) return value
  throw badArgument(option, `an integer from ${least}`, value)
}
