// `store.get`: from a request to a Hypercore session. At once where the core's key is known, later for a name or a
// discovery key that has to be looked up and for options that are still to come.

import {
  failSession,
  KnownKeySession,
  SessionClass,
  sessionOptions,
  storedKeyPair,
} from '@coreyard/hypercore-port'
import type {
  CorestoreStorage,
  HypercoreOptions,
  Hypercore as HypercoreSession,
  KeyPair,
} from '@coreyard/hypercore-types'
import { type Lease, PoolError } from '@coreyard/sessions'
import b4a from 'b4a'
import type { CoreOpening, ManagedCore } from '../cores/managed-core.js'
import type { OpenCores } from '../cores/open-cores.js'
import { ReadOnlySession } from '../cores/read-only-session.js'
import {
  badArgument,
  CorestoreError,
  messageOf,
  notStored,
  storeClosed,
  storeReadOnly,
} from '../errors/errors.js'
import type { Lifetime } from '../lifetime/lifetime.js'
import {
  type CoreIdentity,
  coreId,
  identityOf,
  missingManifest,
  signs,
  signsCore,
} from '../lookup/core-identity.js'
import { type CoreNames, checkManifest } from '../lookup/core-names.js'
import {
  assertAsksForNew,
  type CoreReference,
  type CoreRequest,
  readRequest,
} from '../lookup/core-request.js'
import type { CoreName } from '../names/core-name.js'
import { type CoreKey, type GetOptions, mergeOptions, readGetOptions } from '../options/get-options.js'
import { untilAborted, type WaitSignal } from '../options/signal.js'
import type { SessionSettings } from '../options/store-options.js'
import { emptyCore } from './emptied-core.js'
import type { SessionTracker } from './session-tracker.js'

type Session = HypercoreSession<unknown>

/** What Hypercore is told of a session in a read-only store: defaults of a store that would write are left out. */
const READ_ONLY = { writable: false, group: null, userData: null, manifest: null } as const

/** What the stores of a family share, as far as it is used here. */
interface Family {
  readonly storage: CorestoreStorage
  readonly cores: OpenCores
  /** Called when cores may have begun to open. */
  readonly watchers: { tell(): void }
}

/** A request, and those of its options that were not known when `get` was called. */
interface Asked {
  readonly request: CoreRequest
  readonly loaded: GetOptions | null
}

/** A core that is open for a request. */
interface Opened {
  readonly opening: CoreOpening
  readonly lease: Lease<ManagedCore>
}

/** Makes the sessions of one store. */
export class CoreGetter {
  readonly #shared: Family
  readonly #settings: SessionSettings
  readonly #sessions: SessionTracker
  readonly #lifetime: Lifetime
  readonly #ready: () => Promise<CoreNames>
  /** How to end the waits for somebody else's promise when the store closes. */
  readonly #waits = new Set<(error: Error) => void>()
  /** Sessions that have no core yet. */
  readonly pending = new Set<Session>()
  /** Sessions that are to be exclusive: Hypercore says so of a session only when it begins to wait for its turn. */
  readonly exclusive = new WeakSet<Session>()
  #names: CoreNames | null = null

  /**
   * @param lifetime that of the store
   * @param ready settles when the store is open, with its names
   */
  constructor(
    shared: Family,
    settings: SessionSettings,
    sessions: SessionTracker,
    lifetime: Lifetime,
    ready: () => Promise<CoreNames>,
  ) {
    this.#shared = shared
    this.#settings = settings
    this.#sessions = sessions
    this.#lifetime = lifetime
    this.#ready = ready
  }

  /** The store is open: names can be looked up at once. */
  opened(names: CoreNames): void {
    this.#names = names
  }

