// Random bytes on Bare.

import sodium from 'sodium-universal'

export function randomBytes(size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  sodium.randombytes_buf(bytes)
  return bytes
}
