// A session of a Hypercore, the object that an application uses. ../core/core.ts has the core that sessions share, and
// constructor.ts the class with its static members.

import type { Bytes } from '../bytes/bytes.js'
import type { Encoded, EncodingOf, SessionValue, ValueEncoding } from '../bytes/encoding.js'
import type { Core } from '../core/core.js'
import type { Peer } from '../core/peer.js'
import type { CoreReplicator } from '../core/replicator.js'
import type { SessionState } from '../core/session-state.js'
import type { Emitter } from '../emitter.js'
import type { KeyPair, StoredKeyPair } from '../key-pair.js'
import type { Manifest } from '../manifest.js'
import type { EncryptedStream, ReplicationStream } from '../noise-stream.js'
import type { ProofRequest, TreeBatch, TreeProof } from '../proof.js'
import type { Protomux } from '../protomux.js'
import type { ReadStream, WriteStream } from '../stream.js'
import type {
  ActiveRequests,
  AppendOptions,
  AppendResult,
  Block,
  ByteStreamOptions,
  CloseOptions,
  CommitOptions,
  Download,
  DownloadRange,
  GetOptions,
  HypercoreInfo,
  ReadStreamOptions,
  RecoverOptions,
  TruncateOptions,
  UpdateOptions,
  WaitOptions,
} from './calls.js'
import type { EncryptionProvider } from './encryption.js'
import type { HypercoreEvents } from './events.js'
import type { Extension, ExtensionHandlers } from './extension.js'
import type { SessionOptions } from './options.js'
import type { ReplicateOptions } from './replicate.js'

/**
 * An append-only log of blocks, signed by its writer and verified by its readers. `T` is the type of a block's value:
 * bytes, unless a `valueEncoding` was given.
 *
 * Every method that returns a promise waits for the core to open. Wait for `core.ready()` before you read a field. Errors
 * have the codes of `hypercore-errors`, such as `SESSION_CLOSED` and `SESSION_NOT_WRITABLE`.
 */
export interface Hypercore<T = Uint8Array> extends Emitter<HypercoreEvents> {
  /** The key as z-base-32, 52 characters. It is set when `key` is. */
  readonly id: string
  /**
   * 32 bytes: with it a peer can read the core and verify it.
   *
   * It is set once the core is open (`await core.ready()`), and immediately if it was passed in. Until then it is `null`. The type
   * leaves that out, so that no check is needed after `ready`.
   */
  readonly key: Bytes
  /** 32 bytes, derived from the key. Peers find each other by it, and it does not reveal the key. It is set when `key` is. */
  readonly discoveryKey: Bytes
  /** The key pair that signs appended blocks; `null` until opened, and if this store cannot write. */
  readonly keyPair: StoredKeyPair | null
  /** The signers and the initial blocks of the core; `null` until known. It may have to arrive from a peer. */
  readonly manifest: Manifest | null
  /** In blocks. 0 until opened. */
  readonly length: number
  /** The length, in blocks, that a quorum has signed. 0 until opened. */
  readonly signedLength: number
  /** In bytes, without what encryption adds. 0 until opened. */
  readonly byteLength: number
  /** How many blocks in a row are stored, from the first one on. 0 until opened. */
  readonly contiguousLength: number
  /** The greatest contiguous length of any peer, in blocks. 0 until opened. */
  readonly remoteContiguousLength: number
  /** How many times it has been truncated. 0 until opened. */
  readonly fork: number
  /** How many bytes encryption adds to each block; 0 without encryption. */
  readonly padding: number
  /** Whether it can be appended to and truncated. `false` until opened. */
  readonly writable: boolean
  /** `true` until it closes. */
  readonly readable: boolean
  readonly opening: Promise<void>
  readonly opened: boolean
  /** Set when it starts to close, and from then on. */
  readonly closing: Promise<void> | null
  readonly closed: boolean
  readonly snapshotted: boolean
  readonly exclusive: boolean
  readonly weak: boolean
  /** Whether `get` waits for a peer. */
  readonly wait: boolean
  /** How long `get` waits, in milliseconds; 0 for no limit. */
  readonly timeout: number
  /** How many `get`s have had to wait for a peer. */
  readonly waits: number
  /**
   * When the database was repaired, in milliseconds since 1970; 0 if it was not. Peers may then have blocks that this writer
   * has lost. While it is not 0, `append` waits until a peer has been connected for eight seconds and no peer has had more
   * blocks, so that no length is signed twice. If `Hypercore.setRecoveryPeers` was called, only those peers count.
   */
  readonly recovering: number
  /** The peers that it replicates with. Empty until opened. */
  readonly peers: Peer[]
  /** The open sessions that share this list: all sessions of the core, unless a list was passed in. */
  readonly sessions: Hypercore<unknown>[]
  /** The core that all sessions share; `null` until it is known. If it was passed in, it is known immediately. */
  readonly core: Core | null
  /** The state shared by all sessions that see the same blocks; `null` until opened. */
  readonly state: SessionState | null
  /** The replication of the core; `null` while `core` is. */
  readonly replicator: CoreReplicator | null
  readonly encryption: EncryptionProvider | null
  readonly extensions: ReadonlyMap<string, Extension<unknown>>
  /** The cache that was passed in; `null` until opened, or if there is none. */
  readonly globalCache: object | null
  /** The pending requests of this session, except those of calls with their own list. */
  readonly activeRequests: ActiveRequests