  /** The store closes: sessions that are still waiting for their options fail. */
  close(): void {
    for (const end of this.#waits) end(storeClosed())
  }

  /** A session of the core that the argument of `get` means. Throws BAD_ARGUMENT. */
  get(argument: CoreKey | GetOptions | null | undefined): Session {
    const given = readGetOptions(argument)
    const { signal = null } = given
    if (signal !== null) delete given.signal // it is not Hypercore's, and no listener of `feed` is told of it
    this.#checkWrites(given)
    const options = mergeOptions<GetOptions>(this.#settings.defaults, given)
    const { preload } = options
    const session = preload
      ? this.#later(options, () => this.#preloaded(options, preload), null, signal)
      : this.#requested(options, argument, signal)
    if (options.exclusive) this.exclusive.add(session)
    return session
  }

  /** @param argument of `get`, from which the options were read */
  #requested(options: GetOptions, argument: unknown, signal: WaitSignal | null): Session {
    const request = readRequest(options)
    if (request.reference.by === 'nothing') assertAsksForNew(argument)
    const opening = this.#openingNow(request)
    const isLate =
      opening === null ||
      signal !== null ||
      options.overwrite === true ||
      this.#mustLook(opening) ||
      this.#mayNotSign(request, opening)
    if (!isLate) return this.#now(request, opening)
    return this.#later(options, () => ({ request, loaded: null }), opening?.identity ?? null, signal)
  }

  /**
   * Whether the core is opened only if it is stored. To find that out, nothing is opened: another `get`, which makes the core, would
   * share what failed to open.
   */
  #mustLook({ identity, creates, options }: CoreOpening): boolean {
    return !creates && options.name == null && !this.#isPooled(identity.discoveryKey)
  }

