// The open core that all of its sessions share, as `Hypercore.createCore` makes it and a Corestore manages it.
// Sessions live in ../hypercore, its replication in replicator.ts.

import type { Bytes } from '../bytes/bytes.js'
import type { Hypercore } from '../hypercore/session.js'
import type { StoredKeyPair } from '../key-pair.js'
import type { Manifest } from '../manifest.js'
import type { CoreStorage } from '../storage/core-storage.js'
import type { CorestoreStorage } from '../storage/corestore-storage.js'
import type { CoreGroup, CoreHead, CoreHints } from '../storage/records.js'
import type { CoreReplicator } from './replicator.js'
import type { Mutex, SessionState } from './session-state.js'

/** What an open core knows of itself. */
export interface CoreHeader {
  /** 32 bytes. */
  key: Bytes
  manifest: Manifest | null
  /** `null` if this store cannot write the core. */
  keyPair: StoredKeyPair | null
  tree: CoreHead
  group: CoreGroup | null
  hints: CoreHints
}

/** Which parts of a core an audit looks at; all unless `false`. */
export interface AuditOptions {
  tree?: boolean | undefined
  blocks?: boolean | undefined
  bitfield?: boolean | undefined
  /** Only counts, changes nothing. Default: `false`. */
  dryRun?: boolean | undefined
}

/** What an audit has found: how much is right, and how much was not and has been dropped. */
export interface AuditResult {
  treeNodes: number
  blocks: number
  bits: number
  droppedTreeNodes: number
  droppedBlocks: number
  droppedBits: number
  /** Whether a root of the tree is missing. */
  corrupt: boolean
}

/** What the listeners of a group are told when a core of it changes. */
export interface GroupUpdate {
  /** 32 bytes. */
  key: Bytes
  /** In blocks. */
  length: number
  fork: number
}

/** A core that is open, or on its way. All sessions of it share it; it emits no events, they do. */
export interface Core {
  /** The key as z-base-32, 52 characters; `null` until known. */
  readonly id: string | null
  /** 32 bytes; `null` until known, which it is at once where it was given. */
  readonly key: Bytes | null
  /** 32 bytes; `null` until known. */
  readonly discoveryKey: Bytes | null
  readonly manifest: Manifest | null
  readonly opening: Promise<void>
  readonly opened: boolean
  /** Set once it closes, and from then on. */
  readonly closing: Promise<void> | null
  readonly closed: boolean
  readonly destroyed: boolean
  /** Whether its key is a plain public key, as in Hypercore 9 and 10, and not the hash of a manifest. */
  readonly compat: boolean
  /** The storage of all cores. */
  readonly db: CorestoreStorage
  /** The storage of this one; `null` until opened. */
  readonly storage: CoreStorage | null
  /** `null` until opened. */
  readonly header: CoreHeader | null
  /** What its plain sessions see; `null` until opened. */
  readonly state: SessionState | null
  readonly sessionStates: SessionState[]
  readonly replicator: CoreReplicator
  /** The sessions that hear of its events. */
  readonly monitors: Hypercore<unknown>[]
  /** How many sessions are open, weak ones not counted. */
  readonly activeSessions: number
  readonly exclusive: Mutex | null
  /** Whether it closes with its last session. A core of `createCore` does not. */
  autoClose: boolean
  /** Free for whoever manages cores to count with; Hypercore does not read it. */
  gc: number
  /** Called when the last session and the last peer have gone, and when opening has failed. */
  onidle: () => void
  /** Called when the core has changed and belongs to a group. */
  ongroupupdate: (topic: Bytes, update: GroupUpdate) => void
  /** Waits until it is opened; rejects if that fails. */
  ready(): Promise<void>
  /** Closes it; rejects while sessions that are not weak are open. */
  close(): Promise<void>
  /** Closes every session of it; requests under way reject with `error`. */
  closeAllSessions(error?: Error | null): Promise<void>
  /** Whether a session is open that is not weak. */
  hasSession(): boolean
  allSessions(): Hypercore<unknown>[]
  /** Calls `onidle` if it is. */
  checkIfIdle(): void
  /** Waits until no other exclusive session is open, then holds that place. */
  lockExclusive(): Promise<void>
  unlockExclusive(): void
  /** Drops what is stored and does not verify; `null` if the tree was beyond repair and the core was deleted. */
  audit(options?: AuditOptions): Promise<AuditResult | null>
  /** Puts it into the group with that topic (32 bytes); rejects if it is in another. */
  setGroup(topic: Uint8Array): Promise<void>
  /** Takes on a manifest, if it has none; rejects unless its hash is the key. */
  setManifest(manifest: Manifest): Promise<void>
  /** Gives the space of what was deleted back to the disk. */
  compact(): Promise<unknown>
  /** What `purge` of a session does. */
  purge(): Promise<void>
}
