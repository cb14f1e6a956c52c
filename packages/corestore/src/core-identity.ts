// Which core a request means: its key and discovery key, and what a core that is not stored yet is made of.
// Derives; reads and opens nothing.

import type { KeyPair, ManifestInput } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import Hypercore from 'hypercore'
import crypto from 'hypercore-crypto'
import { badArgument } from './errors.js'
import type { CoreReference } from './get-options.js'

/** A core, as precisely as a request says it. */
export interface CoreIdentity {
  /** The discovery key in hex, by which open cores are known. */
  readonly id: string
  /** 32 bytes; `null` where only the discovery key is known. */
  readonly key: Uint8Array | null
  /** 32 bytes: BLAKE2b of the key, safe to show to peers. */
  readonly discoveryKey: Uint8Array
  readonly keyPair: KeyPair | null
  readonly manifest: ManifestInput | null
}

/** The id of a core: its discovery key in hex. */
export function coreId(discoveryKey: Uint8Array): string {
  return b4a.toString(discoveryKey, 'hex')
}

/** The identity of a stored core of which only the discovery key is known. */
export function identityOfDiscoveryKey(discoveryKey: Uint8Array): CoreIdentity {
  return { id: coreId(discoveryKey), key: null, discoveryKey, keyPair: null, manifest: null }
}

/** The identity of the core with this key. */
export function identityOfKey(
  key: Uint8Array,
  keyPair: KeyPair | null = null,
  manifest: ManifestInput | null = null,
): CoreIdentity {
  const discoveryKey = crypto.discoveryKey(key)
  return { id: coreId(discoveryKey), key, discoveryKey, keyPair, manifest }
}

/** The identity of the core that this key pair alone signs. */
export function identityOfKeyPair(keyPair: KeyPair, manifestVersion: number): CoreIdentity {
  const manifest = { version: manifestVersion, signers: [{ publicKey: keyPair.publicKey }] }
  return identityOfManifest(manifest, keyPair)
}

/** The identity of any reference but one by name, which takes a look into the storage. */
export function identityOf(
  reference: Exclude<CoreReference, { by: 'name' }>,
  keyPair: KeyPair | null,
  manifest: ManifestInput | null,
  manifestVersion: number,
): CoreIdentity {
  switch (reference.by) {
    case 'key':
      if (manifest !== null) checkManifest(reference.key, manifest)
      return identityOfKey(reference.key, keyPair, manifest)
    case 'discoveryKey':
      return { ...identityOfDiscoveryKey(reference.discoveryKey), keyPair }
    case 'manifest':
      return identityOfManifest(reference.manifest, keyPair)
    case 'keyPair':
      return identityOfKeyPair(reference.keyPair, manifestVersion)
    case 'nothing':
      return identityOfKeyPair(crypto.keyPair(), manifestVersion)
  }
}

function identityOfManifest(manifest: ManifestInput, keyPair: KeyPair | null): CoreIdentity {
  return identityOfKey(keyOf(manifest), keyPair, manifest)
}

function checkManifest(key: Uint8Array, manifest: ManifestInput): void {
  if (b4a.equals(key, keyOf(manifest))) return
  // Of a core that Hypercore 10 or older made, the key is the public key of its one signer.
  const { signers = [] } = manifest
  if (signers.every(({ publicKey }) => b4a.equals(key, publicKey)) && signers.length === 1) return
  throw badArgument('manifest is that of another core than key: pass the right one, or one of the two alone')
}

function keyOf(manifest: ManifestInput): Uint8Array {
  try {
    return Hypercore.key(manifest)
  } catch (error) {
    throw badArgument(`manifest is not valid: ${error instanceof Error ? error.message : String(error)}`)
  }
}
