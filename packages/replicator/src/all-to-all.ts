// The default policy: every core with every peer, as far as `authorize` permits. Streams are kept in peer-streams.ts.

import type { ReplicationStream } from '@coreyard/hypercore-types'
import { CoreyardError } from './coreyard-error.js'
import { badArgument, ReplicatorError } from './errors.js'
import type { PeerStream } from './peer-stream.js'
import { PeerStreams } from './peer-streams.js'
import type {
  CoreSource,
  ReplicableCore,
  ReplicateOptions,
  ReplicationTarget,
  Replicator,
  SharedStream,
  Stored,
} from './replicator.js'
import { Turns } from './turns.js'
import { UnknownKeys } from './unknown-keys.js'

/** Whether a core may be replicated with a peer. */
export type Authorize = (discoveryKey: Uint8Array, remotePublicKey: Uint8Array) => boolean | Promise<boolean>

/** Options of {@link AllToAllReplicator}. */
export interface AllToAllOptions {
  /**
   * Asked each time before a core is replicated over a stream, with the core's discovery key and the peer's public key (32
   * bytes each): before the core is offered, because an offer tells the peer the discovery key, and before the peer's own
   * request is looked up. Only `true` permits. A throw or a rejection denies, and is emitted as `warning` by the encrypted
   * stream. Taking the permission back later does not end what has begun. While it decides on a request, messages to that
   * peer may be held back, because Protomux answers together what was asked together. Default: every core, every peer.
   */
  authorize?: Authorize | undefined
  /** Whether cores are offered; `false` only serves what peers ask for. Default: `true`. */
  active?: boolean | undefined
  /**
   * How many discovery keys to remember that the store does not have, so that it is not searched for them again; about 70
   * bytes of memory each. Default: 65536 (4.5 MB when full).
   */
  maxUnknown?: number | undefined
  /** How many requests of one stream are looked up at a time; the others wait their turn. Default: 64. */
  maxLookups?: number | undefined
}

const OPTIONS: ReadonlySet<string> = new Set<keyof AllToAllOptions>([
  'authorize',
  'active',
  'maxUnknown',
  'maxLookups',
])

/**
 * Replicates every core with every peer: offers each stream the cores that are open and downloading, serves any core that
 * is stored when a peer asks for it, and offers cores that open later. A core that nobody here downloads is served but
 * never announced. Keys are not exchanged: a peer must have a core's key to read it.
 */
export class AllToAllReplicator implements Replicator {
  readonly #authorize: Authorize | undefined
  readonly #active: boolean
  readonly #maxLookups: number
  readonly #unknown: UnknownKeys
  readonly #turns = new WeakMap<PeerStream, Turns>()
  readonly #streams = new PeerStreams({
    onstream: (peer) => this.#offerAll(peer),
    onask: (peer, discoveryKey) => this.#answerInTurn(peer, discoveryKey),
  })
  #source: CoreSource | null = null
  // How often a core has come to be stored. A look-up during which one did may have been too early for it.
  #arrivals = 0

  /** @throws ReplicatorError `BAD_ARGUMENT` for an option that has no meaning */
  constructor(options: AllToAllOptions = {}) {
    if (typeof options !== 'object' || options === null) throw badArgument('options', 'an object', options)
    const typo = CoreyardError.misspelled(options, OPTIONS)
    if (typo !== null) throw new ReplicatorError('BAD_ARGUMENT', typo)
    const { authorize, active = true, maxUnknown = 65536, maxLookups = 64 } = options
    if (authorize !== undefined && typeof authorize !== 'function') {
      throw badArgument('authorize', 'a function', authorize)
    }
    this.#authorize = authorize
    this.#active = active
    this.#maxLookups = atLeast(1, 'maxLookups', maxLookups)
    this.#unknown = new UnknownKeys(atLeast(0, 'maxUnknown', maxUnknown))
  }

  start(source: CoreSource): void {
    if (this.#source !== null) {
      throw new ReplicatorError(
        'REPLICATOR_IN_USE',
        'Another store has this replicator: make one for each store',
      )
    }
    this.#source = source
  }

  /** @throws ReplicatorError also `REPLICATOR_NOT_STARTED`, without a store */
  replicate(target: ReplicationTarget, options?: ReplicateOptions | SharedStream): ReplicationStream {
    this.#started()
    return this.#streams.open(target, options)
  }

  offer(core: ReplicableCore): void {
    this.stored(core.discoveryKey)
    const offered = this.#isOffered(core)
    for (const peer of this.#streams) if (offered || peer.awaits(core)) this.#share(peer, core)
  }

  waiting(discoveryKey: Uint8Array): ((core: ReplicableCore) => void) | null {
    for (const peer of this.#streams) {
      if (peer.awaits({ discoveryKey })) return (core) => this.#attachWaiting(core)
    }
    return null
  }

  stored(discoveryKey: Uint8Array): void {
    this.#arrivals++
    this.#unknown.delete(discoveryKey)
  }

  close(): Promise<void> {
    return this.#streams.close()
  }

  #started(): CoreSource {
    if (this.#source !== null) return this.#source
    throw new ReplicatorError(
      'REPLICATOR_NOT_STARTED',
      'The replicator has no store: give it to one first, new Corestore(storage, { replicator })',
    )
  }

  #isOffered(core: ReplicableCore): boolean {
    return this.#active && core.replicator.downloading
  }

  #offerAll(peer: PeerStream): void {
    for (const core of this.#started().openCores()) {
      if (this.#isOffered(core)) this.#share(peer, core)
    }
  }

  /** Those that wait were permitted to have it when they asked. */
  #attachWaiting(core: ReplicableCore): void {
    for (const peer of this.#streams) if (peer.awaits(core)) peer.attach(core)
  }

  #share(peer: PeerStream, core: ReplicableCore): void {
    if (this.#authorize === undefined) {
      peer.attach(core)
      return
    }
    this.#permits(peer, core.discoveryKey).then(
      (permitted) => permitted && peer.attach(core),
      (error) => peer.warn(error),
    )
  }

  #answerInTurn(peer: PeerStream, discoveryKey: Uint8Array): Promise<Stored> {
    let turns = this.#turns.get(peer)
    if (turns === undefined) {
      turns = new Turns(this.#maxLookups)
      this.#turns.set(peer, turns)
    }
    return turns.run(() => this.#answer(peer, discoveryKey))
  }

  // Permission comes first, so that the time it takes to refuse does not tell whether the core is stored.
  async #answer(peer: PeerStream, discoveryKey: Uint8Array): Promise<Stored> {
    if (peer.closed || !(await this.#permits(peer, discoveryKey))) return false
    if (this.#unknown.has(discoveryKey)) return false

    const arrivals = this.#arrivals
    let attached = false
    const stored = await this.#started().withStored(discoveryKey, (core) => {
      attached = peer.attach(core)
    })
    if (!stored && arrivals === this.#arrivals) this.#unknown.add(discoveryKey)
    return stored === 'later' ? stored : attached
  }

  async #permits(peer: PeerStream, discoveryKey: Uint8Array): Promise<boolean> {
    if (this.#authorize === undefined) return true
    const remotePublicKey = await peer.remotePublicKey()
    return remotePublicKey !== null && (await this.#authorize(discoveryKey, remotePublicKey)) === true
  }
}

function atLeast(least: number, option: string, value: number): number {
  if (Number.isInteger(value) && value >= least) return value
  throw badArgument(option, `an integer from ${least}`, value)
}
