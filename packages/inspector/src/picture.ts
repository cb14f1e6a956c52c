// The parts of a picture of a store: plain values that can be sent as JSON, and no secret. The file named after a part makes it.

import type { BlockRange } from '@coreyard/hypercore-port'
import type { OutcomeReason } from '@coreyard/replicator'

/** A picture of a store at one moment. Keys are hex. */
export interface Picture {
  /** Milliseconds since 1970. */
  readonly time: number
  readonly store: StorePicture
  /** The open cores; with the option `stored`, all cores. */
  readonly cores: readonly CorePicture[]
  /** The peers that the store has a stream to. */
  readonly peers: readonly PeerPicture[]
  /** The groups of the open cores. */
  readonly groups: readonly GroupPicture[]
}

/** The replication progress of a core, a peer, a group or the store, in blocks. */
export interface Progress {
  /** The blocks known to exist: the greatest length that this store or a peer has. It is known before any block arrives. */
  readonly total: number
  /** Blocks that this store has. */
  readonly have: number
  /** Blocks that were requested here, by reads and downloads, and have not arrived yet. */
  readonly want: number
  /** Blocks that this store has and downloading peers lack, as far as is known: the sum over those peers. */
  readonly wanted: number
}

/** Rates per second since the previous picture. The unit depends on the object. */
export interface Rates {
  /** To peers. */
  readonly up: number
  /** From peers. */
  readonly down: number
}

/** A core of the store. */
export interface CorePicture {
  /** `null` if the core has no name. */
  readonly name: string | null
  /** Whether `name` is in hex, because its bytes are not valid text. */
  readonly nameIsHex: boolean
  /** The namespace of the name, in hex; `null` without a name. */
  readonly namespace: string | null
  /** Anyone with this key can read the core. `null` while a core opens that was requested by its discovery key only. */
  readonly key: string | null
  readonly discoveryKey: string
  readonly state: 'opening' | 'open' | 'closing' | 'stored'
  /** Whether this store can write it. */
  readonly writable: boolean
  /** Whether the core is announced to peers, if the store is active. */
  readonly active: boolean
  /** Whether this store wants blocks of the core, and therefore opens channels to peers. */
  readonly downloading: boolean
  /** Whether an open session decrypts it; `null` if no session is open. */
  readonly encrypted: boolean | null
  /** The topic of its group; `null` if it is in none, or not open. */
  readonly group: string | null
  /** In blocks. */
  readonly length: number
  /** In bytes, as stored: what encryption adds is counted. */
  readonly byteLength: number
  readonly fork: number
  /** How many blocks in a row this store has, from the first block on. */
  readonly contiguousLength: number
  /**
   * Which blocks this store has: the first 64 runs, each as `[start, end]` with `end` not included. For a core that is not open, only the
   * run from 0 to `contiguousLength`.
   */
  readonly ranges: readonly BlockRange[]
  /** Whether there are more runs than `ranges` has. */
  readonly hasMoreRanges: boolean
  readonly progress: Progress
  /** How many sessions are open. */
  readonly sessions: number
  /** How many peers have a channel for the core. */
  readonly peers: number
  /** Answers sent to peers since the core opened: one for each block, and some without a block. */
  readonly sent: number
  /** Answers received from peers since the core opened, counted the same way. */
  readonly received: number
  /** `sent` (`up`) and `received` (`down`) per second. */
  readonly rates: Rates
  /** When its length last changed, in milliseconds since 1970; `null` if that is not known. */
  readonly lastWritten: number | null
  /** When `watch` last saw it change, in milliseconds since 1970; `null` if it has not changed, or without `watch`. */
  readonly lastActive: number | null
  /** Answers of peers that failed verification, and invalid requests of peers. */
  readonly errors: number
  /** The other history of the core that a peer has proved; `null` if there is none. */
  readonly conflict: ConflictPicture | null
}

/** A core with two signed histories. */
export interface ConflictPicture {
  /** The length, in blocks, that two histories were signed for. */
  readonly length: number
  readonly fork: number
  /** Milliseconds since 1970. */
  readonly time: number
}

