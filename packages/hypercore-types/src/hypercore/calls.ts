// Options and results of the methods of a session. Options of the session itself live in options.ts.

import type { Bytes } from '../bytes/bytes.js'
import type { ValueEncoding, ValueOf } from '../bytes/encoding.js'
import type { KeyPair } from '../key-pair.js'

/** A list of requests that are cancelled together, with `clearRequests`: pass an empty array, Hypercore fills it. */
export type ActiveRequests = object[]

/** Options of `close`. */
export interface CloseOptions {
  /** What requests under way reject with. Default: `REQUEST_CANCELLED`. */
  error?: Error | null | undefined
}

/** What waiting for peers can be told. */
export interface WaitOptions {
  /** Whether to wait for a peer who has it. Default: what the session was opened with, else `true`. */
  wait?: boolean | undefined
  /** How long to wait, in milliseconds; then it rejects with `REQUEST_TIMEOUT`. 0 for no limit. */
  timeout?: number | undefined
  /** Where to put the request, to be cancelled with others. Default: the session's. */
  activeRequests?: ActiveRequests | undefined
}

/** Options of `get`. */
export interface GetOptions extends WaitOptions {
  /** Default: that of the session. */
  valueEncoding?: ValueEncoding | undefined
  /** Whether to decrypt. Default: `true`. */
  decrypt?: boolean | undefined
  /** Whether to give the bytes as they are stored: not decrypted, not decoded. Default: `false`. */
  raw?: boolean | undefined
  /** Whether to ask peers again who said that they do not have it. Default: `false`. */
  force?: boolean | undefined
  /** Called if it has to wait for a peer. */
  onwait?: ((index: number) => void) | undefined
}

/**
 * What `get` gives with those options on a session whose values are `T`. `null`, for a block that is not here, only with
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
  /** Who signs. Default: the session's key pair. */
  keyPair?: KeyPair | undefined
  /** A signature to store instead of making one. */
  signature?: Uint8Array | undefined
  /** Appends nothing if the core would become longer than this, in blocks. Default: no limit. */
  maxLength?: number | undefined
  /** Whether to append although the session has no secret key; it is then up to the signature. Default: `false`. */
  writable?: boolean | undefined
}

/** How long a core has become. */
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
  /** Who signs. Default: the session's key pair. */
  keyPair?: KeyPair | undefined
  /** A signature to store instead of making one. */
  signature?: Uint8Array | undefined
}

/** Options of `commit`. */
export interface CommitOptions {
  /** How long the core is to become, in blocks. Default: the length of the session. */
  length?: number | undefined
  /** How long the core is expected to be, in blocks. Default: where the session branched off. */
  treeLength?: number | undefined
  /** Who signs. Default: the key pair of the core. */
  keyPair?: KeyPair | undefined
  /** A signature to store instead of making one. */
  signature?: Uint8Array | undefined
}

/** Options of `update`. */
export interface UpdateOptions {
  /** Whether to wait for a peer. Default: while somebody is finding peers. */
  wait?: boolean | undefined
  /** Whether to ask peers also where this store is the writer. Default: `false`. */
  force?: boolean | undefined
  activeRequests?: ActiveRequests | undefined
}

/** Which blocks to download. */
export interface DownloadRange {
  /** Default: 0. */
  start?: number | undefined
  /** Exclusive; -1 for all there are and all that will be. Default: -1. */
  end?: number | undefined
  /** In blocks, instead of `end`. */
  length?: number | undefined
  /** These and no others. */
  blocks?: readonly number[] | undefined
  /** Whether in order; else at random, which spreads them better among peers. Default: `false`. */
  linear?: boolean | undefined
  activeRequests?: ActiveRequests | undefined
}

/** A range of blocks that is being downloaded. */
export interface Download {
  readonly range: DownloadRange | undefined
  readonly opened: boolean
  ready(): Promise<void>
  /** Waits until all of it is here: never, if `end` is -1. Rejects with `REQUEST_CANCELLED` once destroyed. */
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
  /** Whether to go on with blocks that are appended later. Default: `false`. */
  live?: boolean | undefined
  /** Whether to end at the length that the core has when the stream opens. Default: `true`, `false` where `live`. */
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
  /** How long to wait, in milliseconds; then it rejects with `REQUEST_TIMEOUT`. 0 for no limit. Default: 0. */
  timeout?: number | undefined
  /** For how long recovery peers must have no more blocks, in milliseconds. Default: 8000. */
  settle?: number | undefined
}

/** What `info` gives. */
export interface HypercoreInfo {
  /** 32 bytes. */
  key: Bytes
  /** 32 bytes. */
  discoveryKey: Bytes
  /** In blocks. */
  length: number
  /** From the first block on, how many blocks in a row are here. */
  contiguousLength: number
  /** In bytes. */
  byteLength: number
  fork: number
  /** What encryption adds to each block, in bytes. */
  padding: number
}
