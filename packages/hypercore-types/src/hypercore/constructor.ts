// The class that `hypercore` exports: the constructor and its static members. session.ts has a session.

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

/** The options of `Hypercore.key`. */
export interface KeyOptions {
  /** Whether the key is the public key itself, as in Hypercore 9 and 10. Default: `false`. */
  compat?: boolean | undefined
  /** The version of the manifest that is made from a public key. Default: 1. */
  version?: number | undefined
  /** 32 bytes: the namespace of the signer in that manifest. Default: Hypercore's default namespace. */
  namespace?: Uint8Array | undefined
}

/** Where a core is stored: a directory or a storage. `null` if the option `storage` says so. */
export type HypercoreStorageArgument = string | CorestoreStorage | null

/** The key of a core as an argument: 32 bytes, 64 characters of hex or 52 of z-base-32. */
export type KeyArgument = Uint8Array | string | null

/** The arguments of the constructor, with options. */
export type HypercoreArguments<Options> =
  | [storage: HypercoreStorageArgument, options: Options]
  | [storage: HypercoreStorageArgument, key: KeyArgument, options: Options]
  | [options: Options]

type WithoutOptions = [storage: HypercoreStorageArgument, key?: KeyArgument | undefined, options?: undefined]

/** The class `Hypercore`. */
export interface HypercoreConstructor {
  /**
   * A session of the core that is stored in `storage`, or of a new core. Its values are those of `valueEncoding`; without one, they are
   * bytes. With JSON, name their type: `new Hypercore<Message>(storage, { valueEncoding: 'json' })`.
   */
  new <T extends Uint8Array = Uint8Array>(
    ...args: HypercoreArguments<HypercoreOptions<'binary'>> | WithoutOptions
  ): Hypercore<T>
  new <T = never, const Encoding extends ValueEncoding = EncodingOf<T>>(
    ...args: HypercoreArguments<HypercoreOptions<Encoding> & Encoded<Encoding>>
  ): Hypercore<SessionValue<T, Encoding>>
  new (...args: HypercoreArguments<HypercoreOptions>): Hypercore<unknown>

  /** The maximum size of a block, in bytes: 15 MiB. */
  readonly MAX_SUGGESTED_BLOCK_SIZE: number
  /** Returns the key (32 bytes) of a manifest, of an encoded manifest, or of a core with that public key (32 bytes) as its only signer. */
  key(manifest: ManifestInput | Uint8Array, options?: KeyOptions): Bytes
  /** Returns the discovery key (32 bytes) of a key (32 bytes). */
  discoveryKey(key: Uint8Array): Bytes
  /** Derives the key that encrypts the blocks (32 bytes) from a core's key and an encryption key (32 bytes each). */
  blockEncryptionKey(key: Uint8Array, encryptionKey: Uint8Array): Uint8Array
  /** Returns the manifest with its defaults. Throws if it is invalid, or does not belong to `key`. */
  parseManifest(manifest: ManifestInput | Uint8Array, key?: Uint8Array): Manifest
  /** Opens or creates a core without a session; it stays open until closed. Wait for `core.ready()`. */
  createCore(storage: string | CorestoreStorage, options?: CoreOptions): Core
  /**
   * Returns a stream to replicate over, with a muxer: a new stream for a boolean (`true` on one side, `false` on the other),
   * otherwise that of the given stream or muxer. Throws `BAD_ARGUMENT` for a stream that is not encrypted.
   */
  createProtocolStream(
    isInitiator: boolean | EncryptedStream | Protomux,
    options?: ProtocolStreamOptions,
  ): ReplicationStream
  /**
   * Sets the peers that `recover` waits for, and that `append` waits for after the database was repaired: public keys of 32
   * bytes each. It applies to all cores of the process. With `null`, the default, `append` waits for any peer.
   */
  setRecoveryPeers(publicKeys: readonly Uint8Array[] | null): void
  /** Returns the muxer of a stream that Hypercore replicates over. */
  getProtocolMuxer(stream: { readonly noiseStream: NoiseSecretStream }): Protomux
  /**
   * Resolves with the tree hash (32 bytes) at a length (in blocks), from stored tree nodes. Default: the length of the session.
   * Rejects with `INVALID_OPERATION` if a tree node that it needs is not stored.
   */
  treeHashFromStorage(session: Hypercore<unknown>, length?: number): Promise<Uint8Array>
  /** Returns the storage in a directory. A storage is returned unchanged. */
  defaultStorage(storage: string | CorestoreStorage, options?: CorestoreStorageOptions): CorestoreStorage
}
