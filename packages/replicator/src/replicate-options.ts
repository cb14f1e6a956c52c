// The options of `replicate`, and their checks. A stream accepts any value and fails late, if at all: at the handshake, or with an
// unhandled rejection.

import type { KeyPair, NoiseSecretStreamOptions } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import { CoreyardError } from './coreyard-error.js'
import { badArgument, ReplicatorError } from './errors.js'
import { OF_REPLICATOR, OF_STREAM } from './option-names.js'
import type { ReplicateOptions } from './replicator.js'

/** Hypercore's interval. The two sides of a stream must agree on whether they send empty messages. */
const KEEP_ALIVE_MS = 5000
/** A timer with a longer delay, in milliseconds, fires immediately. */
const LONGEST_MS = 2 ** 31 - 1
/** The patterns of noise-handshake in which both sides learn the public key of the other, which the stream needs. */
const PATTERNS: readonly unknown[] = ['XX', 'IK', 'XK']

const NAMES: ReadonlySet<string> = new Set([...OF_STREAM, ...OF_REPLICATOR])

/**
 * Returns the options as a plain object. They may be an instance of a class that has getters for them. Throws `BAD_ARGUMENT` if they are not
 * an object, or if one is probably misspelled: a stream ignores it, and accepts any peer without `remotePublicKey`.
 */
export function readOptions(options: ReplicateOptions | null = null): ReplicateOptions {
  if (typeof options !== 'object') throw badArgument('options', 'an object', options)
  const typo = CoreyardError.misspelled(options ?? {}, NAMES)
  if (typo !== null) throw new ReplicatorError('BAD_ARGUMENT', typo)
  const own: Record<string, unknown> = { ...options }
  for (const name of NAMES) if (options !== null && name in options) own[name] = Reflect.get(options, name)
  return own
}

/** Returns the interval of empty messages in milliseconds, 0 for never. `null` and `true` mean the default, as in Hypercore. */
export function readKeepAlive(keepAlive: unknown): number {
  if (keepAlive === false) return 0
  if (keepAlive === undefined || keepAlive === null || keepAlive === true) return KEEP_ALIVE_MS
  if (typeof keepAlive === 'number' && keepAlive >= 0 && keepAlive <= LONGEST_MS) return keepAlive
  throw badArgument('keepAlive', `a number of milliseconds, up to ${LONGEST_MS}, or false`, keepAlive)
}

/** Returns the options of a stream that is to be made, from those of `replicate`. */
export function readNoiseOptions(
  isInitiator: boolean,
  options: NoiseSecretStreamOptions,
): NoiseSecretStreamOptions {
  const { keyPair, remotePublicKey, pattern } = options
  if (isGiven(pattern) && !PATTERNS.includes(pattern)) {
    throw badArgument(
      'pattern',
      `a Noise handshake pattern that tells who is there, ${PATTERNS.join(', ')}`,
      pattern,
    )
  }
  if (isGiven(remotePublicKey) && !isBytes(remotePublicKey, 32)) {
    throw badArgument('remotePublicKey', 'a Uint8Array of 32 bytes', remotePublicKey)
  }
  if (isInitiator && isGiven(pattern) && pattern !== 'XX' && !isGiven(remotePublicKey)) {
    throw badArgument(
      'remotePublicKey',
      `the 32 bytes that the pattern ${pattern} needs to begin`,
      remotePublicKey,
    )
  }
  // The handshake uses the bytes long after the call, when the caller may have reused them.
  const own = { ...options, remotePublicKey: remotePublicKey && b4a.from(remotePublicKey) }
  if (!isGiven(keyPair)) return own
  return { ...own, keyPair: isPromise(keyPair) ? keyPair.then(readKeyPair) : readKeyPair(keyPair) }
}

/** Returns a copy of a key pair. Throws `BAD_ARGUMENT` if it is not a key pair. */
function readKeyPair(keyPair: KeyPair): KeyPair {
  // A tweaked key pair has its scalar in place of the secret key.
  const { publicKey, secretKey, scalar }: Record<string, unknown> = { ...keyPair }
  if (isBytes(publicKey, 32) && (isBytes(secretKey, 64) || isBytes(scalar, 32))) {
    if (isBytes(secretKey, 64) && !isOf(publicKey, secretKey)) {
      throw new ReplicatorError(
        'BAD_ARGUMENT',
        'keyPair.secretKey is that of another public key: pass both halves of one key pair',
      )
    }
    const fields = Object.entries(keyPair).map(([name, value]) => [name, copied(value)])
    return Object.fromEntries(fields)
  }
  throw badArgument('keyPair', '{ publicKey, secretKey } of 32 and 64 bytes, or a promise of that', keyPair)
}

/** An Ed25519 secret key ends with its public key. */
function isOf(publicKey: Uint8Array, secretKey: Uint8Array): boolean {
  return b4a.equals(secretKey.subarray(32), publicKey)
}

function copied(value: unknown): unknown {
  return value instanceof Uint8Array ? b4a.from(value) : value
}

function isGiven<T>(value: T): value is NonNullable<T> {
  return value !== undefined && value !== null
}

function isBytes(value: unknown, length: number): value is Uint8Array {
  return value instanceof Uint8Array && value.byteLength === length
}

function isPromise(keyPair: KeyPair | Promise<KeyPair>): keyPair is Promise<KeyPair> {
  return 'then' in Object(keyPair)
}