  /** Waits until it is open; rejects if that fails. */
  ready(): Promise<void>
  /** Closes this session, and with the last session the core. Pending requests reject with `error`. */
  close(options?: CloseOptions): Promise<void>

  /** If values are bytes, strings are accepted as well, and stored as UTF-8. */
  append(
    this: Hypercore<Uint8Array>,
    values: string | readonly (Uint8Array | string)[],
    options?: AppendOptions,
  ): Promise<AppendResult>
  /**
   * Appends a value, or each value of an array as its own block: all or none. To append a value that is itself an array,
   * wrap it in another array. A block has at most 15 MiB. Rejects with `SESSION_NOT_WRITABLE`.
   */
  append(values: T | readonly T[], options?: AppendOptions): Promise<AppendResult>
  /** Truncates the core to `length` blocks and begins a new fork. A number as `options` is that fork. */
  truncate(length?: number, options?: TruncateOptions | number): Promise<void>
  /** Resolves with the value of a block. A missing block is downloaded first, and the call waits for it. */
  get<const Options extends GetOptions>(index: number, options?: Options): Promise<Block<T, Options>>
  /** With an encoding that differs from the session's, pass the type of the values: `core.get<Message>(0, { valueEncoding: 'json' })`. */
  get<Value>(
    index: number,
    options: GetOptions & Encoded<EncodingOf<Value>> & { wait?: true | undefined },
  ): Promise<Value>
  get<Value>(index: number, options: GetOptions & Encoded<EncodingOf<Value>>): Promise<Value | null>
  /** Resolves with whether the block `start` is stored, or all blocks from `start` to `end` (exclusive). */
  has(start: number, end?: number): Promise<boolean>
  /** Resolves with the number of stored blocks from `start` to `end` (exclusive). */
  count(start: number, end: number): Promise<number>
  /**
   * Finds the block that contains the byte at `byteOffset`, and the position in that block. Resolves with `null` if the block is not found
   * and the call does not wait.
   */
  seek(byteOffset: number, options?: WaitOptions): Promise<[index: number, relativeOffset: number] | null>
  /** Asks peers for a greater length. Resolves with whether there was one. It waits for peers only while `findingPeers` is in effect. */
  update(options?: UpdateOptions): Promise<boolean>
  /** Removes blocks from this store; they can be downloaded again. `end` is exclusive. Default: `start + 1`. */
  clear(start: number, end?: number): Promise<null>
  /** Cancels the requests of a list that was passed to calls: they reject with `error`, or `REQUEST_CANCELLED`. */
  clearRequests(requests: ActiveRequests, error?: Error | null): void
  /** Downloads blocks. Without a range, it downloads all. */
  download(range?: DownloadRange): Download
  /** Returns a stream of the values of a range. */
  createReadStream(options?: ReadStreamOptions): ReadStream<T>
  /** Returns a stream of the bytes of a range. */
  createByteStream(options?: ByteStreamOptions): ReadStream<Uint8Array>
  /** Returns a stream that appends each value written to it as a block. */
  createWriteStream(): WriteStream<T>

  /**
   * Returns another session of the same core. Options that are left out are taken from this session, except the value encoding:
   * without one, the values of the new session are bytes. Throws `SESSION_CLOSED` if this session closes.
   */
  session<Value extends Uint8Array = Uint8Array>(options?: SessionOptions<'binary'>): Hypercore<Value>
  session<Value = never, const Encoding extends ValueEncoding = EncodingOf<Value>>(
    options: SessionOptions<Encoding> & Encoded<Encoding>,
  ): Hypercore<SessionValue<Value, Encoding>>
  session(options: SessionOptions): Hypercore<unknown>
  /** Returns a session that shows the core as it is now, and cannot append or truncate. It takes the options of `session`. */
  snapshot<Value extends Uint8Array = Uint8Array>(options?: SessionOptions<'binary'>): Hypercore<Value>
  snapshot<Value = never, const Encoding extends ValueEncoding = EncodingOf<Value>>(
    options: SessionOptions<Encoding> & Encoded<Encoding>,
  ): Hypercore<SessionValue<Value, Encoding>>
  snapshot(options: SessionOptions): Hypercore<unknown>
  /** Moves the blocks of a named session into the core. Resolves with `null` if the session does not continue the core. */
  commit(session: Hypercore<unknown>, options?: CommitOptions): Promise<AppendResult | null>

