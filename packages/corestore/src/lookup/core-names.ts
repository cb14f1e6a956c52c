// From names to cores. The storage keeps every named core under an alias, that is its namespace and name. A name is looked up there before
// anything is derived, so a name means the same core even if a later version would derive another one.

import type { Alias, CorestoreStorage, KeyPair, ManifestInput } from '@coreyard/hypercore-types'
import type { Keychain } from '@coreyard/keychain'
import { nameCore } from '@coreyard/storage'
import b4a from 'b4a'
import Hypercore from 'hypercore'
import { badArgument } from '../errors/errors.js'
import { Turns } from '../lifetime/turns.js'
import { aliasOf, type CoreName, idsOfAlias, olderAliasOf } from '../names/core-name.js'
import {
  type CoreIdentity,
  identityOfDiscoveryKey,
  identityOfKey,
  identityOfKeyPair,
  isManifestOf,
  isSignedBy,
} from './core-identity.js'

/**
 * The keys, in hex, of the cores that were opened by name, by a store or any of its sessions. They are kept as long as the store is open,
 * because the key of such a core must be known immediately. Each takes about 150 bytes of memory.
 */
export class KnownNames {
  readonly #byNamespace = new Map<string, Map<string, string>>()
  readonly #turns = new Turns()

  /** @param namespace in hex, under which the storage files the name */
  get(namespace: string, name: string): string | undefined {
    return this.#byNamespace.get(namespace)?.get(name)
  }

  set(namespace: string, name: string, key: string): void {
    const known = this.#byNamespace.get(namespace)
    if (known === undefined) this.#byNamespace.set(namespace, new Map([[name, key]]))
    else known.set(name, key)
  }

  /** Runs `work` after all work that began earlier for the same name has ended. */
  inTurn<T>(namespace: string, name: string, work: () => Promise<T>): Promise<T> {
    return this.#turns.run(namespace + name, work)
  }

  /** The core of that alias has been deleted. */
  forget(alias: Alias): void {
    const { namespace, ids } = idsOfAlias(alias)
    const known = this.#byNamespace.get(b4a.toString(namespace, 'hex'))
    for (const id of ids) known?.delete(id)
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

  /** The key, in hex, of a core that was opened by this name before, or `undefined`. */
  known(name: CoreName): string | undefined {
    return this.#known.get(this.#aliasNamespaceHex, name.id)
  }

  /** Opens a core by its name, one call at a time: the first call decides which core it is, if it was not stored. */
  inTurn<T>(name: CoreName, open: () => Promise<T>): Promise<T> {
    return this.#known.inTurn(this.#aliasNamespaceHex, name.id, open)
  }

  /** Remembers the key, in hex, of an open core that is filed under its name. */
  remember(name: CoreName, key: string): void {
    this.#known.set(this.#aliasNamespaceHex, name.id, key)
  }

  /**
   * Remembers an open core that was not found by its name, and files it: it was stored by its key before.
   *
   * @param key in hex
   * @returns whether it is filed under that name; not if it has another one
   */
  async file(name: CoreName, key: string, discoveryKey: Uint8Array): Promise<boolean> {
    const filed = await nameCore(this.#storage, discoveryKey, this.alias(name))
    if (filed) this.remember(name, key)
    return filed
  }

  /**
   * The core of this name: the stored one, or the one that would be made with this manifest, or one of this version. Throws
   * BAD_ARGUMENT for a manifest that is not that of the stored one.
   */
  async find(name: CoreName, manifest: ManifestInput | null, manifestVersion: number): Promise<CoreIdentity> {
    const stored = await this.#findStored(name)
    if (stored !== null) {
      checkManifest(stored, manifest)
      return identityOfDiscoveryKey(stored)
    }
    const keyPair = this.keyPair(name)
    if (manifest === null) return identityOfKeyPair(keyPair, manifestVersion)
    return identityOfKey(Hypercore.key(manifest), keyPair, manifest)
  }

  /** The discovery key of the core that is stored under this name. */
  async #findStored(name: CoreName): Promise<Uint8Array | null> {
    const stored = await this.#storage.getAlias(aliasOf(name, this.#aliasNamespace))
    const older = olderAliasOf(name, this.#aliasNamespace)
    if (stored !== null || older === null) return stored
    const candidate = await this.#storage.getAlias(older)
    const auth = candidate && (await this.#storage.getAuth(candidate))
    return auth && isSignedBy(auth, this.keyPair(name).publicKey) ? candidate : null
  }

  /** The key pair that is derived from a name. */
  keyPair(name: CoreName): KeyPair {
    return this.#keychain.keyPair(name.bytes)
  }

  /** The alias under which the storage files a core of this name if it makes one. */
  alias(name: CoreName): Alias {
    return aliasOf(name, this.#aliasNamespace)
  }
}

/** Throws BAD_ARGUMENT if a manifest is given that is not that of the named core. */
export function checkManifest(discoveryKey: Uint8Array, manifest: ManifestInput | null): void {
  if (manifest === null || isManifestOf(manifest, discoveryKey)) return
  throw badArgument(
    'manifest is that of another core than the one that has this name: leave it out, or pass another name',
  )
}
