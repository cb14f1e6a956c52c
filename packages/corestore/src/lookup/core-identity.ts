// Which core a request means: its key and discovery key, and what a core that is not stored yet is made of.
// Derives; reads and opens nothing.

import type { Core, CoreAuth, KeyPair, ManifestInput } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import Hypercore from 'hypercore'
import crypto from 'hypercore-crypto'
import { copied } from '../options/copied-options.js'
import { isPublicKeyOf, type UnnamedRequest } from './core-request.js'

/** A core, as far as a request identifies it. */
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

/** Hypercore's manifest versions (lib/verifier.js); the key of 0 is the hash of a simpler manifest. */
const MANIFEST_VERSIONS: readonly number[] = [0, 1, 2]

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
  const signer = signs(keyPair, manifest) ? keyPair : null
  return { id: coreId(discoveryKey), key, discoveryKey, keyPair: signer, manifest }
}

/** The identity of the core that this key pair alone signs. */
export function identityOfKeyPair(keyPair: KeyPair, manifestVersion: number): CoreIdentity {
  const manifest = defaultManifest(keyPair.publicKey, manifestVersion)
  return identityOfKey(Hypercore.key(manifest), keyPair, manifest)
}

/** The identity of any request except one by name, which needs a look-up in the storage. */
export function identityOf(request: UnnamedRequest, manifestVersion: number): CoreIdentity {
  const { keyPair, manifest } = request
  switch (request.by) {
    case 'key': {
      const known = manifest ?? (keyPair && manifestOf(request.key, keyPair.publicKey))
      // A key pair that may not sign is not stored with the core.
      return identityOfKey(copied(request.key), known && keyPair, known)
    }
    case 'discoveryKey':
      return identityOfDiscoveryKey(copied(request.discoveryKey))
    case 'manifest':
      return identityOfKey(request.key, keyPair, manifest)
    case 'keyPair':
    case 'nothing':
      return identityOfKeyPair(keyPair ?? crypto.keyPair(), manifestVersion)
  }
}

/** The manifest of the core that only this key pair signs, if `key` is the key of such a core. Hypercore 10 used the public key itself. */
function manifestOf(key: Uint8Array, publicKey: Uint8Array): ManifestInput | null {
  if (b4a.equals(key, publicKey)) return defaultManifest(publicKey, 1)
  const manifests = MANIFEST_VERSIONS.map((version) => defaultManifest(publicKey, version))
  return manifests.find((manifest) => b4a.equals(key, Hypercore.key(manifest))) ?? null
}

/**
 * The manifest of a core that was opened by its key alone and lacks it, and so cannot be written. A core with a name lacks it after a
 * crash, because the name is stored first.
 */
export function missingManifest(
  identity: CoreIdentity,
  signer: KeyPair | null,
  core: Pick<Core, 'key' | 'manifest'>,
): ManifestInput | null {
  const key = identity.key ?? core.key
  if (key === null || core.manifest !== null) return null
  const manifest = identity.manifest ?? (signer && manifestOf(key, signer.publicKey))
  // Of a core whose key is a public key Hypercore makes the manifest itself, and does not take one.
  return manifest !== null && !isPublicKeyOf(manifest, key) ? manifest : null
}

/** Whether the core with this discovery key has this manifest. */
export function isManifestOf(manifest: ManifestInput, discoveryKey: Uint8Array): boolean {
  const { signers = [] } = manifest
  // Of a core that Hypercore 10 or older made, the key is the public key of its one signer.
  const keys = [
    Hypercore.key(manifest),
    ...(signers.length === 1 ? signers.map(({ publicKey }) => publicKey) : []),
  ]
  return keys.some((key) => b4a.equals(crypto.discoveryKey(key), discoveryKey))
}

/** Whether a key pair can sign for a core with this manifest, as far as that is known. */
export function signs(keyPair: KeyPair | null, manifest: ManifestInput | null): boolean {
  if (keyPair === null || manifest === null) return true
  const { signers = [] } = manifest
  return signers.some(({ publicKey }) => b4a.equals(publicKey, keyPair.publicKey))
}

/** Whether a key pair is known to sign for an open core: what signs it is known from its manifest, or from its key. */
export function signsCore(
  keyPair: KeyPair,
  { manifest, key }: Pick<Core, 'key' | 'manifest'>,
  given: ManifestInput | null,
): boolean {
  const known = manifest ?? given ?? (key && manifestOf(key, keyPair.publicKey))
  return known !== null && signs(keyPair, known)
}

/** Whether a stored core was made for the key pair with this public key alone. */
export function isSignedBy({ key, keyPair }: CoreAuth, publicKey: Uint8Array): boolean {
  if (keyPair !== null) return b4a.equals(keyPair.publicKey, publicKey)
  return manifestOf(key, publicKey) !== null
}

function defaultManifest(publicKey: Uint8Array, version: number): ManifestInput {
  return { version, signers: [{ publicKey }] }
}
