// A session of a Hypercore: what an application holds in its hands. The core that sessions share lives in
// ../core/core.ts, the class with its static side in constructor.ts.

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
 * An append-only log of blocks, signed by who writes it and verified by who reads it. `T` is the type of a block's value:
 * bytes, unless a `valueEncoding` was given.
 *
 * Everything that returns a promise waits for the core to open; `await core.ready()` is for the fields. Rejections
 * carry the codes of `hypercore-errors`, as `SESSION_CLOSED` and `SESSION_NOT_WRITABLE`.
 */
export interface Hypercore<T = Uint8Array> extends Emitter<HypercoreEvents> {
  /** The key as z-base-32, 52 characters. It is there when `key` is. */
  readonly id: string
  /**
   * 32 bytes: with it a peer can read the core and verify it.
   *
   * It is there once the core is open (`await core.ready()`), and at once if it was given. Until then it is `null`. The type leaves
   * that out, so that no check is needed after `ready`.
   */
  readonly key: Bytes
  /** 32 bytes, made from the key: peers find each other by it, and it does not tell the key. It is there when `key` is. */
  readonly discoveryKey: Bytes
  /** Who signs what is appended; `null` until opened, and where this store cannot write. */
  readonly keyPair: StoredKeyPair | null
  /** Who may sign, and what the core begins with; `null` until known, which may take a peer. */
  readonly manifest: Manifest | null
  /** In blocks. 0 until opened. */
  readonly length: number
  /** In blocks: what a quorum has signed. 0 until opened. */
  readonly signedLength: number
  /** In bytes, without what encryption adds. 0 until opened. */
  readonly byteLength: number
  /** From the first block on, how many blocks in a row are here. 0 until opened. */
  readonly contiguousLength: number
  /** From the first block on, how many blocks in a row the peer has that has most. 0 until opened. */
  readonly remoteContiguousLength: number
  /** How many times it has been truncated. 0 until opened. */
  readonly fork: number
  /** What encryption adds to each block, in bytes; 0 without. */
  readonly padding: number
  /** Whether it can be appended to and truncated. `false` until opened. */
  readonly writable: boolean
  /** `true` until it closes. */
  readonly readable: boolean
  readonly opening: Promise<void>
  readonly opened: boolean
  /** Set once it closes, and from then on. */
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
   * When the database had to be repaired, so that peers may have blocks of this writer that it lacks: milliseconds since
   * 1970. While it is not 0, `append` waits until for eight seconds a peer has been connected and none has had more blocks, so
   * as not to sign a length twice; only peers of `Hypercore.setRecoveryPeers` count, if that was called.
   */
  readonly recovering: number
  /** Peers that it replicates with. Empty until opened. */
  readonly peers: Peer[]
  /** The open sessions that share this list: all of the core, unless a list was given. */
  readonly sessions: Hypercore<unknown>[]
  /** What all sessions share; `null` until known, which it is at once where it was given. */
  readonly core: Core | null
  /** What the sessions share that see the same blocks; `null` until opened. */
  readonly state: SessionState | null
  /** The replication of the core; `null` as long as `core` is. */
  readonly replicator: CoreReplicator | null
  readonly encryption: EncryptionProvider | null
  readonly extensions: ReadonlyMap<string, Extension<unknown>>
  /** The cache that was given; `null` until opened, and without. */
  readonly globalCache: object | null
  /** Requests of this session that are under way, unless a call was given a list of its own. */
  readonly activeRequests: ActiveRequests

  /** Waits until it is open; rejects if that fails. */
  ready(): Promise<void>
  /** Closes this session, and with the last one the core. Requests under way reject with `error`. */
  close(options?: CloseOptions): Promise<void>

  /** Where values are bytes, text is taken as well, and stored as UTF-8. */
  append(
    this: Hypercore<Uint8Array>,
    values: string | readonly (Uint8Array | string)[],
    options?: AppendOptions,
  ): Promise<AppendResult>
  /**
   * Appends a value, or each value of an array as a block of its own: all or none. A value that is an array goes into
   * an array. Blocks take 15 MiB at most. Rejects with `SESSION_NOT_WRITABLE`.
   */
  append(values: T | readonly T[], options?: AppendOptions): Promise<AppendResult>
  /** Cuts it to `length` blocks and begins a new fork. A number as `options` is that fork. */
  truncate(length?: number, options?: TruncateOptions | number): Promise<void>
  /** The value of a block. If it is not here it is downloaded first, and this waits. */
  get<const Options extends GetOptions>(index: number, options?: Options): Promise<Block<T, Options>>
  /** Of another encoding than that of the session, say what its values are: `core.get<Message>(0, { valueEncoding: 'json' })`. */
  get<Value>(
    index: number,
    options: GetOptions & Encoded<EncodingOf<Value>> & { wait?: true | undefined },
  ): Promise<Value>
  get<Value>(index: number, options: GetOptions & Encoded<EncodingOf<Value>>): Promise<Value | null>
  /** Whether a block is here, or all blocks up to `end` (exclusive). */
  has(start: number, end?: number): Promise<boolean>
  /** How many blocks from `start` to `end` (exclusive) are here. */
  count(start: number, end: number): Promise<number>
  /** The block that holds the byte at `byteOffset`, and where in it; `null` if not found and it does not wait. */
  seek(byteOffset: number, options?: WaitOptions): Promise<[index: number, relativeOffset: number] | null>
  /** Asks peers for a longer length; whether there was one. Waits for them only while peers are being found. */
  update(options?: UpdateOptions): Promise<boolean>
  /** Removes blocks from this store; they can be downloaded again. `end` is exclusive, one more than `start` if left out. */
  clear(start: number, end?: number): Promise<null>
  /** Cancels the requests of a list that calls were given: they reject with `error`, or `REQUEST_CANCELLED`. */
  clearRequests(requests: ActiveRequests, error?: Error | null): void
  /** Downloads blocks: all, if no range is given. */
  download(range?: DownloadRange): Download
  /** The values of a range, as a stream. */
  createReadStream(options?: ReadStreamOptions): ReadStream<T>
  /** The bytes of a range, as a stream. */
  createByteStream(options?: ByteStreamOptions): ReadStream<Uint8Array>
  /** Appends what is written to it, each value as a block. */
  createWriteStream(): WriteStream<T>

