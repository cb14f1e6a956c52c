// The encrypted stream between two peers (@hyperswarm/secret-stream), over which Hypercore replicates. protomux.ts
// has the protocol on top of it.

import type { Bytes } from './bytes/bytes.js'
import type { EventMap } from './emitter.js'
import type { KeyPair } from './key-pair.js'
import type { ByteDuplex, ByteStreamEvents, DuplexStream } from './stream.js'

/** Events of a {@link NoiseSecretStream}. */
export interface NoiseSecretStreamEvents extends ByteStreamEvents {
  /** The handshake is done: `remotePublicKey` and `handshakeHash` are known. */
  handshake: []
  /** The stream is usable; right after `handshake`. */
  connect: []
  /** An unordered message of the peer (UDX only). */
  message: [data: Uint8Array]
  /** An error in a protocol that does not end the stream, such as an error thrown by the listener of a closed channel. */
  warning: [error: unknown]
}

/** A stream that callers pass in to replicate over. It has an encrypted stream. */
export interface EncryptedStream extends DuplexStream {
  readonly noiseStream: NoiseSecretStream
}

/** A stream that replication returns. Pipe it to the stream of the peer, unless it is connected already. */
export interface ReplicationStream<Events extends ByteStreamEvents & EventMap<Events> = ByteStreamEvents>
  extends ByteDuplex<Events> {
  /** The encrypted stream. A Hyperswarm connection is its own encrypted stream. */
  readonly noiseStream: NoiseSecretStream
}

/** An encrypted duplex stream between two peers that prove their public keys to each other (Noise XX or IK). */
export interface NoiseSecretStream extends ReplicationStream<NoiseSecretStreamEvents> {
  /** Whether this side began the handshake. Exactly one of the two sides does. */
  readonly isInitiator: boolean
  /** 32 bytes; `null` until the key pair is known. */
  readonly publicKey: Bytes | null
  /** 32 bytes: the public key of the peer; `null` until the handshake is done. */
  readonly remotePublicKey: Bytes | null
  /** 64 bytes, the same on both sides and on no other stream; `null` until the handshake is done. */
  readonly handshakeHash: Bytes | null
  /** Whether the handshake is done. */
  readonly connected: boolean
  /** `true` once the handshake is done, `false` if the stream is destroyed before. Never rejects. */
  readonly opened: Promise<boolean>
  /** The underlying stream, which carries the encrypted bytes. */
  readonly rawStream: DuplexStream
  /** For libraries that use the stream. Protomux stores itself here, so that all protocols share one muxer. */
  userData: unknown
  /** How often an empty message is sent, in milliseconds; 0 for never. See `setKeepAlive`. */
  readonly keepAlive: number
  /** After how long without a message the stream is destroyed, in milliseconds; 0 for never. See `setTimeout`. */
  readonly timeout: number
  /** Encrypted bytes written so far. */
  readonly rawBytesWritten: number
  /** Encrypted bytes read so far. */
  readonly rawBytesRead: number
  /** Sends an empty message every `milliseconds`; 0 stops that. Both sides must do it, or neither. */
  setKeepAlive(milliseconds: number): void
  /** Sends one empty message now. */
  sendKeepAlive(): void
  /** Destroys the stream when nothing has arrived for `milliseconds`; 0 stops that. */
  setTimeout(milliseconds: number): void
  /** Waits until everything written was sent. Resolves with `false` if the stream closed before. */
  flush(): Promise<boolean>
  /** Allocates a buffer for a message of `size` bytes, which can then be written without a copy. */
  alloc(size: number): Uint8Array
}

/** Options of a {@link NoiseSecretStream}. */
export interface NoiseSecretStreamOptions {
  /** The key pair of this side. Default: a new key pair. */
  keyPair?: KeyPair | Promise<KeyPair> | undefined
  /** 32 bytes: the expected public key of the peer, for a handshake pattern that needs it. */
  remotePublicKey?: Uint8Array | undefined
  /** The Noise handshake pattern. Default: `'XX'`. */
  pattern?: string | undefined
  /** Milliseconds; see {@link NoiseSecretStream.setKeepAlive}. Default: 0, off. */
  keepAlive?: number | undefined
  /** Whether unordered messages are accepted. Default: `true`. */
  enableSend?: boolean | undefined
}

/** An encrypted stream whose underlying stream has a known type. */
export interface NoiseSecretStreamOver<Raw extends DuplexStream> extends NoiseSecretStream {
  readonly rawStream: Raw
}

/** The class of `@hyperswarm/secret-stream`. `isInitiator` must be `true` on one side and `false` on the other. */
export interface NoiseSecretStreamConstructor {
  /** Makes its own raw stream, to be piped to the one of the peer: `a.rawStream.pipe(b.rawStream).pipe(a.rawStream)`. */
  new (
    isInitiator: boolean,
    rawStream?: null,
    options?: NoiseSecretStreamOptions,
  ): NoiseSecretStreamOver<ReplicationStream>
  /** Uses a stream that is connected to the peer already, such as a socket. */
  new <Raw extends DuplexStream>(
    isInitiator: boolean,
    rawStream: Raw,
    options?: NoiseSecretStreamOptions,
  ): NoiseSecretStreamOver<Raw>
  /** Returns a key pair: derived from a `seed` of 32 bytes, or a random one. */
  keyPair(seed?: Uint8Array): KeyPair<Bytes>
}
