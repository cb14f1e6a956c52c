// Which core a call means: the options of `get`, read and checked before anything is derived, opened or written.

import type { KeyPair, ManifestInput } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import Hypercore from 'hypercore'
import { badArgument, messageOf } from '../errors/errors.js'
import { type CoreName, readName } from '../names/core-name.js'
import { decodeKey } from '../options/core-options.js'
import type { GetOptions } from '../options/get-options.js'

/** Which core is meant. */
type Meant =
  | { readonly by: 'name'; readonly name: CoreName }
  /** The bytes are those of the options. */
  | { readonly by: 'key'; readonly key: Uint8Array }
  /** The same. */
  | { readonly by: 'discoveryKey'; readonly discoveryKey: Uint8Array }
  | { readonly by: 'manifest'; readonly key: Uint8Array }
  | { readonly by: 'keyPair'; readonly keyPair: KeyPair }
  | { readonly by: 'nothing' }

/** The request of a `get`. */
export type CoreRequest = Meant & {
  readonly keyPair: KeyPair | null
  readonly manifest: ManifestInput | null
  /** The options of the call, and the defaults of the store for the others. */
  readonly options: GetOptions
  /** The options that were not known when `get` was called; `null` if all were. */
  readonly loaded: GetOptions | null
}

export type NamedRequest = Extract<CoreRequest, { by: 'name' }>
export type UnnamedRequest = Exclude<CoreRequest, { by: 'name' }>

/**
 * The options must have been read. Throws BAD_ARGUMENT.
 *
 * Every object is written out, because a spread would take longer than the rest of a `get`.
 */
export function readRequest(options: GetOptions, loaded: GetOptions | null = null): CoreRequest {
  const { name = null, key = null, discoveryKey = null, keyPair = null, manifest = null } = options
  const manifestKey = manifest === null ? null : keyOf(manifest)

  if (name !== null) {
    if (keyPair !== null) throw badArgument('A name derives its own key pair: pass name or keyPair, not both')
    if (key !== null || discoveryKey !== null) {
      throw badArgument('Pass one of name, key and discoveryKey: a name says alone which core is meant')
    }
    return { by: 'name', name: readName(name), keyPair, manifest, options, loaded }
  }
  const discovery = discoveryKey === null ? null : decodeKey('discoveryKey', discoveryKey)
  if (key !== null) {
    const bytes = decodeKey('key', key)
    checkDiscoveryKey(discovery, bytes, 'key')
    if (manifest !== null && manifestKey !== null) checkManifest(bytes, manifest, manifestKey)
    return { by: 'key', key: bytes, keyPair, manifest, options, loaded }
  }
  if (manifestKey !== null) {
    checkDiscoveryKey(discovery, manifestKey, 'manifest')
    return { by: 'manifest', key: manifestKey, keyPair, manifest, options, loaded }
  }
  if (discovery !== null) {
    return { by: 'discoveryKey', discoveryKey: discovery, keyPair, manifest, options, loaded }
  }
  if (keyPair !== null) return { by: 'keyPair', keyPair, manifest, options, loaded }
  return { by: 'nothing', keyPair, manifest, options, loaded }
}

/** Throws BAD_ARGUMENT if options that select a core are all empty. Options that request a new core are accepted. */
export function assertAsksForNew(argument: unknown): void {
  const has = (option: string) => Object(argument) === argument && option in Object(argument)
  if (['name', 'key', 'discoveryKey'].some(has)) {
    throw badArgument(
      'name, key and discoveryKey are empty: pass one of them, or none of these options for a new core',
    )
  }
  // Options of Corestore 6.
  if (!['publicKey', 'secretKey'].some(has)) return
  throw badArgument('get takes a publicKey as key, and a publicKey with its secretKey as keyPair')
}

function checkDiscoveryKey(discoveryKey: Uint8Array | null, key: Uint8Array, what: string): void {
  if (discoveryKey === null || b4a.equals(discoveryKey, Hypercore.discoveryKey(key))) return
  throw badArgument(
    `discoveryKey is that of another core than ${what}: pass the right one, or one of the two alone`,
  )
}

function checkManifest(key: Uint8Array, manifest: ManifestInput, manifestKey: Uint8Array): void {
  if (b4a.equals(key, manifestKey) || isPublicKeyOf(manifest, key)) return
  throw badArgument('manifest is that of another core than key: pass the right one, or one of the two alone')
}

/** Whether a key is the public key of the only signer of a manifest, as in a core that Hypercore 10 or older made. */
export function isPublicKeyOf({ signers = [] }: ManifestInput, key: Uint8Array): boolean {
  const [signer] = signers
  return signer !== undefined && signers.length === 1 && b4a.equals(key, signer.publicKey)
}

/** The key of the core with this manifest. Throws BAD_ARGUMENT. */
function keyOf(manifest: ManifestInput): Uint8Array {
  try {
    return Hypercore.key(manifest)
  } catch (error) {
    throw badArgument(`manifest is not valid: ${messageOf(error)}`)
  }
}