  /** Resolves with the tree hash (32 bytes) at the newest length or at `length`. Two cores with the same hash have the same blocks. */
  treeHash(length?: number): Promise<Uint8Array>
  /** Resolves with the 112 bytes that are signed at that length and fork. */
  signable(length?: number, fork?: number): Promise<Uint8Array>
  /** Resolves with a proof for a peer, without a manifest. For a peer that does not know it, set `proof.manifest` to `core.manifest`. */
  proof(request: ProofRequest): Promise<TreeProof>
  /** Stores the length and the block that a proof proves. Resolves with `false` if it belongs to another fork or does not connect. */
  applyProof(proof: TreeProof): Promise<boolean>
  /** Resolves with the tree that results from a proof. Rejects unless its signature is valid. It needs no block of this store. */
  verifyFullyRemote(proof: TreeProof): Promise<TreeBatch>
  /** Resolves with the number of levels of the tree above a block that are not stored. */
  missingNodes(index: number): Promise<number>
  info(): Promise<HypercoreInfo>
  getManifest(): Manifest | null
  getManifest(options: { raw: true }): Uint8Array | null

  /** Returns the stream to pipe to the peer: a new one for a boolean (`true` on one side, `false` on the other), otherwise `stream`. */
  replicate(isInitiator: boolean, options?: ReplicateOptions): ReplicationStream
  replicate<Stream extends EncryptedStream | Protomux>(stream: Stream, options?: ReplicateOptions): Stream
  /** Makes `update` wait for a peer until the returned function is called. Call it when you have looked for peers. */
  findingPeers(): () => void
  /** Sets whether the core is downloaded while this session is open. */
  setActive(active: boolean): void
  /** Sets whether the newest block is fetched with every new length. */
  setAlwaysLatestBlock(enabled: boolean): Promise<void>
  /** Registers custom messages that are exchanged in addition to blocks. Registering a name again replaces its handlers. */
  registerExtension<Message = Uint8Array>(
    name: string,
    handlers?: ExtensionHandlers<Message>,
  ): Extension<Message>

  setKeyPair(keyPair: KeyPair | null): void
  /** 32 bytes. `block`: whether it encrypts the blocks directly, and no key is derived from it. */
  setEncryptionKey(key: Uint8Array | null, options?: { block?: boolean | undefined }): Promise<void>
  setEncryption(encryption: EncryptionProvider | null): Promise<void>
  /** Stored with the core, and never sent to a peer. */
  setUserData(key: string, value: Uint8Array | string): Promise<void>
  /** `null` if nothing is set. */
  getUserData(key: string): Promise<Uint8Array | null>
  /** Puts the core into the group with that topic (32 bytes); rejects if it is in another. */
  setGroup(topic: Uint8Array): Promise<void>

  /** From now on, every block that `get` returns is kept by `sweep`. Forgets earlier marks. */
  startMarking(): Promise<void>
  /** Marks blocks to be kept. `end` is exclusive. Default: `start + 1`. */
  markBlock(start: number, end?: number): Promise<unknown>
  clearMarkings(): Promise<void>
  /** Clears every block that is not marked. `batchSize`: how many ranges to clear at once. Default: 1000. */
  sweep(options?: { batchSize?: number | undefined }): Promise<void>
  /**
   * Waits until a peer of `Hypercore.setRecoveryPeers` has been connected for `settle` milliseconds and none of those peers has
   * had more blocks. Then `recovering` is 0. Without such a peer, it waits for one. Rejects with `BAD_ARGUMENT` unless
   * `Hypercore.setRecoveryPeers` was called, and on a snapshot and a named session; with `REQUEST_TIMEOUT` after `timeout`;
   * with `SESSION_CLOSED` when the session closes.
   */
  recover(options?: RecoverOptions): Promise<void>
  /** Frees the disk space of cleared blocks. */
  compact(): Promise<unknown>
  /**
   * Closes every session of the core and deletes it from the storage. If the core owns its storage, the storage closes, too.
   * Rejects if the core is closed. Plain Hypercore leaves the name (`alias`) of the core and its entry in a group. A Corestore of
   * `@coreyard/corestore` removes them.
   */
  purge(): Promise<void>
}
