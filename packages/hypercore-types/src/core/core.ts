// The open core that all of its sessions share, as `Hypercore.createCore` returns it and a Corestore manages it.
// ../hypercore has the sessions, and replicator.ts the replication.

import type { Bytes } from '../bytes/bytes.js'
import type { Hypercore } from '../hypercore/session.js'
import type { StoredKeyPair } from '../key-pair.js'
import type { Manifest } from '../manifest.js'
import type { CoreStorage } from '../storage/core-storage.js'
import type { CorestoreStorage } from '../storage/corestore-storage.js'
import type { CoreGroup, CoreHead, CoreHints } from '../storage/records.js'
import type { CoreReplicator } from './replicator.js'
import type { Mutex, SessionState } from './session-state.js'

/** The stored state of an open core. */
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

/** Which parts of a core to audit. Default: all. */
export interface AuditOptions {
  tree?: boolean | undefined
  blocks?: boolean | undefined
  bitfield?: boolean | undefined
  /** Only count, and change nothing. Default: `false`. */
  dryRun?: boolean | undefined
}

/** The result of an audit: how many records are correct, and how many were wrong and were dropped. */
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

/** What the listeners of a group receive when one of its cores changes. */
export interface GroupUpdate {
  /** 32 bytes. */
  key: Bytes
  /** In blocks. */
  length: number
  fork: number
}

/** A core that is open or opening. All its sessions share it. Events are emitted by the sessions, not by the core. */
export interface Core {
  /** The key as z-base-32, 52 characters; `null` until known. */
  readonly id: string | null
  /** 32 bytes; `null` until it is known. If it was passed in, it is known immediately. */
  readonly key: Bytes | null
  /** 32 bytes; `null` until known. */
  readonly discoveryKey: Bytes | null
  readonly manifest: Manifest | null
  readonly opening: Promise<void>
  readonly opened: boolean
  /** Set when it starts to close, and from then on. */
  readonly closing: Promise<void> | null
  readonly closed: boolean
  readonly destroyed: boolean
  /** Whether its key is a plain public key, as in Hypercore 9 and 10, and not the hash of a manifest. */
  readonly compat: boolean
  /** The storage of all cores. */
  readonly db: CorestoreStorage
  /** The storage of this core; `null` until opened. */
  readonly storage: CoreStorage | null
  /** `null` until opened. */
  readonly header: CoreHeader | null
  /** The blocks as seen by sessions that are neither snapshots nor named; `null` until opened. */
  readonly state: SessionState | null
  readonly sessionStates: SessionState[]
  readonly replicator: CoreReplicator
  /** The sessions that receive its events. */
  readonly monitors: Hypercore<unknown>[]
  /** How many sessions are open, weak ones not counted. */
  readonly activeSessions: number
  readonly exclusive: Mutex | null
  /** Whether it closes with its last session. A core of `createCore` does not. */
  autoClose: boolean
  /** A counter for code that manages cores. Hypercore does not use it. */
  gc: number
  /** Called when the core has no more sessions and peers, and when opening has failed. */
  onidle: () => void
  /** Called when a core that belongs to a group has changed. */
  ongroupupdate: (topic: Bytes, update: GroupUpdate) => void
  /** Waits until it is opened; rejects if that fails. */
  ready(): Promise<void>
  /** Closes it; rejects while sessions that are not weak are open. */
  close(): Promise<void>
  /** Closes every session of it. Pending requests reject with `error`. */
  closeAllSessions(error?: Error | null): Promise<void>
  /** Whether a session that is not weak is open. */
  hasSession(): boolean
  allSessions(): Hypercore<unknown>[]
  /** Calls `onidle` if the core has no session and no peer. */
  checkIfIdle(): void
  /** Waits until no other exclusive session is open, then takes the exclusive lock. */
  lockExclusive(): Promise<void>
  unlockExclusive(): void
  /** Drops records that fail verification. Resolves with `null` if the tree was beyond repair and the core was deleted. */
  audit(options?: AuditOptions): Promise<AuditResult | null>
  /** Puts it into the group with that topic (32 bytes); rejects if it is in another. */
  setGroup(topic: Uint8Array): Promise<void>
  /** Sets the manifest of a core that has none. Rejects unless its hash is the key. */
  setManifest(manifest: Manifest): Promise<void>
  /** Frees the disk space of deleted records. */
  compact(): Promise<unknown>
  /** Does what `purge` of a session does. */
  purge(): Promise<void>
}
