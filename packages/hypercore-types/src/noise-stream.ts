// The encrypted stream between two peers (@hyperswarm/secret-stream), and what Hypercore replicates over. The
// protocol on top of it lives in protomux.ts.

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
  /** A protocol on the stream has failed in a way that the stream outlives, as a listener of a closed channel. */
  warning: [error: unknown]
}

/** A stream to replicate over as it is taken from a caller: it knows its encrypted stream. */
export interface EncryptedStream extends DuplexStream {
  readonly noiseStream: NoiseSecretStream
}

/** A stream to replicate over as it is given to a caller. Pipe it to the peer's, unless it is connected already. */
export interface ReplicationStream<Events extends ByteStreamEvents & EventMap<Events> = ByteStreamEvents>
  extends ByteDuplex<Events> {
  /** The encrypted stream; of a Hyperswarm connection it is that itself. */
  readonly noiseStream: NoiseSecretStream
}

/** An encrypted duplex stream between two peers who prove their public keys to each other (Noise XX or IK). */
export interface NoiseSecretStream extends ReplicationStream<NoiseSecretStreamEvents> {
  /** Whether this side began the handshake. Of the two sides exactly one does. */
  readonly isInitiator: boolean
  /** 32 bytes; `null` until the key pair is known. */
  readonly publicKey: Bytes | null
  /** 32 bytes: who the peer is; `null` until the handshake is done. */
  readonly remotePublicKey: Bytes | null
  /** 64 bytes, the same on both sides and on no other stream; `null` until the handshake is done. */
  readonly handshakeHash: Bytes | null
  /** Whether the handshake is done. */
  readonly connected: boolean
  /** `true` once the handshake is done, `false` if the stream is destroyed before. Never rejects. */
  readonly opened: Promise<boolean>
  /** The stream underneath, that carries the encrypted bytes. */
  readonly rawStream: DuplexStream
  /** For whoever builds on the stream. Protomux puts itself here, so that all protocols share one muxer. */
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
  /** Destroys the stream when nothing has come for `milliseconds`; 0 stops that. */
  setTimeout(milliseconds: number): void
  /** Waits until all that was written has left; `false` if the stream went away before. */
  flush(): Promise<boolean>
  /** Room for a message of `size` bytes that is then written without a copy. */
  alloc(size: number): Uint8Array
}

/** Options of a {@link NoiseSecretStream}. */
export interface NoiseSecretStreamOptions {
  /** Who this side is. Default: a new key pair. */
  keyPair?: KeyPair | Promise<KeyPair> | undefined
  /** 32 bytes: whom to expect, for a handshake pattern that needs to know. */
  remotePublicKey?: Uint8Array | undefined
  /** The Noise handshake pattern. Default: `'XX'`. */
  pattern?: string | undefined
  /** Milliseconds; see {@link NoiseSecretStream.setKeepAlive}. Default: 0, off. */
  keepAlive?: number | undefined
  /** Whether unordered messages are taken. Default: `true`. */
  enableSend?: boolean | undefined
}

/** An encrypted stream of which it is known what carries it. */
export interface NoiseSecretStreamOver<Raw extends DuplexStream> extends NoiseSecretStream {
  readonly rawStream: Raw
}

/** The class of `@hyperswarm/secret-stream`. `isInitiator` must be `true` on one side and `false` on the other. */
export interface NoiseSecretStreamConstructor {
  /** Over a stream that it makes, to be piped to the peer's: `a.rawStream.pipe(b.rawStream).pipe(a.rawStream)`. */
  new (
    isInitiator: boolean,
    rawStream?: null,
    options?: NoiseSecretStreamOptions,
  ): NoiseSecretStreamOver<ReplicationStream>
  /** Over a stream that leads to the peer already, such as a socket. */
  new <Raw extends DuplexStream>(
    isInitiator: boolean,
    rawStream: Raw,
    options?: NoiseSecretStreamOptions,
  ): NoiseSecretStreamOver<Raw>
  /** A key pair, from a `seed` of 32 bytes or a new one. */
  keyPair(seed?: Uint8Array): KeyPair<Bytes>
}
