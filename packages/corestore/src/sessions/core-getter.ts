// `store.get`: from its argument to a Hypercore session. The session has its core immediately if it is known which one is meant; otherwise
// later, after `preload` or after core-opener.ts has looked up or opened the core.

import {
  failSession,
  KnownKeySession,
  SessionClass,
  sessionOptions,
  storedKeyPair,
} from '@coreyard/hypercore-port'
import type { HypercoreOptions, Hypercore as HypercoreSession, KeyPair } from '@coreyard/hypercore-types'
import type { Lease } from '@coreyard/sessions'
import type { CoreOpening } from '../cores/core-opening.js'
import type { ManagedCore } from '../cores/managed-core.js'
import { ReadOnlySession } from '../cores/read-only-session.js'
import { badArgument, CorestoreError, messageOf, storeReadOnly } from '../errors/errors.js'
import type { Lifetime } from '../lifetime/lifetime.js'
import { type CoreIdentity, missingManifest, signs, signsCore } from '../lookup/core-identity.js'
import { assertAsksForNew, type CoreRequest, readRequest } from '../lookup/core-request.js'
import { type CoreKey, type GetOptions, mergeOptions, readGetOptions } from '../options/get-options.js'
import { untilAborted, type WaitSignal } from '../options/signal.js'
import type { SessionSettings } from '../options/store-options.js'
import { type CoreOpener, orRelease } from './core-opener.js'
import { emptyCore } from './emptied-core.js'
import type { SessionTracker } from './session-tracker.js'

type Session = HypercoreSession<unknown>

/** The options that Hypercore gets for a session of a read-only store: without the defaults that would write. */
const READ_ONLY = { writable: false, group: null, userData: null, manifest: null } as const

/** Makes the sessions of one store. */
export class CoreGetter {
  readonly #opener: CoreOpener
  readonly #settings: SessionSettings
  readonly #sessions: SessionTracker
  readonly #lifetime: Lifetime

  /** @param lifetime that of the store */
  constructor(opener: CoreOpener, settings: SessionSettings, sessions: SessionTracker, lifetime: Lifetime) {
    this.#opener = opener
    this.#settings = settings
    this.#sessions = sessions
    this.#lifetime = lifetime
  }

  /** Returns a session of the core that the argument of `get` selects. Throws BAD_ARGUMENT. */
  get(argument: CoreKey | GetOptions | null | undefined): Session {
    const given = readGetOptions(argument)
    const { signal = null } = given
    if (signal !== null) delete given.signal // it is not an option of Hypercore, and listeners of `feed` do not get it
    this.#checkWrites(given)
    const options = mergeOptions<GetOptions>(this.#settings.defaults, given)
    const { preload } = options
    // Nothing else waits for a promise of a call that is aborted already.
    if (signal?.aborted && typeof preload === 'object') Promise.resolve(preload).catch(() => {})
    const session = preload
      ? this.#later(options, () => this.#preloaded(options, preload), null, signal)
      : this.#requested(options, argument, signal)
    if (options.exclusive) this.#sessions.willBeExclusive(session)
    return session
  }

  /** @param argument of `get`, from which the options were read */
  #requested(options: GetOptions, argument: unknown, signal: WaitSignal | null): Session {
    const request = readRequest(options)
    if (request.by === 'nothing') assertAsksForNew(argument)
    const opening = this.#opener.known(request)
    const isLate =
      opening === null ||
      signal !== null ||
      options.overwrite === true ||
      this.#opener.mustWait(request, opening)
    if (!isLate) return this.#now(request, opening)
    return this.#later(options, () => request, opening?.identity ?? this.#opener.likely(request), signal)
  }

