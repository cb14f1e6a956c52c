// What a contestant is to a task: a store that can be opened again and again in one place, by the calls that all of them have.
// How each of them does it lives in a file of its own; which there are, in all.ts.

import type { Hypercore, NoiseSecretStream, ReplicationStream } from '@coreyard/hypercore-types'

/** What keeps the records. Contestants of one engine are compared with one another. */
export type Engine = 'rocksdb' | 'files' | 'memory'

/** An open store. Every session that it gives is open, too. */
export interface Store {
  /** A session of the core of that name, which is made if it is not there. */
  named(name: string): Promise<Hypercore>
  /** A session of the core with that key (32 bytes), which is made if it is not there. */
  byKey(key: Uint8Array): Promise<Hypercore>
  /** A stream over which the open cores are replicated: one that is made, or one that is there. */
  replicate(target: boolean | NoiseSecretStream): ReplicationStream
  /** The discovery keys of all stored cores; `null` if the contestant does not tell. */
  list(): AsyncIterable<Uint8Array> | null
  /** All stored cores with their names, keys and lengths; `null` if the contestant does not tell. */
  stored(): AsyncIterable<unknown> | null
  /** Pictures of the store, two a second, for as long as they are read; `null` if the contestant takes none. */
  watched(): AsyncIterable<unknown> | null
  close(): Promise<void>
}

/** Where a store is kept: opened again, it has all that it had. */
export interface Place {
  open(): Promise<Store>
}

export interface Contestant {
  readonly id: string
  readonly title: string
  readonly engine: Engine
  /** Who it is, with its version; `coreyard` is what the others are compared with. */
  readonly kind: 'coreyard' | 'corestore-7' | 'corestore-6' | 'hypercore'
  /** The most cores that it is given: with more it would run out of memory, or a run take hours for what nobody asks. */
  readonly maxCores: number
  /** The rows that it cannot be measured in, because there is no such call. */
  readonly lacks: readonly string[]
  /** Loads its packages; what it returns makes a place in a directory that is not there yet. */
  load(): Promise<(directory: string) => Place>
}