  /** Whether only the stored manifest says if the key pair that was given signs. */
  #mayNotSign({ keyPair }: CoreRequest, { identity }: CoreOpening): boolean {
    return keyPair !== null && identity.manifest === null && !this.#shared.cores.get(identity.id)?.core.opened
  }

  /** Which core a request means, if that is known without waiting. */
  identifyNow(request: CoreRequest): CoreIdentity | null {
    return this.#openingNow(request)?.identity ?? null
  }

  /** Which core a request means. */
  async identify(request: CoreRequest): Promise<CoreIdentity> {
    return (await this.#openingLater(request)).identity
  }

  /** How to open the core, if that is known without waiting. */
  #openingNow(request: CoreRequest): CoreOpening | null {
    const { reference } = request
    if (reference.by === 'discoveryKey' && !this.#isPooled(reference.discoveryKey)) return null
    if (reference.by !== 'name') return this.#openingOf(request, reference)
    return this.#names && this.#openingOfKnownName(request, reference.name, this.#names)
  }

  /** How to open the core, after whatever look-ups it takes. */
  async #openingLater(request: CoreRequest): Promise<CoreOpening> {
    const names = await this.#ready()
    const { reference } = request
    if (reference.by !== 'name') return this.#openingOf(request, reference)
    const known = this.#openingOfKnownName(request, reference.name, names)
    if (known !== null) return known
    const identity = await names.find(reference.name, request.manifest, this.#settings.manifestVersion)
    return this.#opening(request, identity, names.alias(reference.name), true)
  }

  #openingOf(request: CoreRequest, reference: Exclude<CoreReference, { by: 'name' }>): CoreOpening {
    const { keyPair, manifest } = request
    const identity =
      reference.by === 'key' && keyPair === null && manifest === null
        ? this.#shared.cores.identity(b4a.toString(reference.key, 'hex'))
        : identityOf(reference, request, this.#settings.manifestVersion)
    return this.#opening(request, identity, null, true)
  }

  #openingOfKnownName(request: CoreRequest, name: CoreName, names: CoreNames): CoreOpening | null {
    const key = names.known(name)
    if (key === undefined) return null
    const identity = this.#shared.cores.identity(key)
    checkManifest(identity.discoveryKey, request.manifest)
    if (this.#shared.cores.keptClosed(identity.id) !== null) return null
    return this.#opening(request, identity, null, false)
  }

  #opening(
    { options }: CoreRequest,
    identity: CoreIdentity,
    alias: CoreOpening['alias'],
    mayCreate: boolean,
  ): CoreOpening {
    const { readOnly, active } = this.#settings
    const creates = mayCreate && !readOnly && options.createIfMissing !== false
    return { identity, alias, creates, options: readOnly ? { ...options, group: null } : options, active }
  }

  /** A session that has its core at once. */
  #now(request: CoreRequest, opening: CoreOpening): Session {
    const lease = this.#shared.cores.acquire(opening)
    this.#shared.watchers.tell()
    const options = this.#withCore(this.#hypercoreOptions(request.options), request, opening, lease)
    const session = this.#session(options)
    this.#sessions.hold(session, lease)
    return session
  }

  /** A session that gets its core later, once it is known which and what else was loaded. */
  #later(
    options: GetOptions,
    ask: () => Asked | Promise<Asked>,
    identity: CoreIdentity | null,
    signal: WaitSignal | null,
  ): Session {
    const opening = untilAborted(
      signal,
      () => this.#open(ask()),
      ({ lease }) => lease.release(),
    )
    const preload = opening.then(
      ({ request, loaded, opening, lease }) => {
        this.#sessions.hold(session, lease)
        return this.#withCore(this.#loadedOptions(request, loaded), request, opening, lease)
      },
      (error: unknown) => {
        failSession(session)
        throw error
      },
    )
    const withoutCore = this.#hypercoreOptions(options)
    withoutCore.preload = preload
    const session = this.#session(withoutCore, identity)
    this.pending.add(session)
    const settled = () => this.pending.delete(session)
    session.ready().then(settled, settled)
    return session
  }

  #session(options: HypercoreOptions, identity: CoreIdentity | null = null): Session {
    if (!this.#settings.readOnly && identity === null) return new SessionClass(null, options)
    const session = new (this.#settings.readOnly ? ReadOnlySession : KnownKeySession)(null, options)
    if (identity !== null) session.identify(identity)
    return session
  }

  async #open(asked: Asked | Promise<Asked>): Promise<Asked & Opened> {
    const { request, loaded } = await asked
    const opened = await this.#openRequested(request)
    if (request.options.overwrite === true) await this.#empty(request, opened)
    if (opened.lease.resource.recovery !== null) await this.#recover(request, opened)
    return { request, loaded, ...opened }
  }

  /** A session that cannot write does not wait, nor one that is not active: it looks at what is here, as an audit does. */
  async #recover(request: CoreRequest, { opening, lease }: Opened): Promise<void> {
    const { recovery, core } = lease.resource
    const { writable, active } = request.options
    if (recovery === null || this.#settings.readOnly || writable === false || active === false) return
    const signer = this.#signer(request, opening.identity, lease.resource) ?? storedKeyPair(core)
    if (!signer?.secretKey) return
    try {
      await this.#untilClosed(() => recovery.beforeOpening())
    } catch (error) {
      lease.release()
      throw error
    }
  }

  async #openRequested(request: CoreRequest): Promise<Opened> {
    const { reference } = request
    const names = await this.#ready()
    if (reference.by !== 'name') return this.#openCore(request)
    return names.inTurn(reference.name, () => this.#openNamed(request, reference.name, names))
  }

  async #empty(request: CoreRequest, { opening, lease }: Opened): Promise<void> {
    const { resource } = lease
    const signer = this.#signer(request, opening.identity, resource)
    try {
      await emptyCore(resource.core, signer, request.options.exclusive === true)
    } catch (error) {
      lease.release()
      throw error
    }
  }

  async #openNamed(request: CoreRequest, name: CoreName, names: CoreNames): Promise<Opened> {
    for (;;) {
      const { opening, lease } = await this.#openCore(request)
      try {
        await this.#fileName(request, name, names, opening, lease.resource)
      } catch (error) {
        lease.release()
        throw error
      }
      if (lease.resource.isCurrent) return { opening, lease }
      // It was deleted meanwhile.
      lease.release()
      this.#assertOpen()
    }
  }

  /** Files an open core under its name, unless it is deleted before. */
  async #fileName(
    { manifest }: CoreRequest,
    name: CoreName,
    names: CoreNames,
    { identity, alias }: CoreOpening,
    managed: ManagedCore,
  ): Promise<void> {
    const { keyId, core } = managed
    if (keyId === null || !managed.isCurrent) return
    // Only a name that is stored says the discovery key alone.
    if (identity.key === null) names.remember(name, keyId)
    else if (alias !== null && !this.#settings.readOnly) {
      const filed = await managed.exclusively(() => names.file(name, keyId, core.discoveryKey))
      if (filed === false && manifest !== null) {
        throw badArgument('The core with this manifest has another name: get it by that name, or by its key')
      }
    }
  }

  /** Opens the core. One that is being deleted is a new one when that is done, also for whoever has looked it up before. */
  async #openCore(request: CoreRequest): Promise<Opened> {
    const { cores } = this.#shared
    await this.#ready()
    for (;;) {
      const { opening, lease } = await cores.lookUp((deleted) => this.#lookUp(request, deleted))
      if (lease === null) await cores.keptClosed(opening.identity.id)
      else if (await this.#isOpen(lease)) return { opening, lease }
    }
  }

  /** How to open the core, and a lease on it; none if it is being deleted, or has been since it was looked up. */
  async #lookUp(
    request: CoreRequest,
    deleted: ReadonlySet<string>,
  ): Promise<{ opening: CoreOpening; lease: Lease<ManagedCore> | null }> {
    const { cores } = this.#shared
    const opening = await this.#openingLater(request)
    const { id, discoveryKey } = opening.identity
    if (request.reference.by === 'discoveryKey' || !opening.creates) await this.#assertStored(discoveryKey)
    this.#assertOpen()
    const isDeleted = deleted.has(id) || cores.keptClosed(id) !== null
    return { opening, lease: isDeleted ? null : cores.acquire(opening) }
  }

  /** Waits until a core is open. If it is deleted before, its lease is released, and it is not open. */
  async #isOpen(lease: Lease<ManagedCore>): Promise<boolean> {
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

  async #preloaded(options: GetOptions, preload: NonNullable<GetOptions['preload']>): Promise<Asked> {
    let given: GetOptions | null | undefined
    try {
      given = await this.#untilClosed(async () => (typeof preload === 'function' ? preload() : preload))
    } catch (error) {
      if (error instanceof CorestoreError) throw error
      throw new CorestoreError('PRELOAD_FAILED', `The preload given to get failed: ${messageOf(error)}`, {
        cause: error,
      })
    }
    // Corestore 7 takes no `exclusive` from there, and Autobase opens its views time and again with one that it does not mean.
    const { exclusive, preload: _, signal, ...loaded } = readGetOptions(given)
    this.#checkWrites(loaded)
    const request = readRequest(mergeOptions(options, loaded))
    if (request.reference.by === 'nothing') {
      throw badArgument(
        'preload, or the options beside it, must say which core is meant: by a name, a key, ...',
      )
    }
    return { request, loaded }
  }

  #untilClosed<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waits.add(reject)
      work()
        .then(resolve, reject)
        .finally(() => this.#waits.delete(reject))
    })
  }

  /** Adds what Hypercore needs to make a session of an open core. A spread would take five times as long as all the rest. */
  #withCore(
    options: HypercoreOptions,
    request: CoreRequest,
    { identity }: CoreOpening,
    { resource }: Lease<ManagedCore>,
  ): HypercoreOptions {
    options.core = resource.core
    options.sessions = this.#sessions.reserve(resource)
    options.ongc = this.#sessions.ended
    options.keyPair = this.#signer(request, identity, resource)
    options.manifest = this.#settings.readOnly
      ? null
      : missingManifest(identity, options.keyPair, resource.core)
    return options
  }

  /** Who signs, where it is not the key pair stored with the core. */
  #signer(
    { reference, keyPair }: CoreRequest,
    { manifest }: CoreIdentity,
    { core }: ManagedCore,
  ): KeyPair | null {
    if (reference.by !== 'name') return keyPair && signsCore(keyPair, core, manifest) ? keyPair : null
    if (storedKeyPair(core) !== null) return null
    const derived = this.#names?.keyPair(reference.name) ?? null
    return signs(derived, core.manifest ?? manifest) ? derived : null
  }

  /** The options of `get` that are a session's. */
  #hypercoreOptions(options: GetOptions): HypercoreOptions {
    const session = sessionOptions(options)
    if (this.#settings.readOnly) Object.assign(session, READ_ONLY)
    return session
  }

  /** Throws READ_ONLY for options that write, in a read-only store, and BAD_ARGUMENT where they contradict one another. */
  #checkWrites({ overwrite, userData, writable }: GetOptions): void {
    if (overwrite && writable === false)
      throw badArgument('overwrite: true empties the core: leave out writable: false')
    if (!this.#settings.readOnly) return
    if (overwrite) throw storeReadOnly('overwrite cores')
    if (userData) throw storeReadOnly('keep user data')
  }

  /**
   * The options that Hypercore learns of late. It prefers them to those of sessions that are derived meanwhile, so there are only
   * those that were loaded.
   */
  #loadedOptions({ options }: CoreRequest, loaded: GetOptions | null): HypercoreOptions {
    if (loaded === null) return {}
    const { encryption = null, encryptionKey = null } = options
    const { name, key, discoveryKey, preload, overwrite, keyPair, manifest, ...given } = loaded
    return { ...given, ...(this.#settings.readOnly ? READ_ONLY : {}), encryption, encryptionKey }
  }

  #isPooled(discoveryKey: Uint8Array): boolean {
    return this.#shared.cores.get(coreId(discoveryKey)) !== null
  }

  async #assertStored(discoveryKey: Uint8Array): Promise<void> {
    if (this.#isPooled(discoveryKey) || (await this.#shared.storage.hasCore(discoveryKey))) return
    throw notStored(coreId(discoveryKey))
  }

  #assertOpen(): void {
    if (this.#lifetime.closing !== null) throw storeClosed()
  }
}