  /** Makes a session that has its core immediately. */
  #now(request: CoreRequest, opening: CoreOpening): Session {
    const lease = this.#opener.lease(opening)
    const options = this.#withCore(this.#withoutCore(request.options), request, opening.identity, lease)
    const session = this.#session(options)
    this.#sessions.hold(session, lease)
    return session
  }

  /** Makes a session that gets its core later, once the core and the other options are known. */
  #later(
    options: GetOptions,
    ask: () => CoreRequest | Promise<CoreRequest>,
    identity: CoreIdentity | null,
    signal: WaitSignal | null,
  ): Session {
    const opening = untilAborted(
      signal,
      () => this.#open(ask()),
      ({ lease }) => lease.release(),
    )
    const preload = opening.then(
      ({ request, identity, lease }) => {
        this.#sessions.hold(session, lease)
        return this.#withCore(this.#loadedOptions(request), request, identity, lease)
      },
      (error: unknown) => {
        failSession(session)
        throw error
      },
    )
    const withoutCore = this.#withoutCore(options)
    withoutCore.preload = preload
    const session = this.#session(withoutCore, identity)
    this.#sessions.opening(session)
    return session
  }

  #session(options: HypercoreOptions, identity: CoreIdentity | null = null): Session {
    if (!this.#settings.readOnly && identity === null) return new SessionClass(null, options)
    const session = new (this.#settings.readOnly ? ReadOnlySession : KnownKeySession)(null, options)
    if (identity !== null) session.identify(identity)
    return session
  }

  async #open(
    asked: CoreRequest | Promise<CoreRequest>,
  ): Promise<{ request: CoreRequest; identity: CoreIdentity; lease: Lease<ManagedCore> }> {
    const request = await asked
    const [{ identity }, lease] = await this.#opener.open(request)
    if (request.options.overwrite === true) await this.#empty(request, identity, lease)
    if (lease.resource.recovery !== null) await this.#recover(request, identity, lease)
    return { request, identity, lease }
  }

  #empty(request: CoreRequest, identity: CoreIdentity, lease: Lease<ManagedCore>): Promise<void> {
    const { core } = lease.resource
    const signer = this.#signer(request, identity, lease.resource)
    return orRelease(lease, () => emptyCore(core, signer, request.options.exclusive === true))
  }

  /** A session that cannot write does not wait. Neither does one that is not active: it reads what is stored, as an audit does. */
  async #recover(request: CoreRequest, identity: CoreIdentity, lease: Lease<ManagedCore>): Promise<void> {
    const { recovery, core } = lease.resource
    const { writable, active } = request.options
    if (recovery === null || this.#settings.readOnly || writable === false || active === false) return
    const signer = this.#signer(request, identity, lease.resource) ?? storedKeyPair(core)
    if (!signer?.secretKey) return
    await orRelease(lease, () => this.#lifetime.untilClosing(() => recovery.beforeOpening()))
  }

  async #preloaded(options: GetOptions, preload: NonNullable<GetOptions['preload']>): Promise<CoreRequest> {
    let given: GetOptions | null | undefined
    try {
      given = await this.#lifetime.untilClosing(async () =>
        typeof preload === 'function' ? preload() : preload,
      )
    } catch (error) {
      if (error instanceof CorestoreError) throw error
      throw new CorestoreError('PRELOAD_FAILED', `The preload given to get failed: ${messageOf(error)}`, {
        cause: error,
      })
    }
    // Corestore 7 ignores `exclusive` there, and Autobase repeatedly opens its views with one that it does not mean.
    const { exclusive, preload: _, signal, ...loaded } = readGetOptions(given)
    this.#checkWrites(loaded)
    const request = readRequest(mergeOptions(options, loaded), loaded)
    if (request.by === 'nothing') {
      throw badArgument(
        'preload, or the options beside it, must say which core is meant: by a name, a key, ...',
      )
    }
    return request
  }

  /** Adds the options with which Hypercore makes a session of an open core. A spread would take five times as long as the rest. */
  #withCore(
    options: HypercoreOptions,
    request: CoreRequest,
    identity: CoreIdentity,
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

  /** The key pair that signs, if it is not the one that is stored with the core. */
  #signer(request: CoreRequest, { manifest }: CoreIdentity, { core }: ManagedCore): KeyPair | null {
    const { keyPair } = request
    if (request.by !== 'name') return keyPair && signsCore(keyPair, core, manifest) ? keyPair : null
    if (storedKeyPair(core) !== null) return null
    const derived = this.#opener.names?.keyPair(request.name) ?? null
    return signs(derived, core.manifest ?? manifest) ? derived : null
  }

  /** The options of `get` that concern the session. */
  #withoutCore(options: GetOptions): HypercoreOptions {
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
   * The options that Hypercore gets late. It prefers them to those of sessions that are derived in the meantime, so these are only the
   * options that were loaded.
   */
  #loadedOptions({ options, loaded }: CoreRequest): HypercoreOptions {
    if (loaded === null) return {}
    const { encryption = null, encryptionKey = null } = options
    const { name, key, discoveryKey, preload, overwrite, keyPair, manifest, ...given } = loaded
    return { ...given, ...(this.#settings.readOnly ? READ_ONLY : {}), encryption, encryptionKey }
  }
}
