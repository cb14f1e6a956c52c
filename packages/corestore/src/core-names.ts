// From names to cores. The storage files every named core under an alias, its namespace and name, and a name is looked
// up there before anything is derived: so a name means the same core whatever later versions would derive.

import type { Alias, CorestoreStorage, KeyPair } from '@coreyard/hypercore-types'
import type { Keychain } from '@coreyard/keychain'
import b4a from 'b4a'
import { type CoreIdentity, identityOfDiscoveryKey, identityOfKeyPair } from './core-identity.js'
import type { CoreName } from './get-options.js'

/** The keys of the cores that were opened by name, by a store or any of its sessions. */
export class KnownNames {
  readonly #byNamespace = new Map<string, Map<string, Uint8Array>>()

  /** @param namespace in hex, under which the storage files the name */
  get(namespace: string, name: string): Uint8Array | undefined {
    return this.#byNamespace.get(namespace)?.get(name)
  }

  set(namespace: string, name: string, key: Uint8Array): void {
    const known = this.#byNamespace.get(namespace)
    if (known === undefined) this.#byNamespace.set(namespace, new Map([[name, key]]))
    else known.set(name, key)
  }

  /** The core of that alias has been deleted. */
  forget({ name, namespace }: Alias): void {
    this.#byNamespace.get(b4a.toString(namespace, 'hex'))?.delete(name)
  }
}

/** The names of one store. */
export class CoreNames {
  readonly #storage: CorestoreStorage
  readonly #keychain: Keychain
  readonly #aliasNamespace: Uint8Array
  readonly #aliasNamespaceHex: string
  readonly #known: KnownNames

  /**
   * @param keychain derives the key pairs, in the store's namespace
   * @param aliasNamespace 32 bytes under which the storage files the names
   */
  constructor(storage: CorestoreStorage, keychain: Keychain, aliasNamespace: Uint8Array, known: KnownNames) {
    this.#storage = storage
    this.#keychain = keychain
    this.#aliasNamespace = aliasNamespace
    this.#aliasNamespaceHex = b4a.toString(aliasNamespace, 'hex')
    this.#known = known
  }

  /** The key of a core that was opened by this name before, or `undefined`. */
  known(name: CoreName): Uint8Array | undefined {
    return this.#known.get(this.#aliasNamespaceHex, name.alias)
  }

  /** Remembers the key of a core that has opened. */
  remember(name: CoreName, key: Uint8Array): void {
    if (this.known(name) === undefined) this.#known.set(this.#aliasNamespaceHex, name.alias, key)
  }

  /** The core of this name: the stored one, or the one that would be made with this manifest version. */
  async find(name: CoreName, manifestVersion: number): Promise<CoreIdentity> {
    const stored = await this.#storage.getAlias(this.alias(name))
    return stored ? identityOfDiscoveryKey(stored) : identityOfKeyPair(this.keyPair(name), manifestVersion)
  }

  /** The key pair that a name derives. */
  keyPair(name: CoreName): KeyPair {
    return this.#keychain.keyPair(name.bytes)
  }

  /** The alias under which the storage files a core of this name. */
  alias(name: CoreName): { name: string; namespace: Uint8Array } {
    return { name: name.alias, namespace: this.#aliasNamespace }
  }
}
