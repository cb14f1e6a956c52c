// From a request to an open core: immediately if the core's key is known, after a look-up in the storage for a name or a discovery key.
// core-getter.ts makes the Hypercore session.

import type { Alias, CorestoreStorage } from '@coreyard/hypercore-types'
import { type Lease, PoolError } from '@coreyard/sessions'
import b4a from 'b4a'
import type { CoreOpening } from '../cores/core-opening.js'
import type { ManagedCore } from '../cores/managed-core.js'
import type { OpenCores } from '../cores/open-cores.js'
import { badArgument, nameNotStored, notStored, storeClosed, whileClosing } from '../errors/errors.js'
import type { Lifetime } from '../lifetime/lifetime.js'
import { type CoreIdentity, coreId, identityOf } from '../lookup/core-identity.js'
import { type CoreNames, checkManifest } from '../lookup/core-names.js'
import type { CoreRequest, NamedRequest, UnnamedRequest } from '../lookup/core-request.js'
import type { SessionSettings } from '../options/store-options.js'

/** What the stores of a family share, as far as it is used here. */
export interface Family {
  readonly storage: CorestoreStorage
  readonly cores: OpenCores
  /** Called when cores may have begun to open. */
  readonly watchers: { tell(): void }
}

/** How a core was opened, and what keeps it open. */
type Opened = readonly [CoreOpening, Lease<ManagedCore>]

/** Opens the cores of one store. */
export class CoreOpener {
  readonly #family: Family
  readonly #settings: SessionSettings
  readonly #lifetime: Lifetime
  readonly #ready: () => Promise<CoreNames>
  #names: CoreNames | null = null

  /**
   * @param lifetime that of the store
   * @param ready settles when the store is open, with its names
   */
  constructor(
    family: Family,
    settings: SessionSettings,
    lifetime: Lifetime,
    ready: () => Promise<CoreNames>,
  ) {
    this.#family = family
    this.#settings = settings
    this.#lifetime = lifetime
    this.#ready = ready
  }

  /** The names of the store; `null` until it is open. */
  get names(): CoreNames | null {
    return this.#names
  }

  opened(names: CoreNames): void {
    this.#names = names
  }

