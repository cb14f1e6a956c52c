// What the sessions of a core that look at the same blocks share. The core itself lives in core.ts.

import type { Hypercore } from '../hypercore/session.js'
import type { Prologue } from '../manifest.js'
import type { CoreStorage } from '../storage/core-storage.js'
import type { TreeNode } from '../storage/records.js'
import type { Core } from './core.js'

/** A lock with a queue. */
export interface Mutex {
  readonly locked: boolean
  readonly destroyed: boolean
  /** Whether nobody holds it and nobody waits. */
  idle(): boolean
  lock(): Promise<void>
  unlock(): void
  /** Lets nobody lock it any more: with an error, those that wait are told it. Resolves when it is no longer held. */
  destroy(error?: Error): Promise<void>
}

/** The blocks of a core as one group of its sessions sees them: all plain ones, a snapshot, a named session. */
export interface SessionState {
  readonly core: Core
  readonly storage: CoreStorage
  /** `null` unless it belongs to a named session. */
  readonly name: string | null
  readonly sessions: Hypercore<unknown>[]
  readonly mutex: Mutex
  readonly roots: TreeNode[]
  readonly fork: number
  /** In blocks. */
  readonly length: number
  /** In bytes, with what encryption adds. */
  readonly byteLength: number
  readonly prologue: Prologue | null
  readonly signature: Uint8Array | null
  /** How many sessions hold on to it. */
  readonly active: number
  isSnapshot(): boolean
  /** Whether it is the core's own, that is neither a snapshot nor a named session. */
  isDefault(): boolean
  /** 32 bytes: the tree hash. */
  hash(): Uint8Array
  /** In blocks: what a quorum has signed. */
  signedLength(): number
  /** The bytes of a stored block; `null` if it is not here. Reads of one block at the same time give the same bytes. */
  readBlock(index: number): Promise<Uint8Array | null>
  /** In blocks: what is stored with the core itself. */
  flushedLength(): number
}
