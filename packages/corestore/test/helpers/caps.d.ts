// What of Hypercore's own files the attackers of the tests use.

declare module 'hypercore/lib/caps.js' {
  const caps: {
    /** What proves to the other end of a stream that this end has the key. */
    replicate(isInitiator: boolean, key: Uint8Array, handshakeHash: Uint8Array | null): Uint8Array
  }
  export default caps
}