  /** Which core a request means. */
  async identify(request: CoreRequest): Promise<CoreIdentity> {
    const opening = this.known(request) ?? (await this.#meant(request, await this.#ready()))
    return opening.identity
  }

  /** How to open the core, if it is known which one is meant. */
  known(request: CoreRequest): CoreOpening | null {
    if (request.by === 'name') return this.#names && this.#knownName(request, this.#names)
    if (request.by === 'discoveryKey' && !this.#isOpen(coreId(request.discoveryKey))) return null
    const opening = this.#unnamed(request)
    return request.by !== 'keyPair' || this.#isOpen(opening.identity.id) ? opening : null
  }

  /** The core that a key pair most likely means, before the storage says whether it holds one of Corestore 6; `null` for other requests. */
  likely(request: CoreRequest): CoreIdentity | null {
    return request.by === 'keyPair' ? this.#unnamed(request).identity : null
  }

  /**
   * Whether a session of a known core must wait until the core is open: the core is opened only if it is stored, or only its stored
   * manifest says whether the given key pair signs. Nothing is opened to find that out, because another `get`, which makes the core, would
   * share the failed opening.
   */
  mustWait({ by, keyPair }: CoreRequest, { identity: { id, manifest }, creates }: CoreOpening): boolean {
    if (!creates && by !== 'name' && !this.#isOpen(id)) return true
    return keyPair !== null && manifest === null && !this.#family.cores.get(id)?.core.opened
  }

  /** Leases a core, which begins to open unless it is open. */
  lease(opening: CoreOpening): Lease<ManagedCore> {
    const lease = this.#family.cores.acquire(opening)
    this.#family.watchers.tell()
    return lease
  }

  /** Opens the core that a request means, and stores its name. @returns how, and what keeps it open */
  async open(request: CoreRequest): Promise<Opened> {
    try {
      const names = await this.#ready()
      return await (request.by === 'name' ? this.#openNamed(request, names) : this.#open(request, names))
    } catch (error) {
      throw this.#lifetime.closing === null ? error : whileClosing(error)
    }
  }

  #openNamed(request: NamedRequest, names: CoreNames): Promise<Opened> {
    return names.inTurn(request.name, async () => {
      for (;;) {
        const opened = await this.#open(request, names)
        const [opening, lease] = opened
        await orRelease(lease, () => this.#fileName(request, names, opening, lease.resource))
        if (lease.resource.isCurrent) return opened
        // It was deleted in the meantime.
        lease.release()
        this.#assertOpen()
      }
    })
  }

  /** A core that is being deleted is opened as a new one afterwards, even if it was looked up before. */
  async #open(request: CoreRequest, names: CoreNames): Promise<Opened> {
    const { cores } = this.#family
    for (;;) {
      const [opening, lease] = await cores.lookUp(async (deleted) => {
        const opening = await this.#lookUp(request, names)
        const { id } = opening.identity
        this.#assertOpen()
        const isDeleted = deleted.has(id) || cores.keptClosed(id) !== null
        return [opening, isDeleted ? null : cores.acquire(opening)] as const
      })
      if (lease === null) await cores.keptClosed(opening.identity.id)
      else if (await this.#hasOpened(lease)) return [opening, lease]
    }
  }

  /** Waits until a core is open. If it is deleted before, its lease is released. @returns whether it is open */
  async #hasOpened(lease: Lease<ManagedCore>): Promise<boolean> {
    try {
      await lease.ready()
      this.#assertOpen()
      if (lease.resource.isCurrent) return true
    } catch (error) {
      lease.release()
      this.#assertOpen()
      if (error instanceof PoolError && error.code === 'RESOURCE_CLOSED') return false
      throw error
    }
    lease.release()
    return false
  }

  /** How to open the core that is meant. Throws STORAGE_EMPTY for one that is not stored and must be. */
  async #lookUp(request: CoreRequest, names: CoreNames): Promise<CoreOpening> {
    const opening = await this.#meant(request, names)
    const { id, discoveryKey } = opening.identity
    if (opening.creates && request.by !== 'discoveryKey') return opening
    if (this.#isOpen(id) || (await this.#family.storage.hasCore(discoveryKey))) return opening
    throw request.by === 'name' ? nameNotStored(request.name.bytes) : notStored(id)
  }

  async #meant(request: CoreRequest, names: CoreNames): Promise<CoreOpening> {
    if (request.by === 'keyPair') return this.#byKeyPair(request)
    if (request.by !== 'name') return this.#unnamed(request)
    const known = this.#knownName(request, names)
    if (known !== null) return known
    const { name, manifest } = request
    const identity = await names.find(name, manifest, this.#settings.manifestVersion)
    return this.#opening(request, identity, names.alias(name), true)
  }

  /** The core whose manifest lists the key pair; or, if only that is stored, the core of Corestore 6 whose key is the public key. */
  async #byKeyPair(request: Extract<CoreRequest, { by: 'keyPair' }>): Promise<CoreOpening> {
    const { storage } = this.#family
    const usual = this.#unnamed(request)
    if (this.#isOpen(usual.identity.id) || (await storage.hasCore(usual.identity.discoveryKey))) return usual
    const former = this.#unnamed({ ...request, by: 'key', key: request.keyPair.publicKey })
    const { id, discoveryKey } = former.identity
    return this.#isOpen(id) || (await storage.hasCore(discoveryKey)) ? former : usual
  }

  #knownName(request: NamedRequest, names: CoreNames): CoreOpening | null {
    const key = names.known(request.name)
    if (key === undefined) return null
    const identity = this.#family.cores.identity(key)
    checkManifest(identity.discoveryKey, request.manifest)
    if (this.#family.cores.keptClosed(identity.id) !== null) return null
    return this.#opening(request, identity, null, false)
  }

  #unnamed(request: UnnamedRequest): CoreOpening {
    const identity =
      request.by === 'key' && request.keyPair === null && request.manifest === null
        ? this.#family.cores.identity(b4a.toString(request.key, 'hex'))
        : identityOf(request, this.#settings.manifestVersion)
    return this.#opening(request, identity, null, true)
  }

  #opening(
    { options }: CoreRequest,
    identity: CoreIdentity,
    alias: Alias | null,
    mayCreate: boolean,
  ): CoreOpening {
    const { readOnly, active } = this.#settings
    const creates = mayCreate && !readOnly && options.createIfMissing !== false
    return { identity, alias, creates, options: readOnly ? { ...options, group: null } : options, active }
  }

  /** Stores an open core under its name, unless the core is deleted before. */
  async #fileName(
    { name, manifest }: NamedRequest,
    names: CoreNames,
    { identity, alias }: CoreOpening,
    managed: ManagedCore,
  ): Promise<void> {
    const { keyId, core } = managed
    if (keyId === null || !managed.isCurrent || names.known(name) !== undefined) return
    // Only a name that is stored says the discovery key alone.
    const isStored = identity.key === null
    // A core that this call has made has its name in its record. No other session names it then, and once it is deleted it is not current.
    const isFiled = alias !== null && managed.filedUnder === alias
    if (isStored || isFiled) names.remember(name, keyId)
    else if (!this.#settings.readOnly) {
      const filed = await managed.exclusively(() => names.file(name, keyId, core.discoveryKey))
      if (filed === false && manifest !== null) {
        throw badArgument('The core with this manifest has another name: get it by that name, or by its key')
      }
    }
  }

  #isOpen(id: string): boolean {
    return this.#family.cores.get(id) !== null
  }

  #assertOpen(): void {
    if (this.#lifetime.closing !== null) throw storeClosed()
  }
}

/** Runs the work that a core was leased for. If it fails, the lease is released. */
export async function orRelease(lease: Lease<ManagedCore>, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    lease.release()
    throw error
  }
}
