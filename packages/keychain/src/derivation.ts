/// <reference types="@coreyard/hypercore-types/ambient" />
// The derivation itself, byte for byte that of Corestore 6 and 7: from (secret, namespace, name) to seeds and key
// pairs. Arguments are checked before they get here.
import b4a from 'b4a'
import sodium from 'sodium-universal'
import { DerivedKeyPair, type KeyPair } from './key-pair.js'
import { allocateSecret, type Secret, wipe } from './secret.js'

// Both constants separate the uses of a primary key. hypercore-crypto's `namespace(label, 1)[0]` defines them:
// BLAKE2b-256(BLAKE2b-256(label) ‖ 0x00).
/** Label `corestore`: key pairs, as Corestore derives them. */
const KEY_PAIR_DOMAIN = b4a.from('ac5c4cbfb1064776404637a280c71fac823281d351ebeced03151743270def29', 'hex')
/** Label `coreyard/keychain`: fingerprints. */
const FINGERPRINT_DOMAIN = b4a.from('09430a994d2dd6409c5c23605618092b7a6fcee832e36182cff3960b888ccc9d', 'hex')

/** BLAKE2b-256(namespace ‖ name). */
export function deriveNamespace(namespace: Uint8Array, name: Uint8Array): Uint8Array {
  const child = b4a.alloc(32)
  sodium.crypto_generichash_batch(child, [namespace, name])
  return child
}

/** The key pair whose seed is BLAKE2b-256(domain ‖ namespace ‖ name), keyed with the primary key. */
export function deriveKeyPair(secret: Secret, namespace: Uint8Array, name: Uint8Array): KeyPair {
  const keyPair = new DerivedKeyPair()
  fillKeyPair(keyPair, secret, namespace, name)
  return keyPair
}

/** Signs (Ed25519, detached, 64 bytes) with the derived key pair, whose secret key is wiped before this returns. */
export function sign(
  secret: Secret,
  namespace: Uint8Array,
  name: Uint8Array,
  message: Uint8Array,
): Uint8Array {
  const keyPair = { publicKey: b4a.alloc(32), secretKey: allocateSecret(64) }
  fillKeyPair(keyPair, secret, namespace, name)
  const signature = b4a.alloc(64)
  sodium.crypto_sign_detached(signature, message, keyPair.secretKey)
  wipe(keyPair.secretKey)
  return signature
}

/** BLAKE2b-256(domain ‖ namespace), keyed with the primary key. */
export function deriveFingerprint(secret: Secret, namespace: Uint8Array): Uint8Array {
  const fingerprint = b4a.alloc(32)
  secret.hash(fingerprint, [FINGERPRINT_DOMAIN, namespace])
  return fingerprint
}

function fillKeyPair(
  keyPair: Record<'publicKey' | 'secretKey', Uint8Array>,
  secret: Secret,
  namespace: Uint8Array,
  name: Uint8Array,
): void {
  const seed = allocateSecret(32)
  secret.hash(seed, [KEY_PAIR_DOMAIN, namespace, name])
  sodium.crypto_sign_seed_keypair(keyPair.publicKey, keyPair.secretKey, seed)
  wipe(seed)
}
