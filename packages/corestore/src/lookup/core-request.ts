// Which core a call means: the options of `get`, read and found in order before anything is derived, opened or written.

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

/** What `get` was asked for. */
export type CoreRequest = Meant & {
  readonly keyPair: KeyPair | null
  readonly manifest: ManifestInput | null
  /** The options that were given and the store's for the others. */
  readonly options: GetOptions
  /** Those of them that were not known when `get` was called; `null` if all were. */
  readonly loaded: GetOptions | null
}

export type NamedRequest = Extract<CoreRequest, { by: 'name' }>
export type UnnamedRequest = Exclude<CoreRequest, { by: 'name' }>

/**
 * The options must have been read. Throws BAD_ARGUMENT.
 *
 * Every object is written out: a spread would take longer than all the rest of a `get`.
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

/** Throws BAD_ARGUMENT for options that are about which core is meant, and do not say it; not for those that ask for a new core. */
export function assertAsksForNew(argument: unknown): void {
  const has = (option: string) => Object(argument) === argument && option in Object(argument)
  if (['name', 'key', 'discoveryKey'].some(has)) {
    throw badArgument(
      'name, key and discoveryKey are empty: pass one of them, or none of these options for a new core',
    )
  }
  // As Corestore 6 has them.
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

/** Whether a key is the public key of the one signer of a manifest: so it is for a core that Hypercore 10 or older made. */
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
