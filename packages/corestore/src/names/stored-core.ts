// What `store.stored` tells of each core.

import type { Bytes } from '@coreyard/hypercore-types'
import type { StoredCore as StoredRecord } from '@coreyard/storage'
import { nameOfAlias } from './core-name.js'

/** A stored core, open or not. */
export interface StoredCore {
  /** The name that it was made with; `null` if it has none. Bytes if those are no UTF-8. */
  readonly name: string | Uint8Array | null
  /**
   * 32 bytes: the namespace of the name, as `store.ns`; `null` without a name. For a name of a session with a primary key of
   * its own it is what the storage files it under instead, unless that session lists its `namespace`.
   */
  readonly namespace: Uint8Array | null
  /** 32 bytes. */
  readonly key: Bytes
  /** 32 bytes. */
  readonly discoveryKey: Bytes
  /** In blocks. */
  readonly length: number
  /** In bytes, as stored: what encryption adds is counted. */
  readonly byteLength: number
  /**
   * Whether the secret key is stored. It is not for a core that was opened by its key first and by its name later: that is writable
   * by its name, which derives the secret key each time, and not by its key.
   */
  readonly writable: boolean
}

/** Which cores `stored` gives. */
export interface StoredOptions {
  /** 32 bytes: only the named cores of this namespace, by name. Default: everything, by discovery key. */
  namespace?: Uint8Array | null | undefined
}

/** @param namespace what to give as the namespace, in place of the one that the name is filed under */
export function toStoredCore(
  { alias, key, discoveryKey, length, byteLength, writable }: StoredRecord,
  namespace: Uint8Array | null,
): StoredCore {
  const core = { key, discoveryKey, length, byteLength, writable }
  if (alias === null) return { name: null, namespace: null, ...core }
  const named = nameOfAlias(alias)
  return { name: named.name, namespace: namespace ?? named.namespace, ...core }
}
