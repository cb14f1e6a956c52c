// Makes a stream with its muxer from the arguments of `replicate`, or finds the one that was passed in. This file keeps no state;
// peer-streams.ts does.

import type {
  NoiseSecretStream,
  NoiseSecretStreamOptions,
  Protomux,
  ReplicationStream,
} from '@coreyard/hypercore-types'
import SecretStream from '@hyperswarm/secret-stream'
import b4a from 'b4a'
import Muxer from 'protomux'
import { CoreyardError } from './coreyard-error.js'
import { ReplicatorError } from './errors.js'
import { readKeepAlive, readNoiseOptions, readOptions } from './replicate-options.js'
import type { ReplicateOptions, ReplicationTarget, SharedStream } from './replicator.js'

/** A stream, ready to attach cores to. */
export interface OpenedStream {
  /** What `replicate` returns: the stream that was passed in, or the one to pipe. */
  readonly stream: ReplicationStream
  /** The encrypted stream in it; it knows the peer's public key once `opened` resolves. */
  readonly noiseStream: NoiseSecretStream
  /** The muxer that all protocols on the stream share. */
  readonly muxer: Protomux
  /** Whether the replicator made it. If so, the replicator destroys it. */
  readonly made: boolean
}

/**
 * Returns the stream of a replication target. It is set up in the same way as by Hypercore's own `replicate`, so the same stream can be
 * passed to both, in any order.
 *
 * @throws ReplicatorError `BAD_ARGUMENT` if the target is not a stream, or an option is invalid
 */
export function openReplicationStream(
  target: ReplicationTarget,
  options?: ReplicateOptions | SharedStream,
): OpenedStream {
  const { stream: given, keepAlive: interval, noise } = readReplicateArguments(target, options)
  const keepAlive = readKeepAlive(interval)
  if (given !== null) {
    const { noiseStream } = given
    return { stream: given, noiseStream, muxer: muxerOf(noiseStream, keepAlive), made: false }
  }
  const isInitiator = target === true
  const own = readNoiseOptions(isInitiator, noise)
  const noiseStream = new SecretStream(isInitiator, null, own)
  if (own.remotePublicKey) expectPeer(noiseStream, own.remotePublicKey)
  // With no raw stream given it makes one, which has a `noiseStream`.
  const stream = noiseStream.rawStream as ReplicationStream
  return { stream, noiseStream, muxer: muxerOf(noiseStream, keepAlive), made: true }
}

/** Destroys a stream whose peer has another key. The stream itself checks it only for a pattern that begins with that key. */
function expectPeer(noiseStream: NoiseSecretStream, publicKey: Uint8Array): void {
  noiseStream.once('handshake', () => {
    const { remotePublicKey } = noiseStream
    if (remotePublicKey !== null && b4a.equals(remotePublicKey, publicKey)) return
    noiseStream.destroy(new ReplicatorError('WRONG_PEER', 'The peer has another key than remotePublicKey'))
  })
}

/** The arguments of `replicate`, in one shape. */
export interface ReplicateArguments {
  /** The stream that was passed in, as whichever argument; `null` if one is to be made. */
  readonly stream: ReplicationStream | null
  readonly keepAlive: ReplicateOptions['keepAlive']
  /** The options of a stream that is to be made. */
  readonly noise: NoiseSecretStreamOptions
}

/**
 * Finds the stream among the arguments of `replicate`: the target, the options, or their `stream`.
 *
 * @throws ReplicatorError `BAD_ARGUMENT` if the target is not a stream, or if two different streams are passed
 */
export function readReplicateArguments(
  target: ReplicationTarget,
  options?: ReplicateOptions | SharedStream | null,
): ReplicateArguments {
  const second = isStream(options) ? expectStream(options) : null
  const {
    stream: third,
    keepAlive,
    ...noise
  } = second === null ? readOptions(options as ReplicateOptions) : {}
  const streams: ReplicationStream[] = []
  if (typeof target !== 'boolean') streams.push(expectStream(target))
  if (second !== null) streams.push(second)
  if (third !== undefined) streams.push(expectStream(third))

  const [stream = null] = streams
  if (streams.some(({ noiseStream }) => noiseStream !== stream?.noiseStream)) {
    throw new ReplicatorError(
      'BAD_ARGUMENT',
      'Two different streams are given to `replicate`: call it once for each',
    )
  }
  return { stream, keepAlive, noise }
}

/** Returns the muxer that all protocols on the stream share, or makes it. */
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

function expectStream(given: unknown): ReplicationStream {
  const found = findStream(given)
  if (found !== null) return found
  throw new ReplicatorError(
    'BAD_ARGUMENT',
    `Cannot replicate over ${describe(given)}: give a boolean, a Hyperswarm connection, another NoiseSecretStream ` +
      'or what `replicate` returned for one, a Protomux, or `{ stream }` with one of these. ' +
      'For a raw stream such as a socket: socket.pipe(store.replicate(isInitiator)).pipe(socket)',
  )
}

/** `{ stream }` holds a stream or a muxer, and a muxer holds a stream. */
function findStream(given: unknown): ReplicationStream | null {
  return [given, inside(given), inside(inside(given))].find(isReplicationStream) ?? null
}

function inside(value: unknown): unknown {
  return isObject(value) ? value.stream : undefined
}

function isReplicationStream(value: unknown): value is ReplicationStream {
  if (!isObject(value) || !isObject(value.noiseStream)) return false
  const { isInitiator, opened } = value.noiseStream
  return typeof isInitiator === 'boolean' && isObject(opened) && typeof opened.then === 'function'
}

/** Whether `replicate` was given a stream or a muxer in place of options. */
function isStream(value: unknown): boolean {
  return isObject(value) && (typeof value.pipe === 'function' || value.isProtomux === true)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function describe(value: unknown): string {
  if (isObject(value)) return 'an object that is no encrypted stream'
  return CoreyardError.describe(value)
}
