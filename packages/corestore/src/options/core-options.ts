// Reads keys, namespaces and the Hypercore options that Hypercore takes as they are and would get wrong: each is checked, and what
// is kept is copied.

import type {
  Bytes,
  EncryptionOption,
  EncryptionProvider,
  KeyPair,
  ManifestInput,
} from '@coreyard/hypercore-types'
import b4a from 'b4a'
import id from 'hypercore-id-encoding'
import { badArgument, describe } from '../errors/errors.js'
import { copied, copiedKeyPair, copiedManifest, givenOptions, plainOptions } from './copied-options.js'
import type { CoreKey, GetOptions, HiddenOption } from './get-options.js'
import { type Place, refuseMisplaced } from './misplaced.js'
import { refuseMisspelled } from './option-names.js'
import { checkEncoding } from './value-encoding.js'

export const KEY_FORMS = '32 bytes, 64 characters of hex or 52 characters of z32'

// What `get` does not pass on: only JavaScript can say it, and Corestore 7 leaves it out, too.
export const HIDDEN: ReadonlySet<string> = new Set<HiddenOption>([
  'storage',
  'core',
  'sessions',
  'ongc',
  'parent',
  'preopen',
  'snapshot',
  'atom',
  'checkout',
])

/** Decodes a key of 32 bytes, into memory of its own. Throws BAD_ARGUMENT that names `what`. */
export function readKey(what: string, key: CoreKey): Bytes {
  const bytes = decodeKey(what, key)
  return bytes === key ? copied(bytes) : (bytes as Bytes) // was decoded, into memory of its own
}

/** Decodes a key of 32 bytes; bytes are returned as they are. Throws BAD_ARGUMENT that names `what`. */
export function decodeKey(what: string, key: CoreKey): Uint8Array {
  if (isKey(key)) return key
  if (typeof key !== 'string') throw badArgument(`${what} must be ${KEY_FORMS}, not ${describe(key)}`)
  try {
    return id.decode(key)
  } catch {
    const name = what === 'key' ? ': a name goes in { name }' : ''
    throw badArgument(`${what} must be ${KEY_FORMS}, not ${describe(key)} that is neither${name}`)
  }
}

/**
 * Copies the options that were given and checks those that Hypercore would get wrong: blocks that were to be encrypted are not, or
 * an error comes when something has been written. Throws BAD_ARGUMENT.
 *
 * @param place what they are given to
 * @param except options to leave out
 */
export function readCoreOptions(options: GetOptions, place: Place, except = HIDDEN): GetOptions {
  refuseMisspelled(options)
  refuseMisplaced(options, place)
  const given = givenOptions(options, except)
  const { encryption, encryptionKey, group, userData = null, inflightRange, valueEncoding = null } = given
  for (const name in given) if (BOOLEANS.has(name)) checkBoolean(name, Reflect.get(given, name))
  if (valueEncoding !== null) checkEncoding(valueEncoding)
  if (encryption) given.encryption = readEncryption(encryption)
  else if (encryption !== undefined) checkNoEncryption(encryption)
  if (encryptionKey !== undefined) given.encryptionKey = readBytes('encryptionKey', encryptionKey)
  if (group !== undefined) given.group = readBytes('group', group)
  if (userData !== null) given.userData = readUserData(userData)
  for (const name of DELAYS) {
    if (given[name] === null) delete given[name]
    else if (given[name] !== undefined) checkDelay(name, given[name])
  }
  if (inflightRange) given.inflightRange = readInflightRange(inflightRange)
  return given
}

/** Options that are true or false. */
const BOOLEANS: ReadonlySet<string> = new Set<keyof GetOptions>([
  'active',
  'allowFork',
  'allowLatestBlock',
  'allowPush',
  'compat',
  'createIfMissing',
  'eagerUpgrade',
  'exclusive',
  'force',
  'isBlockKey',
  'legacy',
  'overwrite',
  'pushOnly',
  'wait',
  'weak',
  'writable',
])

/** Throws BAD_ARGUMENT unless an option is true, false or not given: a string would mean its opposite as often as not. */
export function checkBoolean(name: string, value: unknown): void {
  if (typeof (value ?? true) === 'boolean') return
  throw badArgument(`${name} must be true or false, not ${describe(value)}`)
}

/** Options in milliseconds. */
const DELAYS = ['timeout', 'notDownloadingLinger'] as const
/** The longest delay that `setTimeout` takes: for a longer one it fires at once. */
const MAX_DELAY = 2 ** 31 - 1

