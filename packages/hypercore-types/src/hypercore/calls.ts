// Options and results of the methods of a session. options.ts has the options of the session itself.

import type { Bytes } from '../bytes/bytes.js'
import type { ValueEncoding, ValueOf } from '../bytes/encoding.js'
import type { KeyPair } from '../key-pair.js'

/** A list of requests that are cancelled together, with `clearRequests`: pass an empty array, Hypercore fills it. */
export type ActiveRequests = object[]

/** Options of `close`. */
export interface CloseOptions {
  /** The error that pending requests reject with. Default: `REQUEST_CANCELLED`. */
  error?: Error | null | undefined
}

/** Options of calls that may wait for peers. */
export interface WaitOptions {
  /** Whether to wait for a peer that has the data. Default: the option `wait` of the session, else `true`. */
  wait?: boolean | undefined
  /** How many milliseconds to wait before it rejects with `REQUEST_TIMEOUT`. 0: no limit. Default: the `timeout` of the session. */
  timeout?: number | undefined
  /** The list that the request is added to, so that it can be cancelled with others. Default: the list of the session. */
  activeRequests?: ActiveRequests | undefined
}

/** Options of `get`. */
export interface GetOptions extends WaitOptions {
  /** Default: that of the session. */
  valueEncoding?: ValueEncoding | undefined
  /** Whether to decrypt. Default: `true`. */
  decrypt?: boolean | undefined
  /** Whether to return the bytes as they are stored, neither decrypted nor decoded. Default: `false`. */
  raw?: boolean | undefined
  /** Whether to ask peers again that said they do not have the block. Default: `false`. */
  force?: boolean | undefined
  /** Called if it has to wait for a peer. */
  onwait?: ((index: number) => void) | undefined
}

/**
 * What `get` resolves with, for options on a session whose values are `T`. It includes `null`, for a missing block, only with
 * `wait: false`.
 */
export type Block<T, Options> =
  | BlockValue<T, Options>
  | (Options extends { wait: infer Wait } ? Missing<Wait> : never)

type BlockValue<T, Options> = Options extends { raw: true }
  ? Uint8Array
  : Options extends { valueEncoding: infer Encoding extends ValueEncoding }
    ? ValueOf<Encoding>
    : T

type Missing<Wait> = Wait extends true | undefined ? never : null

/** Options of `append`. */
export interface AppendOptions {
  /** The key pair that signs. Default: the session's key pair. */
  keyPair?: KeyPair | undefined
  /** A signature to store instead of making one. */
  signature?: Uint8Array | undefined
  /** Appends nothing if the core would become longer than this, in blocks. Default: no limit. */
  maxLength?: number | undefined
  /** Whether to append although the session has no secret key. The `signature` must then be passed. Default: `false`. */
  writable?: boolean | undefined
}

/** The size of a core after an append. */
export interface AppendResult {
  /** In blocks. */
  length: number
  /** In bytes. */
  byteLength: number
}

/** Options of `truncate`. */
export interface TruncateOptions {
  /** Default: one more than before. */
  fork?: number | undefined
  /** The key pair that signs. Default: the session's key pair. */
  keyPair?: KeyPair | undefined
  /** A signature to store instead of making one. */
  signature?: Uint8Array | undefined
}

/** Options of `commit`. */
export interface CommitOptions {
  /** The new length of the core, in blocks. Default: the length of the session. */
  length?: number | undefined
  /** The expected length of the core, in blocks. Default: where the session branched off. */
  treeLength?: number | undefined
  /** The key pair that signs. Default: the key pair of the core. */
  keyPair?: KeyPair | undefined
  /** A signature to store instead of making one. */
  signature?: Uint8Array | undefined
}

/** Options of `update`. */
export interface UpdateOptions {
  /** Whether to wait for a peer. Default: `true` while `findingPeers` is in effect, otherwise `false`. */
  wait?: boolean | undefined
  /** Whether to ask peers even if this store is the writer. Default: `false`. */
  force?: boolean | undefined
  activeRequests?: ActiveRequests | undefined
}

/** Which blocks to download. */
export interface DownloadRange {
  /** Default: 0. */
  start?: number | undefined
  /** Exclusive; -1 for all blocks, including those appended later. Default: -1. */
  end?: number | undefined
  /** In blocks, instead of `end`. */
  length?: number | undefined
  /** Only these blocks. */
  blocks?: readonly number[] | undefined
  /** Whether to download in order. Otherwise the order is random, which spreads the blocks better among peers. Default: `false`. */
  linear?: boolean | undefined
  activeRequests?: ActiveRequests | undefined
}

/** A range of blocks that is being downloaded. */
export interface Download {
  readonly range: DownloadRange | undefined
  readonly opened: boolean
  ready(): Promise<void>
  /** Resolves when all of it is here; never if `end` is -1. Rejects with `REQUEST_CANCELLED` once destroyed. */
  done(): Promise<unknown>
  /** Stops downloading. */
  destroy(): void
}

/** Options of `createReadStream`. */
export interface ReadStreamOptions {
  /** First block. Default: 0. */
  start?: number | undefined
  /** Exclusive. Default: the length when the stream opens. */
  end?: number | undefined
  /** Whether to continue with blocks that are appended later. Default: `false`. */
  live?: boolean | undefined
  /** Whether to end at the length that the core has when the stream opens. Default: `true`; with `live`, `false`. */
  snapshot?: boolean | undefined
  /** Default: that of the session. */
  wait?: boolean | undefined
  /** In milliseconds, for each block. Default: that of the session. */
  timeout?: number | undefined
}

/** Options of `createByteStream`. */
export interface ByteStreamOptions {
  /** In bytes. Default: 0. */
  byteOffset?: number | undefined
  /** In bytes. Default: up to the end that the core has when the stream opens. */
  byteLength?: number | undefined
  /** How many blocks to download ahead. Default: 32. */
  prefetch?: number | undefined
}

/** Options of `recover`. */
export interface RecoverOptions {
  /** How many milliseconds to wait before it rejects with `REQUEST_TIMEOUT`. 0: no limit. Default: 0. */
  timeout?: number | undefined
  /** For how many milliseconds the peers of `setRecoveryPeers` must have had no more blocks. Default: 8000. */
  settle?: number | undefined
}

/** The result of `info`. */
export interface HypercoreInfo {
  /** 32 bytes. */
  key: Bytes
  /** 32 bytes. */
  discoveryKey: Bytes
  /** In blocks. */
  length: number
  /** How many blocks in a row are stored, from the first one on. */
  contiguousLength: number
  /** In bytes. */
  byteLength: number
  fork: number
  /** How many bytes encryption adds to each block. */
  padding: number
}
