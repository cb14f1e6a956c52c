// The stored cores: those with a name in one namespace, or all.

import type { Bytes, CorestoreStorage } from '@coreyard/hypercore-types'
import { type StoredCore as StoredRecord, storedCores } from '@coreyard/storage'
import { prefixOf } from '../names/core-name.js'
import { type StoredCore, toStoredCore } from '../names/stored-core.js'
import { OTHER_NAMES } from '../options/namespaces.js'

/**
 * Yields the stored cores: all of them, or the named ones of a namespace.
 *
 * @param namespace 32 bytes; `null` for all cores
 * @param filedUnder 32 bytes: the namespace under which the storage keeps these names
 */
export async function* stored(
  storage: CorestoreStorage,
  namespace: Uint8Array | null,
  filedUnder: Uint8Array | null,
): AsyncGenerator<StoredCore, void, undefined> {
  const cores = filedUnder === null ? storedCores(storage, null) : namedCores(storage, filedUnder)
  for await (const core of cores) yield toStoredCore(core, namespace)
}

/** Yields the discovery keys of the named cores of a namespace (32 bytes, as stored). */
export async function* namedKeys(
  storage: CorestoreStorage,
  namespace: Uint8Array,
): AsyncGenerator<Bytes, void, undefined> {
  yield* storage.createDiscoveryKeyStream(namespace)
  for await (const { alias, discoveryKey } of storage.createAliasStream(OTHER_NAMES)) {
    if (alias.name.startsWith(prefixOf(namespace))) yield discoveryKey
  }
}

/** Yields the named cores of a namespace (32 bytes, as stored). */
async function* namedCores(
  storage: CorestoreStorage,
  namespace: Uint8Array,
): AsyncGenerator<StoredRecord, void, undefined> {
  yield* storedCores(storage, namespace)
  for await (const core of storedCores(storage, OTHER_NAMES)) {
    if (core.alias?.name.startsWith(prefixOf(namespace))) yield core
  }
}
