// The state that is shared by the sessions of a core that see the same blocks. core.ts has the core itself.

import type { Hypercore } from '../hypercore/session.js'
import type { Prologue } from '../manifest.js'
import type { CoreStorage } from '../storage/core-storage.js'
import type { TreeNode } from '../storage/records.js'
import type { Core } from './core.js'

/** A lock with a queue. */
export interface Mutex {
  readonly locked: boolean
  readonly destroyed: boolean
  /** Whether it is free and has no waiters. */
  idle(): boolean
  lock(): Promise<void>
  unlock(): void
  /** Makes the lock unusable. Waiters reject with `error`, if it is given. Resolves when the lock is no longer held. */
  destroy(error?: Error): Promise<void>
}

/** The blocks of a core as one group of its sessions sees them: the default sessions, a snapshot, or a named session. */
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
  /** How many sessions use it. */
  readonly active: number
  isSnapshot(): boolean
  /** Whether it is that of the core itself, and not of a snapshot or a named session. */
  isDefault(): boolean
  /** Returns the tree hash, 32 bytes. */
  hash(): Uint8Array
  /** Returns the length, in blocks, that a quorum has signed. */
  signedLength(): number
  /** Resolves with the bytes of a stored block; `null` if it is not stored. Reads of one block at the same time share the bytes. */
  readBlock(index: number): Promise<Uint8Array | null>
  /** Returns the length, in blocks, that is stored with the core itself. */
  flushedLength(): number
}
