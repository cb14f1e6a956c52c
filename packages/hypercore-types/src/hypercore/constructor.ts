// The class that `hypercore` exports: the constructor and what hangs on it. A session lives in session.ts.

import type { Bytes } from '../bytes/bytes.js'
import type { Encoded, EncodingOf, SessionValue, ValueEncoding } from '../bytes/encoding.js'
import type { Core } from '../core/core.js'
import type { CoreOptions } from '../core/options.js'
import type { Manifest, ManifestInput } from '../manifest.js'
import type { EncryptedStream, NoiseSecretStream, ReplicationStream } from '../noise-stream.js'
import type { Protomux } from '../protomux.js'
import type { CorestoreStorage, CorestoreStorageOptions } from '../storage/corestore-storage.js'
import type { HypercoreOptions } from './options.js'
import type { ProtocolStreamOptions } from './replicate.js'
import type { Hypercore } from './session.js'

/** What `Hypercore.key` makes of a public key. */
export interface KeyOptions {
  /** Whether the key is the public key itself, as in Hypercore 9. Default: `false`. */
  compat?: boolean | undefined
  /** The version of the manifest that is made of a public key. Default: 1. */
  version?: number | undefined
  /** 32 bytes: the namespace of the signer in it. Default: Hypercore's default namespace. */
  namespace?: Uint8Array | undefined
}

/** Where a core is stored: a directory or a storage. `null` where the options tell. */
export type HypercoreStorageArgument = string | CorestoreStorage | null

/** A core's key as it may be given: 32 bytes, 64 characters of hex or 52 of z-base-32. */
export type KeyArgument = Uint8Array | string | null

/** What the constructor takes, with options. */
export type HypercoreArguments<Options> =
  | [storage: HypercoreStorageArgument, options: Options]
  | [storage: HypercoreStorageArgument, key: KeyArgument, options: Options]
  | [options: Options]

type WithoutOptions = [storage: HypercoreStorageArgument, key?: KeyArgument | undefined, options?: undefined]

/** The class `Hypercore`. */
export interface HypercoreConstructor {
  /**
   * A session of the core that is stored in `storage`, or of a new one. Its values are those of `valueEncoding`, bytes if there is
   * none. With JSON, say what they are: `new Hypercore<Message>(storage, { valueEncoding: 'json' })`.
   */
  new <T extends Uint8Array = Uint8Array>(
    ...args: HypercoreArguments<HypercoreOptions<'binary'>> | WithoutOptions
  ): Hypercore<T>
  new <T = never, const Encoding extends ValueEncoding = EncodingOf<T>>(
    ...args: HypercoreArguments<HypercoreOptions<Encoding> & Encoded<Encoding>>
  ): Hypercore<SessionValue<T, Encoding>>
  new (...args: HypercoreArguments<HypercoreOptions>): Hypercore<unknown>

  /** 15 MiB, in bytes: the most that a block takes. */
  readonly MAX_SUGGESTED_BLOCK_SIZE: number
  /** 32 bytes: the key of a manifest, of an encoded one, or of a core signed by that public key (32 bytes) alone. */
  key(manifest: ManifestInput | Uint8Array, options?: KeyOptions): Bytes
  /** 32 bytes: the discovery key of a key (32 bytes). */
  discoveryKey(key: Uint8Array): Bytes
  /** 32 bytes: the key of the blocks, of a core's key and an encryption key (32 bytes each). */
  blockEncryptionKey(key: Uint8Array, encryptionKey: Uint8Array): Uint8Array
  /** The manifest with its defaults; throws if it cannot be, or is not that of `key`. */
  parseManifest(manifest: ManifestInput | Uint8Array, key?: Uint8Array): Manifest
  /** Opens or creates a core without a session; it stays open until closed. Wait for `core.ready()`. */
  createCore(storage: string | CorestoreStorage, options?: CoreOptions): Core
  /**
   * A stream to replicate over, with a muxer: a new one for a boolean, on which both sides must differ, else the one of the
   * stream or muxer. Throws `BAD_ARGUMENT` for a stream that is not encrypted.
   */
  createProtocolStream(
    isInitiator: boolean | EncryptedStream | Protomux,
    options?: ProtocolStreamOptions,
  ): ReplicationStream
  /**
   * The public keys (32 bytes each) of the peers that `recover` waits for, and `append` where the database had to be repaired;
   * for all cores of the process. `null`: `append` then waits for any peer. Default: `null`.
   */
  setRecoveryPeers(publicKeys: readonly Uint8Array[] | null): void
  /** The muxer of a stream that Hypercore replicates over. */
  getProtocolMuxer(stream: { readonly noiseStream: NoiseSecretStream }): Protomux
  /**
   * 32 bytes: the tree hash at a length (in blocks), from what is stored. Default: the length of the session. Rejects with
   * `INVALID_OPERATION` if a node that it takes is not stored.
   */
  treeHashFromStorage(session: Hypercore<unknown>, length?: number): Promise<Uint8Array>
  /** The storage in a directory. A storage is returned as it is. */
  defaultStorage(storage: string | CorestoreStorage, options?: CorestoreStorageOptions): CorestoreStorage
}
