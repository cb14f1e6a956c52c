// What `store.get` accepts, and its reading into a `CoreRequest`: everything is checked here, before anything is
// derived, opened or written.

import type {
  EncryptionOption,
  EncryptionProvider,
  HypercoreOptions,
  KeyPair,
  ManifestInput,
  ValueEncoding,
} from '@coreyard/hypercore-types'
import b4a from 'b4a'
import id from 'hypercore-id-encoding'
import { badArgument, describe } from './errors.js'

/** A key: 32 bytes, 64 characters of hex, or 52 characters of z32. */
export type CoreKey = Uint8Array | string

// Hypercore options that `get` has a meaning of its own for, and those that are the store's business.
type OwnOption = 'name' | 'key' | 'discoveryKey' | 'keyPair' | 'manifest' | 'exclusive' | 'preload'
type HiddenOption =
  | 'storage'
  | 'core'
  | 'sessions'
  | 'ongc'
  | 'parent'
  | 'preopen'
  | 'snapshot'
  | 'atom'
  | 'checkout'

/**
 * The options of `store.get`: at most one of `name`, `key`, `discoveryKey` says which core (a `keyPair` or a `manifest`
 * alone does, too), all others are Hypercore's.
 */
export interface GetOptions<Encoding extends ValueEncoding = ValueEncoding>
  extends Omit<HypercoreOptions<Encoding>, OwnOption | HiddenOption> {
  /**
   * A local name, never sent to a peer. The key pair derives from it and the store's namespace, so the core is writable.
   * A string, or bytes; 1 to 4000 bytes long.
   */
  name?: string | Uint8Array | undefined | null
  /** The public key of a core. */
  key?: CoreKey | undefined | null
  /** The discovery key of a core that is stored already: 32 bytes, hex or z32. */
  discoveryKey?: CoreKey | undefined | null
  /** Signs the core's blocks. Alone, it makes a core with the default manifest of the store's `manifestVersion`. */
  keyPair?: KeyPair | undefined | null
  /** Who may sign the core's blocks. Alone, it gives the key. */
  manifest?: ManifestInput | undefined | null
  /** A writable session waits until every other exclusive writable session of that core has closed. Default `false`. */
  exclusive?: boolean | undefined
  /**
   * More of these options, known only later; they win over the ones beside it. Either must say which core is meant. An
   * `exclusive` among them is left out.
   */
  preload?: PromiseLike<GetOptions> | (() => GetOptions | PromiseLike<GetOptions>) | undefined | null
}

/** Which core is meant. */
export type CoreReference =
  | { readonly by: 'name'; readonly name: CoreName }
  | { readonly by: 'key'; readonly key: Uint8Array }
  | { readonly by: 'discoveryKey'; readonly discoveryKey: Uint8Array }
  | { readonly by: 'manifest'; readonly manifest: ManifestInput }
  | { readonly by: 'keyPair'; readonly keyPair: KeyPair }
  | { readonly by: 'nothing' }

/** A name as it derives keys, and as the storage keeps it as an alias (aliases are strings there). */
export interface CoreName {
  readonly bytes: string | Uint8Array
  readonly alias: string
}

/** `get`'s argument, read and found in order. */
export interface CoreRequest {
  readonly reference: CoreReference
  readonly keyPair: KeyPair | null
  readonly manifest: ManifestInput | null
  readonly options: GetOptions
}

// hypercore-storage encodes an alias into a slab of which 4096 bytes are sure to be free (lib/keys.js), beside a
// 32-byte namespace and a few bytes of framing; a NUL byte takes two.
const MAX_NAME_BYTES = 4000

// Before the hex of a name that is no UTF-8.
const BYTES_PREFIX = '\0hex:'

const KEY_FORMS = '32 bytes, 64 characters of hex or 52 characters of z32'

/** Turns the argument of `get` into options. Throws BAD_ARGUMENT. */
export function toGetOptions(argument: CoreKey | GetOptions | null | undefined): GetOptions {
  if (argument === undefined || argument === null) return {}
  if (typeof argument === 'string' || argument instanceof Uint8Array) return { key: argument }
  if (typeof argument === 'object' && !Array.isArray(argument)) return argument
  throw badArgument(`get takes a key (${KEY_FORMS}) or an object of options, not ${describe(argument)}`)
}

/** Reads and checks the options of `get`. Throws BAD_ARGUMENT. */
export function readRequest(options: GetOptions): CoreRequest {
  const keyPair = options.keyPair ?? null
  const manifest = options.manifest ?? null
  if (keyPair !== null) checkKeyPair(keyPair)
  if (manifest !== null && (typeof manifest !== 'object' || !Array.isArray(manifest.signers))) {
    throw badArgument('manifest must be an object with signers, as Hypercore.parseManifest returns it')
  }
  checkCoreOptions(options)
  return { reference: readReference(options, keyPair, manifest), keyPair, manifest, options }
}

function readReference(
  options: GetOptions,
  keyPair: KeyPair | null,
  manifest: ManifestInput | null,
): CoreReference {
  const { name = null, key = null, discoveryKey = null } = options

  if (name !== null) {
    if (keyPair !== null) throw badArgument('A name derives its own key pair: pass name or keyPair, not both')
    if (key !== null || discoveryKey !== null || manifest !== null) {
      throw badArgument(
        'Pass one of name, key, discoveryKey and manifest: a name says alone which core is meant',
      )
    }
    return { by: 'name', name: readName(name) }
  }
  if (key !== null) {
    const bytes = readKey('key', key)
    return { by: 'key', key: bytes }
  }
  if (manifest !== null) return { by: 'manifest', manifest }
  if (discoveryKey !== null)
    return { by: 'discoveryKey', discoveryKey: readKey('discoveryKey', discoveryKey) }
  if (keyPair !== null) return { by: 'keyPair', keyPair }
  return { by: 'nothing' }
}