  /**
   * Another session of the same core. It takes over whatever `options` leave out but the value encoding: say it again, or its
   * values are bytes. Throws `SESSION_CLOSED` if this one closes.
   */
  session<Value extends Uint8Array = Uint8Array>(options?: SessionOptions<'binary'>): Hypercore<Value>
  session<Value = never, const Encoding extends ValueEncoding = EncodingOf<Value>>(
    options: SessionOptions<Encoding> & Encoded<Encoding>,
  ): Hypercore<SessionValue<Value, Encoding>>
  session(options: SessionOptions): Hypercore<unknown>
  /** A session that shows the core as it is now, and neither appends nor truncates. Options as of `session`. */
  snapshot<Value extends Uint8Array = Uint8Array>(options?: SessionOptions<'binary'>): Hypercore<Value>
  snapshot<Value = never, const Encoding extends ValueEncoding = EncodingOf<Value>>(
    options: SessionOptions<Encoding> & Encoded<Encoding>,
  ): Hypercore<SessionValue<Value, Encoding>>
  snapshot(options: SessionOptions): Hypercore<unknown>
  /** Takes the blocks of a named session over into the core; `null` if it does not continue the core. */
  commit(session: Hypercore<unknown>, options?: CommitOptions): Promise<AppendResult | null>

  /** 32 bytes: the tree hash, of the newest length or of `length`. Two cores with the same one hold the same blocks. */
  treeHash(length?: number): Promise<Uint8Array>
  /** 112 bytes: what is signed at that length and fork. */
  signable(length?: number, fork?: number): Promise<Uint8Array>
  /** A proof for a peer. It has no manifest: set that to `core.manifest` for a peer who does not know it. */
  proof(request: ProofRequest): Promise<TreeProof>
  /** Takes over the length and the block that a proof is of; `false` if it is of another fork or does not connect. */
  applyProof(proof: TreeProof): Promise<boolean>
  /** The tree that a proof leads to; rejects unless it is rightly signed. Needs no block of this store. */
  verifyFullyRemote(proof: TreeProof): Promise<TreeBatch>
  /** How many levels of the tree above a block are not here. */
  missingNodes(index: number): Promise<number>
  info(): Promise<HypercoreInfo>
  getManifest(): Manifest | null
  getManifest(options: { raw: true }): Uint8Array | null

  /** The stream to pipe to the peer: a new one for a boolean, on which both sides must differ, else the one given. */
  replicate(isInitiator: boolean, options?: ReplicateOptions): ReplicationStream
  replicate<Stream extends EncryptedStream | Protomux>(stream: Stream, options?: ReplicateOptions): Stream
  /** Says that peers are being found, so that `update` waits for one. Call what it returns when that is done. */
  findingPeers(): () => void
  /** Whether the core is downloaded while this session is open. */
  setActive(active: boolean): void
  /** Whether the newest block is fetched with every new length. */
  setAlwaysLatestBlock(enabled: boolean): Promise<void>
  /** Messages of your own beside the blocks. Registering a name again replaces its handlers. */
  registerExtension<Message = Uint8Array>(
    name: string,
    handlers?: ExtensionHandlers<Message>,
  ): Extension<Message>

  setKeyPair(keyPair: KeyPair | null): void
  /** 32 bytes. `block`: whether it is the key of the blocks itself, and none is derived. */
  setEncryptionKey(key: Uint8Array | null, options?: { block?: boolean | undefined }): Promise<void>
  setEncryption(encryption: EncryptionProvider | null): Promise<void>
  /** Kept with the core, and never sent to a peer. */
  setUserData(key: string, value: Uint8Array | string): Promise<void>
  /** `null` if nothing is set. */
  getUserData(key: string): Promise<Uint8Array | null>
  /** Puts the core into the group with that topic (32 bytes); rejects if it is in another. */
  setGroup(topic: Uint8Array): Promise<void>

  /** From now on every block that is got is kept by `sweep`. Forgets what was marked before. */
  startMarking(): Promise<void>
  /** Marks blocks to be kept; `end` is exclusive, one more than `start` if left out. */
  markBlock(start: number, end?: number): Promise<unknown>
  clearMarkings(): Promise<void>
  /** Clears every block that is not marked. `batchSize`: how many ranges at once; 1000 by default. */
  sweep(options?: { batchSize?: number | undefined }): Promise<void>
  /**
   * Waits until, for `settle` milliseconds, a recovery peer has been connected and none of them has had more blocks;
   * `recovering` is 0 then. Without such a peer it waits for one. Rejects with `BAD_ARGUMENT` unless
   * `Hypercore.setRecoveryPeers` was called, and on a snapshot and a named session; with `REQUEST_TIMEOUT` after `timeout`;
   * with `SESSION_CLOSED` when the session closes.
   */
  recover(options?: RecoverOptions): Promise<void>
  /** Gives the space of what was cleared back to the disk. */
  compact(): Promise<unknown>
  /**
   * Closes every session of the core and deletes it from the storage; the storage itself closes with it where the core would
   * have closed it. Rejects if the core is closed. Hypercore's own leaves a name (`alias`) and a place in a group behind, which
   * a Corestore of `@coreyard/corestore` removes.
   */
  purge(): Promise<void>
}
