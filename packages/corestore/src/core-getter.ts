// `store.get`: from a request to a Hypercore session. At once where the core's key is known, later for a name or a
// discovery key that has to be looked up and for options that are still to come.

import type { HypercoreOptions, Hypercore as HypercoreSession, KeyPair } from '@coreyard/hypercore-types'
import type { Lease } from '@coreyard/sessions'
import Hypercore from 'hypercore'
import { type CoreIdentity, identityOf, identityOfKey } from './core-identity.js'
import type { CoreNames } from './core-names.js'
import { CorestoreError, notStored, storeClosed } from './errors.js'
import {
  type CoreName,
  type CoreReference,
  type CoreRequest,
  type GetOptions,
  readRequest,
} from './get-options.js'
import { type CoreOpening, coreId, type OpenCore } from './open-cores.js'
import type { SessionTracker } from './session-tracker.js'
import type { SharedStore } from './shared-store.js'
import type { SessionSettings } from './store-options.js'

type Session = HypercoreSession<unknown>

/** What Hypercore needs to make a session of an open core. */
type SessionOfCore = Pick<HypercoreOptions, 'core' | 'sessions' | 'ongc' | 'keyPair' | 'manifest'>

/** Makes the sessions of one store. */
export class CoreGetter {
  readonly #shared: SharedStore
  readonly #settings: SessionSettings
  readonly #sessions: SessionTracker
  readonly #ready: () => Promise<CoreNames>
  /** How to end the waits for somebody else's promise when the store closes. */
  readonly #waits = new Set<(error: Error) => void>()
  /** Sessions that have no core yet. */
  readonly pending = new Set<Session>()
  /** Sessions that are to be exclusive: Hypercore says so of a session only when it begins to wait for its turn. */
  readonly exclusive = new WeakSet<Session>()
  #names: CoreNames | null = null
  #closed = false

  /** @param ready settles when the store is open, with its names */
  constructor(
    shared: SharedStore,
    settings: SessionSettings,
    sessions: SessionTracker,
    ready: () => Promise<CoreNames>,
  ) {
    this.#shared = shared
    this.#settings = settings
    this.#sessions = sessions
    this.#ready = ready
  }

  /** The store is open: names can be looked up at once. */
  opened(names: CoreNames): void {
    this.#names = names
  }

  /** The store closes: sessions that are still waiting for their options fail. */
  close(): void {
    this.#closed = true
    for (const end of this.#waits) end(storeClosed())
  }

  /** A session of the core that these options mean. Throws BAD_ARGUMENT. */
  get(options: GetOptions): Session {
    const session = this.#get(options)
    if (options.exclusive) this.exclusive.add(session)
    return session
  }

  #get(options: GetOptions): Session {
    const { preload = null } = options
    if (preload !== null) return this.#later(options, () => this.#preloaded(options, preload))
    const request = readRequest(options)
    const opening = this.#openingNow(request)
    return opening === null ? this.#later(options, async () => request) : this.#now(request, opening)
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
    if (reference.by === 'discoveryKey' && !this.#isOpen(reference.discoveryKey)) return null
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
    const identity = await names.find(reference.name, this.#settings.manifestVersion)
    return this.#opening(request, { identity, alias: names.alias(reference.name), createIfMissing: true })
  }

  #openingOf(request: CoreRequest, reference: Exclude<CoreReference, { by: 'name' }>): CoreOpening {
    const { keyPair, manifest } = request
    const identity = identityOf(reference, keyPair, manifest, this.#settings.manifestVersion)
    return this.#opening(request, { identity, alias: null, createIfMissing: true })
  }

  #openingOfKnownName(request: CoreRequest, name: CoreName, names: CoreNames): CoreOpening | null {
    const key = names.known(name)
    if (key === undefined) return null
    const identity = identityOfKey(key)
    if (this.#lock(identity) !== null) return null
    return this.#opening(request, {
      identity,
      alias: names.alias(name),
      createIfMissing: false,
    })
  }