/** Checks a core's name. Throws BAD_ARGUMENT. */
export function readName(name: string | Uint8Array): CoreName {
  const isBytes = name instanceof Uint8Array
  if (!isBytes && typeof name !== 'string') {
    throw badArgument(`name must be a string or bytes, not ${describe(name)}`)
  }
  if (name.length === 0) throw badArgument('name must not be empty')
  // Half of a surrogate pair is no UTF-8, and would be stored as another name than the one that is remembered.
  const alias = isBytes ? bytesToAlias(name) : b4a.toString(b4a.from(name))
  const size = encodedSize(alias)
  if (size > MAX_NAME_BYTES) {
    throw badArgument(`name must take at most ${MAX_NAME_BYTES} bytes, this one takes ${size}`)
  }
  return { bytes: name, alias }
}

/** Decodes a key of 32 bytes. Throws BAD_ARGUMENT that names `what`. */
export function readKey(what: string, key: CoreKey): Uint8Array {
  if (key instanceof Uint8Array) {
    if (key.byteLength === 32) return key
    throw badArgument(`${what} must be ${KEY_FORMS}, not ${describe(key)}`)
  }
  if (typeof key !== 'string') throw badArgument(`${what} must be ${KEY_FORMS}, not ${describe(key)}`)
  try {
    return id.decode(key)
  } catch {
    throw badArgument(`${what} must be ${KEY_FORMS}, not ${describe(key)} that is neither`)
  }
}

/** Checks a namespace: 32 bytes. Throws BAD_ARGUMENT. */
export function readNamespace(namespace: Uint8Array): Uint8Array {
  if (namespace instanceof Uint8Array && namespace.byteLength === 32) return namespace
  throw badArgument(
    `namespace must be 32 bytes, not ${describe(namespace)}: store.namespace(name) makes one of a name`,
  )
}

/**
 * Checks the options that Hypercore takes as they are and would get wrong: blocks that were to be encrypted are not, or
 * an error comes when something has been written. Throws BAD_ARGUMENT.
 */
export function checkCoreOptions({ encryption, encryptionKey, group }: GetOptions): void {
  checkEncryption(encryption)
  checkBytes('encryptionKey', encryptionKey)
  checkBytes('group', group)
}

// `false` is what `secret && { key: secret }` gives, and means none.
function checkEncryption(encryption: EncryptionOption | false | null | undefined): void {
  if (encryption === undefined || encryption === null || encryption === false) return
  if (isEncryptionProvider(encryption)) return
  const isOptions = typeof encryption === 'object' && !(encryption instanceof Uint8Array)
  const key: unknown = isOptions ? encryption.key : encryption
  if (isKey(key)) return
  throw badArgument(
    `${isOptions ? 'encryption.key' : 'encryption'} must be 32 bytes, not ${describe(key)}: encryption is a key, { key }, or an object with padding, encrypt and decrypt`,
  )
}

function checkBytes(what: string, bytes: Uint8Array | string | null | undefined): void {
  if (bytes === null || bytes === undefined || isKey(bytes)) return
  throw badArgument(`${what} must be 32 bytes, not ${describe(bytes)}`)
}

function isKey(bytes: unknown): bytes is Uint8Array {
  return bytes instanceof Uint8Array && bytes.byteLength === 32
}

// Without one of these Hypercore takes it for none, and does not encrypt.
function isEncryptionProvider(encryption: object): encryption is EncryptionProvider {
  const { padding, encrypt, decrypt } = encryption as Partial<EncryptionProvider>
  return [padding, encrypt, decrypt].every((method) => typeof method === 'function')
}

function checkKeyPair(keyPair: KeyPair): void {
  const { publicKey, secretKey } = keyPair
  if (!(publicKey instanceof Uint8Array) || publicKey.byteLength !== 32) {
    throw badArgument(`keyPair.publicKey must be 32 bytes, not ${describe(publicKey)}`)
  }
  if (secretKey && (!(secretKey instanceof Uint8Array) || secretKey.byteLength !== 64)) {
    throw badArgument(`keyPair.secretKey must be 64 bytes or null, not ${describe(secretKey)}`)
  }
}

// Bytes that are no UTF-8 have no string that stands for them: they get one that no text is likely to be.
function bytesToAlias(name: Uint8Array): string {
  const text = b4a.toString(name)
  return b4a.equals(b4a.from(text), name) ? text : BYTES_PREFIX + b4a.toString(name, 'hex')
}

/** The name that an alias stands for. */
export function nameOfAlias(alias: string): string | Uint8Array {
  return alias.startsWith(BYTES_PREFIX) ? b4a.from(alias.slice(BYTES_PREFIX.length), 'hex') : alias
}

// The bytes of an alias as hypercore-storage encodes it.
function encodedSize(alias: string): number {
  let size = b4a.byteLength(alias)
  for (let i = alias.indexOf('\0'); i !== -1; i = alias.indexOf('\0', i + 1)) size++
  return size
}
