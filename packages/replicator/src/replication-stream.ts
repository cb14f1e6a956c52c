// From whatever `replicate` was given to a stream with its muxer: makes one, or finds its way in one that was handed in.
// Nothing is remembered here; peer-streams.ts does that.

import type { NoiseSecretStream, Protomux, ReplicationStream } from '@coreyard/hypercore-types'
import SecretStream from '@hyperswarm/secret-stream'
import Muxer from 'protomux'
import { ReplicatorError } from './errors.js'
import { readKeepAlive, readNoiseOptions, readOptions } from './replicate-options.js'
import type { ReplicateOptions, ReplicationTarget } from './replicator.js'

/** A stream, ready to attach cores to. */
export interface OpenedStream {
  /** What `replicate` returns: the stream that was given, or the one to pipe. */
  readonly stream: ReplicationStream
  /** The encrypted stream in it; it knows the peer's public key once `opened` resolves. */
  readonly noiseStream: NoiseSecretStream
  /** What all protocols on the stream share. */
  readonly muxer: Protomux
  /** Whether it was made here. Who makes a stream destroys it. */
  readonly made: boolean
}

/**
 * Gives the stream of a replication target, set up as Hypercore itself does it, so that either may come first.
 *
 * @throws ReplicatorError `BAD_ARGUMENT` for what is no stream, or an option that has no meaning
 */
export function openReplicationStream(target: ReplicationTarget, options?: ReplicateOptions): OpenedStream {
  const { stream: shared, keepAlive: interval, ...noiseOptions } = readOptions(options)
  const keepAlive = readKeepAlive(interval)
  if (typeof target === 'boolean' && shared === undefined) {
    const noiseStream = new SecretStream(target, null, readNoiseOptions(target, noiseOptions))
    // With no raw stream given it makes one, which has a `noiseStream`.
    const stream = noiseStream.rawStream as ReplicationStream
    return { stream, noiseStream, muxer: muxerOf(noiseStream, keepAlive), made: true }
  }

  const stream = findStream(typeof target === 'boolean' ? shared : target)
  const { noiseStream } = stream
  return { stream, noiseStream, muxer: muxerOf(noiseStream, keepAlive), made: false }
}

/** The muxer that all protocols on the stream share; the first to come makes it. */
function muxerOf(noiseStream: NoiseSecretStream, keepAlive: number): Protomux {
  const { userData } = noiseStream
  if (isObject(userData) && userData.isProtomux === true) return userData as unknown as Protomux
  if (userData) {
    throw new ReplicatorError(
      'BAD_ARGUMENT',
      'The stream is in use: its `userData` must be a Protomux or unset, it is something else',
    )
  }

  const muxer = Muxer.from(noiseStream)
  noiseStream.userData = muxer
  if (keepAlive > 0 && noiseStream.keepAlive === 0) noiseStream.setKeepAlive(keepAlive)
  return muxer
}

function findStream(given: unknown): ReplicationStream {
  // `{ stream }` holds a stream or a muxer, and a muxer holds a stream.
  const found = [given, inside(given), inside(inside(given))].find(isReplicationStream)
  if (found !== undefined) return found
  throw new ReplicatorError(
    'BAD_ARGUMENT',
    `Cannot replicate over ${describe(given)}: give a boolean, a Hyperswarm connection, another NoiseSecretStream ` +
      'or what `replicate` returned for one, a Protomux, or `{ stream }` with one of these. ' +
      'For a raw stream such as a socket: socket.pipe(store.replicate(isInitiator)).pipe(socket)',
  )
}

function inside(value: unknown): unknown {
  return isObject(value) ? value.stream : undefined
}

function isReplicationStream(value: unknown): value is ReplicationStream {
  if (!isObject(value) || !isObject(value.noiseStream)) return false
  const { isInitiator, opened } = value.noiseStream
  return typeof isInitiator === 'boolean' && isObject(opened) && typeof opened.then === 'function'
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function describe(value: unknown): string {
  if (isObject(value)) return 'an object that is no encrypted stream'
  return value === null ? 'null' : `a value of type ${typeof value}`
}