function checkDelay(name: string, delay: unknown): void {
  if (typeof delay === 'number' && delay >= 0 && delay <= MAX_DELAY) return
  throw badArgument(`${name} must be milliseconds from 0 to ${MAX_DELAY}, not ${describe(delay, 'number')}`)
}

function readInflightRange(range: readonly [number, number]): readonly [number, number] {
  const isRange =
    Array.isArray(range) && range.length === 2 && range.every((limit) => Number.isSafeInteger(limit))
  if (isRange && range[0] >= 1 && range[0] <= range[1]) return [range[0], range[1]]
  throw badArgument(
    'inflightRange must be the least and the most requests in flight, as in [32, 512], not ' +
      describe(range),
  )
}

/** Checks a key pair, of which the secret half may be missing, and copies it. Throws BAD_ARGUMENT. */
export function readKeyPair(keyPair: KeyPair): KeyPair {
  const { publicKey, secretKey } = keyPair
  if (!isKey(publicKey)) {
    throw badArgument(`keyPair.publicKey must be 32 bytes, not ${describe(publicKey)}`)
  }
  if (secretKey && !(secretKey instanceof Uint8Array && secretKey.byteLength === 64)) {
    throw badArgument(`keyPair.secretKey must be 64 bytes or null, not ${describe(secretKey)}`)
  }
  // So Ed25519 keeps it. Blocks that another key has signed are refused by every peer.
  if (secretKey && !b4a.equals(secretKey.subarray(32), publicKey)) {
    throw badArgument('keyPair.secretKey is that of another public key: pass both halves of one key pair')
  }
  return copiedKeyPair(keyPair)
}

/** Copies a manifest. Throws BAD_ARGUMENT for what is none; whether Hypercore accepts it shows when its key is made. */
export function readManifest(manifest: ManifestInput): ManifestInput {
  if (typeof manifest === 'object' && Array.isArray(manifest.signers)) return copiedManifest(manifest)
  throw badArgument('manifest must be an object with signers, as Hypercore.parseManifest returns it')
}

function readEncryption(encryption: EncryptionOption): EncryptionOption {
  if (isEncryptionProvider(encryption)) return encryption
  const isOptions = typeof encryption === 'object' && !(encryption instanceof Uint8Array)
  const key: unknown = isOptions ? encryption.key : encryption
  if (isKey(key)) return isOptions ? { ...plainOptions(encryption), key: copied(key) } : copied(key)
  throw wrongEncryption(isOptions ? 'encryption.key' : 'encryption', key)
}

// `false` is what `secret && { key: secret }` gives, and means none.
function checkNoEncryption(encryption: unknown): void {
  if (encryption !== null && encryption !== false) throw wrongEncryption('encryption', encryption)
}

function wrongEncryption(what: string, key: unknown): Error {
  return badArgument(
    `${what} must be 32 bytes, not ${describe(key)}: encryption is a key, { key }, or an object with padding, encrypt and decrypt`,
  )
}

function readUserData(userData: NonNullable<GetOptions['userData']>): NonNullable<GetOptions['userData']> {
  const isBytes = userData instanceof Uint8Array
  if (typeof userData !== 'object' || isBytes || Array.isArray(userData)) {
    throw badArgument(`userData must be an object of bytes and strings, not ${describe(userData)}`)
  }
  const values = Object.entries(userData).filter(([, value]) => value !== undefined)
  for (const [name, value] of values) {
    if (typeof value === 'string' || value instanceof Uint8Array) continue
    throw badArgument(`userData.${name} must be bytes or a string, not ${describe(value)}`)
  }
  return Object.fromEntries(values.map(([name, value]) => [name, copied(value)]))
}

function readBytes<T extends Uint8Array | null>(what: string, bytes: T): T {
  if (bytes === null || isKey(bytes)) return copied(bytes)
  throw badArgument(`${what} must be 32 bytes, not ${describe(bytes)}`)
}

/** Whether a value is 32 bytes. */
export function isKey(bytes: unknown): bytes is Uint8Array {
  return bytes instanceof Uint8Array && bytes.byteLength === 32
}

// Without one of these Hypercore takes it for none, and does not encrypt.
function isEncryptionProvider(encryption: object): encryption is EncryptionProvider {
  const { padding, encrypt, decrypt } = encryption as Partial<EncryptionProvider>
  return [padding, encrypt, decrypt].every((method) => typeof method === 'function')
}
