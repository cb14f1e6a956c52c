// The key pairs of one store, and the namespaces under which the storage keeps its names.

import type { Bytes, KeyPair } from '@coreyard/hypercore-types'
import { Keychain } from '@coreyard/keychain'
import b4a from 'b4a'

export class StoreKeys {
  /** Derives the key pairs of the store's namespace. */
  readonly keychain: Keychain
  /** The keychain of a primary key that is not the one of the storage. */
  readonly #own: Keychain | null

  /**
   * @param shared derives with the primary key of the storage
   * @param sharedKey that primary key
   * @param primaryKey the store's; `null` if that is the one of the storage
   */
  constructor(
    shared: Keychain,
    sharedKey: Uint8Array | null,
    primaryKey: Uint8Array | null,
    namespace: Uint8Array,
  ) {
    const isOwn = primaryKey !== null && !(sharedKey !== null && b4a.equals(primaryKey, sharedKey))
    this.#own = isOwn ? Keychain.from(primaryKey, { namespace }) : null
    this.keychain = this.#own ?? shared.at(namespace)
  }

  /** The namespace under which the storage keeps the names of a namespace. A session with its own primary key has separate ones. */
  filedUnder(namespace: Uint8Array): Uint8Array {
    return this.#own?.at(namespace).fingerprint() ?? namespace
  }

  keyPair(name: string | Uint8Array, namespace: Uint8Array): KeyPair<Bytes> {
    return this.keychain.at(namespace).keyPair(name)
  }

  /** Wipes the secrets from memory. */
  wipe(): void {
    this.#own?.destroy()
  }
}
