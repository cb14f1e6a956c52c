// Discovery keys as strings, for sets and maps.

import b4a from 'b4a'

/** 32 characters for 32 bytes: half as many as hex. */
export function keyId(discoveryKey: Uint8Array): string {
  return b4a.toString(discoveryKey, 'latin1')
}
