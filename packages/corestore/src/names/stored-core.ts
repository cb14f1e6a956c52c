// What `store.stored` reports of each core.

import type { Bytes } from '@coreyard/hypercore-types'
import type { StoredCore as StoredRecord } from '@coreyard/storage'
import { nameOfAlias } from './core-name.js'

/** A stored core, open or not. */
export interface StoredCore {
  /** The name that the core was made with: a string, or bytes if they are not UTF-8. `null` if it has no name. */
  readonly name: string | Uint8Array | null
  /**
   * 32 bytes: the namespace of the name, as in `store.ns`. `null` without a name. If the name belongs to a session with its own primary
   * key, this is an internal id, except when that session lists the names of its `namespace`.
   */
  readonly namespace: Uint8Array | null
  /** 32 bytes. */
  readonly key: Bytes
  /** 32 bytes. */
  readonly discoveryKey: Bytes
  /** In blocks. */
  readonly length: number
  /** In bytes as stored, including what encryption adds. */
  readonly byteLength: number
  /**
   * Whether the secret key is stored. It is `false` for a core that was first opened by its key and later by its name. Such a core is
   * writable when it is opened by its name, because the secret key is derived each time, but not when it is opened by its key.
   */
  readonly writable: boolean
}

/** The options of `stored`: which cores it lists. */
export interface StoredOptions {
  /** 32 bytes: list only the named cores of this namespace. Default: all cores, ordered by discovery key. */
  namespace?: Uint8Array | null | undefined
}

/** @param namespace the namespace to report, instead of the one that the name is stored under */
export function toStoredCore(
  { alias, key, discoveryKey, length, byteLength, writable }: StoredRecord,
  namespace: Uint8Array | null,
): StoredCore {
  const core = { key, discoveryKey, length, byteLength, writable }
  if (alias === null) return { name: null, namespace: null, ...core }
  const named = nameOfAlias(alias)
  return { name: named.name, namespace: namespace ?? named.namespace, ...core }
}