  #opening(
    request: CoreRequest,
    which: Pick<CoreOpening, 'identity' | 'alias' | 'createIfMissing'>,
  ): CoreOpening {
    const { readOnly, active } = this.#settings
    return {
      ...which,
      createIfMissing: which.createIfMissing && !readOnly,
      requested: { ...this.#settings.defaults, ...request.options },
      active,
    }
  }

  /** A session that has its core at once. */
  #now(request: CoreRequest, opening: CoreOpening): Session {
    const lease = this.#shared.cores.acquire(opening)
    const session: Session = new Hypercore(null, {
      ...this.#hypercoreOptions(request.options),
      ...this.#sessionOf(lease, this.#signer(request, lease.resource), opening),
    })
    this.#sessions.hold(session, lease)
    return session
  }

  /** A session that gets its core later. */
  #later(options: GetOptions, resolve: () => Promise<CoreRequest>): Session {
    const preload = this.#open(resolve).then(
      ({ request, opening, lease }) => {
        this.#sessions.hold(session, lease)
        return {
          ...this.#hypercoreOptions(request.options),
          ...this.#sessionOf(lease, this.#signer(request, lease.resource), opening),
        }
      },
      (error: unknown) => {
        // As Hypercore leaves a session whose core fails to open, so that closing it is no error.
        Object.assign(session, { closed: true })
        session.emit('close')
        throw error
      },
    )
    const session: Session = new Hypercore(null, { ...this.#hypercoreOptions(options), preload })
    this.pending.add(session)
    const settled = () => this.pending.delete(session)
    session.ready().then(settled, settled)
    return session
  }

  async #open(
    resolve: () => Promise<CoreRequest>,
  ): Promise<{ request: CoreRequest; opening: CoreOpening; lease: Lease<OpenCore> }> {
    const request = await resolve()
    const { reference } = request
    const names = await this.#ready()
    if (reference.by !== 'name') return { request, ...(await this.#openCore(request)) }
    const { opening, lease } = await names.inTurn(reference.name, () =>
      this.#openNamed(request, reference.name, names),
    )
    return { request, opening, lease }
  }

  async #openNamed(
    request: CoreRequest,
    name: CoreName,
    names: CoreNames,
  ): Promise<{ opening: CoreOpening; lease: Lease<OpenCore> }> {
    const { opening, lease } = await this.#openCore(request)
    try {
      const { key, discoveryKey } = lease.resource.core
      // Only a name that is stored says the discovery key alone.
      if (key && opening.identity.key === null) names.remember(name, key)
      else if (key && !this.#settings.readOnly) await names.file(name, key, discoveryKey)
      return { opening, lease }
    } catch (error) {
      lease.release()
      throw error
    }
  }

  async #openCore(request: CoreRequest): Promise<{ opening: CoreOpening; lease: Lease<OpenCore> }> {
    let opening = await this.#openingLater(request)
    if (request.reference.by === 'discoveryKey' || this.#settings.readOnly) {
      await this.#assertStored(opening.identity.discoveryKey)
    }
    // A core that is being deleted is a new one when that is done, also for whom its name or key is known.
    for (let lock = this.#lock(opening.identity); lock !== null; lock = this.#lock(opening.identity)) {
      await lock
      opening = await this.#openingLater(request)
    }
    this.#assertOpen()
    const lease = this.#shared.cores.acquire(opening)
    try {
      await lease.ready()
      this.#assertOpen()
      return { opening, lease }
    } catch (error) {
      lease.release()
      throw error
    }
  }

  async #preloaded(options: GetOptions, preload: NonNullable<GetOptions['preload']>): Promise<CoreRequest> {
    let loaded: GetOptions
    try {
      loaded = await this.#untilClosed(async () => (typeof preload === 'function' ? preload() : preload))
    } catch (error) {
      if (error instanceof CorestoreError) throw error
      const reason = error instanceof Error ? error.message : String(error)
      throw new CorestoreError('PRELOAD_FAILED', `The preload given to get failed: ${reason}`, {
        cause: error,
      })
    }
    // Corestore 7 takes no `exclusive` from there, and Autobase opens its views time and again with one that it does not mean.
    const { exclusive } = options
    return readRequest({ ...options, ...loaded, exclusive, preload: null })
  }

  #untilClosed<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waits.add(reject)
      work()
        .then(resolve, reject)
        .finally(() => this.#waits.delete(reject))
    })
  }

  #sessionOf(lease: Lease<OpenCore>, keyPair: KeyPair | null, { identity }: CoreOpening): SessionOfCore {
    const { sessions, ongc } = this.#sessions.reserve(lease.id)
    // A core that was opened by its key alone may lack its manifest, and nobody can write it then.
    const manifest = this.#settings.readOnly ? null : identity.manifest
    return { core: lease.resource.core, sessions, ongc, keyPair, manifest }
  }

  /** Who signs, where it is not the key pair stored with the core. */
  #signer(request: CoreRequest, { core }: OpenCore): KeyPair | null {
    const { reference, keyPair } = request
    if (reference.by !== 'name' || core.header?.keyPair) return keyPair
    return this.#nameKeyPair(reference.name)
  }

  #nameKeyPair(name: CoreName): KeyPair | null {
    return this.#names?.keyPair(name) ?? null
  }

  /** The options of `get` that are a session's. */
  #hypercoreOptions(options: GetOptions): HypercoreOptions {
    const { name, key, discoveryKey, preload, ...session } = { ...this.#settings.defaults, ...options }
    return this.#settings.readOnly ? { ...session, writable: false } : session
  }

  /** What the core's opening has to wait for. */
  #lock({ discoveryKey }: CoreIdentity): Promise<unknown> | null {
    return this.#shared.cores.lock(coreId(discoveryKey))
  }

  #isOpen(discoveryKey: Uint8Array): boolean {
    return this.#shared.cores.get(coreId(discoveryKey)) !== null
  }

  async #assertStored(discoveryKey: Uint8Array): Promise<void> {
    if (this.#isOpen(discoveryKey) || (await this.#shared.storage.hasCore(discoveryKey))) return
    throw notStored(coreId(discoveryKey))
  }

  #assertOpen(): void {
    if (this.#closed) throw storeClosed()
  }
}
