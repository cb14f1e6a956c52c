// Checks a signature as someone would who has the public key and no keychain: with the Ed25519 of Node.js itself.
import { createPublicKey, verify } from 'node:crypto'

export function isSignedBy(publicKey: Uint8Array, message: string, signature: Uint8Array): boolean {
  const x = Buffer.from(publicKey).toString('base64url')
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  return verify(null, Buffer.from(message), key, signature)
}
