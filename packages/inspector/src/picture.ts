// What a picture of a store holds: plain values that survive JSON, and no secret. How each part is made is in the file of its name.

import type { BlockRange } from '@coreyard/hypercore-port'
import type { OutcomeReason } from '@coreyard/replicator'

/** A store at one moment. Keys are hex. */
export interface Picture {
  /** Milliseconds since 1970. */
  readonly time: number
  readonly store: StorePicture
  /** The open cores, and with the option `stored` all others. */
  readonly cores: readonly CorePicture[]
  /** Those that a stream leads to. */
  readonly peers: readonly PeerPicture[]
  readonly groups: readonly GroupPicture[]
}

/** How far the blocks of something have come. Everything is counted in blocks. */
export interface Progress {
  /** As many as are known to exist: this store, or a peer, has that length. It is known before any block comes. */
  readonly total: number
  /** Here. */
  readonly have: number
  /** Asked for here, and not here yet. */
  readonly want: number
  /** Here, and as far as is known not with each peer that downloads: the sum over those peers. */
  readonly wanted: number
}

/** How many in a second, since the picture before. */
export interface Rates {
  readonly up: number
  readonly down: number
}

/** A core of the store. */
export interface CorePicture {
  /** `null` if it has none. */
  readonly name: string | null
  /** Whether `name` is hex, because it is bytes that are no text. */
  readonly nameIsHex: boolean
  /** Of the name. */
  readonly namespace: string | null
  /** `null` while it opens by its discovery key alone. Whoever has this key can read the core. */
  readonly key: string | null
  readonly discoveryKey: string
  readonly state: 'opening' | 'open' | 'closing' | 'stored'
  /** Whether this store can write it. */
  readonly writable: boolean
  /** Whether it is announced to peers, where the store is active. */
  readonly active: boolean
  /** Whether blocks are wanted here, so that it opens channels by itself. */
  readonly downloading: boolean
  /** Whether a session that is open decrypts it; `null` if no session is open. */
  readonly encrypted: boolean | null
  /** The topic of its group; `null` if it is in none, or not open. */
  readonly group: string | null
  /** In blocks. */
  readonly length: number
  /** In bytes, as stored: what encryption adds is counted. */
  readonly byteLength: number
  readonly fork: number
  /** From the first block on, how many blocks in a row are here. */
  readonly contiguousLength: number
  /** Which blocks are here: the first runs of them. Of a core that is not open, those of `contiguousLength`. */
  readonly ranges: readonly BlockRange[]
  /** Whether there are more runs than `ranges` has. */
  readonly hasMoreRanges: boolean
  readonly progress: Progress
  readonly sessions: number
  readonly peers: number
  /** Answers that were sent to peers since it opened: one for each block, and some without a block. */
  readonly sent: number
  /** The same that came from peers. */
  readonly received: number
  /** Of `sent` and `received`. */
  readonly rates: Rates
  /** When its length last changed: milliseconds since 1970; `null` if that is not known. */
  readonly lastWritten: number | null
  /** When a watcher last saw it change: milliseconds since 1970; `null` without a watcher, or if it saw none. */
  readonly lastActive: number | null
  /** Answers of peers that did not verify, and requests that could not be right. */
  readonly errors: number
  /** The other history of the core that a peer has proved; `null` if there is none. */
  readonly conflict: ConflictPicture | null
}

/** A core with two signed histories. */
export interface ConflictPicture {
  /** In blocks: the length that two histories were signed for. */
  readonly length: number
  readonly fork: number
  /** Milliseconds since 1970. */
  readonly time: number
}

/** Who a store replicates with. Streams whose handshake is not done are one peer without a key. */
export interface PeerPicture {
  readonly publicKey: string | null
  readonly streams: readonly StreamPicture[]
  /** The cores that have a channel to it, or had one asked for. */
  readonly cores: readonly PeerCorePicture[]
  /** The cores that are not attached to it, and why: the newest ones. */
  readonly refused: readonly RefusalPicture[]
  /** Over all its cores. */
  readonly progress: Progress
  /** In bytes, encrypted, over all its streams. */
  readonly rates: Rates
}

/** A replication stream. */
export interface StreamPicture {
  readonly handshake: boolean
  readonly isInitiator: boolean
  /** `null` where the stream has none, or does not say. */
  readonly address: { readonly host: string; readonly port: number } | null
  /** In bytes, encrypted. */
  readonly sent: number
  readonly received: number
  /** In milliseconds; `null` where it is not measured. */
  readonly roundTrip: number | null
}

/** A core on the stream of a peer. */
export interface PeerCorePicture {
  readonly discoveryKey: string
  /** `asked`: this side has opened a channel, and the peer has not. `attached`: both have. */
  readonly state: 'asked' | 'attached'
  /** In blocks: the length that the peer says it has. */
  readonly length: number
  readonly fork: number
  /** From the first block on, how many blocks in a row the peer says it has. */
  readonly contiguousLength: number
  /** Whether the peer answers requests. */
  readonly uploading: boolean
  /** Whether the peer wants blocks. */
  readonly downloading: boolean
  /** How many requests to the peer have no answer yet. */
  readonly inFlight: number
  /** As of the core. */
  readonly sent: number
  readonly received: number
  /** `have` and `total` are the peer's, `want` is what is in flight to this store, `wanted` what the peer lacks of what is here. */
  readonly progress: Progress
}

/** A core that a peer did not get. */
export interface RefusalPicture {
  readonly discoveryKey: string
  readonly reason: OutcomeReason
  /** Milliseconds since 1970. */
  readonly time: number
}

/** The open cores of a group, as one. */
export interface GroupPicture {
  readonly topic: string
  readonly cores: number
  readonly progress: Progress
}

/** A store at one moment. */
export interface StorePicture {
  readonly state: 'opening' | 'open' | 'closed'
  readonly engine: 'rocksdb' | 'random-access'
  /** `null` for a store that is in no directory. */
  readonly directory: string | null
  readonly readOnly: boolean
  readonly suspended: boolean
  /** What it was found to be when it opened: a copy of another store, or one that was not closed before the machine stopped. */
  readonly doubt: 'copy' | 'unclean' | null
  /** In bytes; `null` for a store that is in no directory, or while it is suspended. */
  readonly disk: { readonly used: number; readonly free: number | null } | null
  /** The sessions and namespaces that are open. */
  readonly stores: number
  /** How many cores are open or opening. */
  readonly open: number
  /** How near the store is to what it may have. */
  readonly limits: readonly LimitPicture[]
  /** Reads of tree nodes that memory answered, and that it did not. */
  readonly treeCache: { readonly hits: number; readonly misses: number }
  /** How many cores that peers asked for wait until the store can open them. */
  readonly waiting: number
  readonly progress: Progress
}

/** A bound, and how much of it is used. */
export interface LimitPicture {
  readonly name: 'cores in use by peers' | 'idle cores'
  readonly value: number
  /** `null` for no limit. */
  readonly limit: number | null
}