/** A peer that the store replicates with. */
export interface PeerPicture {
  /** In hex; `null` for all streams that have not finished their handshake: they are listed together as one peer. */
  readonly publicKey: string | null
  readonly streams: readonly StreamPicture[]
  /** The cores for which a channel to the peer is open or requested. */
  readonly cores: readonly PeerCorePicture[]
  /** The cores that are not attached to the peer, and why: the newest, up to 256 for each stream. */
  readonly refused: readonly RefusalPicture[]
  /** The sum over all its cores. */
  readonly progress: Progress
  /** Encrypted bytes per second, over all its streams. */
  readonly rates: Rates
}

/** A replication stream. */
export interface StreamPicture {
  /** Whether the handshake is done. */
  readonly handshake: boolean
  readonly isInitiator: boolean
  /** `null` if the stream has no address or does not expose it. */
  readonly address: { readonly host: string; readonly port: number } | null
  /** Encrypted bytes. */
  readonly sent: number
  /** Encrypted bytes. */
  readonly received: number
  /** In milliseconds; `null` if it is not measured. */
  readonly roundTrip: number | null
}

/** A core on the stream of a peer. */
export interface PeerCorePicture {
  readonly discoveryKey: string
  /** `asked`: this side has opened a channel, and the peer has not. `attached`: both have. */
  readonly state: 'asked' | 'attached'
  /** The length, in blocks, that the peer says it has. */
  readonly length: number
  readonly fork: number
  /** How many blocks in a row the peer says it has, from the first block on. */
  readonly contiguousLength: number
  /** Whether the peer answers requests. */
  readonly uploading: boolean
  /** Whether the peer wants blocks. */
  readonly downloading: boolean
  /** How many requests to the peer have no answer yet. */
  readonly inFlight: number
  /** Answers sent to this peer, counted as `CorePicture.sent`. */
  readonly sent: number
  /** Answers received from this peer, counted as `CorePicture.received`. */
  readonly received: number
  /**
   * `total` and `have` are the peer's. `want` counts the requests in flight to the peer, `wanted` the blocks that this store has and the
   * peer lacks.
   */
  readonly progress: Progress
}

/** A core that was not attached to a stream of the peer, and why. */
export interface RefusalPicture {
  readonly discoveryKey: string
  readonly reason: OutcomeReason
  /** Milliseconds since 1970. */
  readonly time: number
}

/** The open cores of a group, with their joint progress. */
export interface GroupPicture {
  readonly topic: string
  /** How many cores of the group are open. */
  readonly cores: number
  readonly progress: Progress
}

/** The store itself, without its cores and peers. */
export interface StorePicture {
  readonly state: 'opening' | 'open' | 'closed'
  readonly engine: 'rocksdb' | 'random-access'
  /** `null` for a store without a directory. */
  readonly directory: string | null
  readonly readOnly: boolean
  readonly suspended: boolean
  /**
   * Why its cores may be older than those of its peers: the store is a copy of another store (`copy`), or it was not closed before the
   * machine stopped (`unclean`). `null` if neither.
   */
  readonly doubt: 'copy' | 'unclean' | null
  /** Bytes of its files, and bytes free on its disk; `null` for a store without a directory, or while it is suspended. */
  readonly disk: { readonly used: number; readonly free: number | null } | null
  /** How many sessions and namespaces of the store are open. */
  readonly stores: number
  /** How many cores are open or opening. */
  readonly open: number
  /** The limits of the store, and how much of each is used. */
  readonly limits: readonly LimitPicture[]
  /** How many reads of tree nodes were answered from memory, and how many were not. */
  readonly treeCache: { readonly hits: number; readonly misses: number }
  /** How many cores that peers requested wait until the store can open them. */
  readonly waiting: number
  readonly progress: Progress
}

/** A limit, and how much of it is used. */
export interface LimitPicture {
  readonly name: 'cores in use by peers' | 'idle cores'
  /** How much is used. */
  readonly value: number
  /** `null` if there is no limit. */
  readonly limit: number | null
}
