// The store of a machine, as far as stores of Coreyard and of Corestore 7 are the same.

import type { Hypercore, NoiseSecretStream, ReplicationStream } from '@coreyard/hypercore-types'

/** A session of a core. Its values are bytes, which the types of `get` cannot say of both stores. */
export type Session = Hypercore<unknown>

/** What a block holds, as text; `null` if it is not here. */
export function textOf(block: unknown): string | null {
  return block instanceof Uint8Array ? Buffer.from(block).toString() : null
}

/** What `get` takes of either. */
export interface GetOptions {
  readonly name?: string
  readonly key?: Uint8Array
  readonly discoveryKey?: Uint8Array
  readonly exclusive?: boolean
}

export interface Store {
  ready(): Promise<void>
  get(options: GetOptions): Session
  namespace(name: string): Store
  session(): Store
  replicate(target: boolean | NoiseSecretStream, options?: object): ReplicationStream
  suspend(): Promise<void>
  resume(): Promise<void>
  close(): Promise<void>
}
