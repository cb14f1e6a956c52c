// The default policy: every core with every peer, as far as `authorize` permits. Streams are kept in peer-streams.ts.

import { ExpectedPeer } from '@coreyard/hypercore-port/replication'
import type { ReplicationStream } from '@coreyard/hypercore-types'
import { CoreyardError } from './coreyard-error.js'
import { badArgument, ReplicatorError } from './errors.js'
import { keyId } from './key-id.js'
import { atLeast, type StreamLimits } from './limits.js'
import type { PeerStream } from './peer-stream.js'
import { PeerStreams } from './peer-streams.js'
import { type Authorize, Permissions } from './permissions.js'
import type {
  CoreSource,
  ReplicableCore,
  ReplicateOptions,
  ReplicationTarget,
  Replicator,
  SharedStream,
  Stored,
  StreamView,
} from './replicator.js'
import { UnknownKeys } from './unknown-keys.js'

/** Options of {@link AllToAllReplicator}. */
export interface AllToAllOptions extends StreamLimits {
  /**
   * Asked each time before a core is replicated over a stream, with the core's discovery key and the peer's public key (32
   * bytes each): before the core is offered, because an offer tells the peer the discovery key; before the peer's own
   * request is looked up; and once more if that waited for capacity. Only `true` permits. A throw or a rejection denies, and is
   * emitted as `warning` by the store and by the encrypted stream. `revoke` takes permissions back. A request that is not decided within half a
   * second is refused for now, and the core is attached when it is permitted. Default: every core, every peer.
   */
  authorize?: Authorize | undefined
  /** Whether cores are offered; `false` only serves what peers ask for. Default: `true`. */
  active?: boolean | undefined
  /**
   * How many discovery keys to remember that the store does not have, so that it is not searched for them again; about 70
   * bytes of memory each. Default: 65536 (4.5 MB when full).
   */
  maxUnknown?: number | undefined
}

const OPTIONS: ReadonlySet<string> = new Set<keyof AllToAllOptions>([
  'authorize',
  'active',
  'maxUnknown',
  'handshakeTimeout',
  'maxStreams',
  'maxAsks',
  'maxAttached',
  'maxLookups',
])

/**
 * Replicates every core with every peer: offers each stream the cores that are open and downloading, serves any core that
 * is stored when a peer asks for it, and offers cores that open later. A core that nobody here downloads is served but
 * never announced. Keys are not exchanged: a peer must have a core's key to read it.
 */
export class AllToAllReplicator implements Replicator {
  readonly #permissions: Permissions
  readonly #active: boolean
  readonly #unknown: UnknownKeys
  readonly #streams: PeerStreams
  /** Those whose handshake is not done. */
  readonly #expected = new Map<PeerStream, ExpectedPeer>()
  #source: CoreSource | null = null
  // How often a core has come to be stored. A look-up during which one did may have been too early for it.
  #arrivals = 0

  /** @throws ReplicatorError `BAD_ARGUMENT` for an option that has no meaning */
  constructor(options: AllToAllOptions = {}) {
    if (typeof options !== 'object' || options === null) throw badArgument('options', 'an object', options)
    const typo = CoreyardError.misspelled(options, OPTIONS)
    if (typo !== null) throw new ReplicatorError('BAD_ARGUMENT', typo)
    const { authorize, active = true, maxUnknown = 65536 } = options
    if (authorize !== undefined && typeof authorize !== 'function') {
      throw badArgument('authorize', 'a function', authorize)
    }
    if (typeof active !== 'boolean') throw badArgument('active', 'true or false', active)
    this.#permissions = new Permissions(authorize ? this.#telling(authorize) : null)
    this.#active = active
    this.#unknown = new UnknownKeys(atLeast(0, 'maxUnknown', maxUnknown))
    this.#streams = new PeerStreams(
      {
        onconnect: (peer) => this.#expect(peer),
        onstream: (peer) => {
          this.#offerAll(peer)
          this.#endExpecting(peer)
        },
        onend: (peer) => this.#endExpecting(peer),
        onask: (peer, discoveryKey) => this.#answer(peer, discoveryKey),
        // Where every peer may have every core, Hypercore may open channels by itself.
        ...(authorize && { ondetach: (peer, core) => this.#offerTo(peer, core) }),
      },
      options,
    )
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
    refuseOwnOptions(options)
    return this.#streams.open(target, options)
  }

  offer(core: ReplicableCore): void {
    this.stored(core.discoveryKey)
    for (const peer of this.#streams) this.#offerTo(peer, core)
    if (this.#isOffered(core)) for (const expected of this.#expected.values()) expected.add(core)
  }

  stored(discoveryKey: Uint8Array): void {
    this.#arrivals++
    this.#unknown.delete(discoveryKey)
  }

  /**
   * Takes permissions back: detaches what is attached, and asks `authorize` again before anything of it is replicated. What is still
   * permitted goes on.
   *
   * @param discoveryKey 32 bytes; `undefined` for every core
   * @param remotePublicKey 32 bytes; `undefined` for every peer
   * @throws ReplicatorError `BAD_ARGUMENT` for what is no key
   */
  revoke(discoveryKey?: Uint8Array, remotePublicKey?: Uint8Array): void {
    checkKey('discoveryKey', discoveryKey)
    checkKey('remotePublicKey', remotePublicKey)
    this.#permissions.revoke()
    const revoked = remotePublicKey === undefined ? null : keyId(remotePublicKey)
    for (const peer of [...this.#streams]) {
      const { publicKey } = peer
      if (revoked !== null && (publicKey === null || keyId(publicKey) !== revoked)) continue
      for (const core of peer.detach(discoveryKey)) this.#offerTo(peer, core)
    }
  }

  streams(): Iterable<StreamView> {
    return this.#streams.all()
  }

  close(): Promise<void> {
    return this.#streams.close()
  }

  /** The same, which tells the store of what it throws. Its stream is told by `PeerStream.warn`. */
  #telling(authorize: Authorize): Authorize {
    const tell = (error: unknown) => this.#source?.warn?.(error)
    return (discoveryKey, remotePublicKey) => {
      try {
        const decision = authorize(discoveryKey, remotePublicKey)
        if (decision instanceof Promise) decision.catch(tell)
        return decision
      } catch (error) {
        tell(error)
        throw error
      }
    }
  }

  #started(): CoreSource {
    if (this.#source !== null) return this.#source
    throw new ReplicatorError(
      'REPLICATOR_NOT_STARTED',
      'The replicator has no store: give it to one first, new Corestore(storage, { replicator })',
    )
  }

  #offerAll(peer: PeerStream): void {
    for (const core of this.#started().openCores()) this.#offerTo(peer, core)
  }

  #offerTo(peer: PeerStream, core: ReplicableCore): void {
    if (this.#isOffered(core)) this.#share(peer, core)
  }

  #isOffered(core: ReplicableCore): boolean {
    return this.#active && core.replicator.downloading
  }

  /** Has updates of the cores that are offered wait for a peer. Where it is asked for, it may be permitted none of them. */
  #expect(peer: PeerStream): void {
    if (!this.#permissions.isOpen) return
    const expected = new ExpectedPeer()
    this.#expected.set(peer, expected)
    for (const core of this.#started().openCores()) if (this.#isOffered(core)) expected.add(core)
  }

  #endExpecting(peer: PeerStream): void {
    this.#expected.get(peer)?.end()
    this.#expected.delete(peer)
  }

  /** Attaches a core, if that is permitted. */
  #share(peer: PeerStream, core: ReplicableCore): void {
    if (this.#permissions.isOpen) {
      peer.attach(core)
      return
    }
    this.#permissions.ask(peer, core.discoveryKey).then(
      (permitted) => (permitted ? peer.attach(core) : peer.explain(core.discoveryKey, 'authorize')),
      (error) => peer.warn(error),
    )
  }

  /** Attaches a core that a peer has waited for. If it has closed again meanwhile, the peer waits once more. */
  async #serveLate(peer: PeerStream, core: ReplicableCore): Promise<void> {
    if (this.#permissions.isOpen) {
      peer.attach(core)
      return
    }
    try {
      if (!(await this.#permissions.ask(peer, core.discoveryKey))) {
        peer.explain(core.discoveryKey, 'authorize')
        return
      }
      if (peer.attach(core)) return
      if (core.replicator.destroyed) await settledOf(this.#serve(peer, core.discoveryKey))
    } catch (error) {
      peer.warn(error)
    }
  }

  // Permission comes first, so that the time it takes to refuse does not tell whether the core is stored.
  async #answer(peer: PeerStream, discoveryKey: Uint8Array): Promise<Stored> {
    if (this.#permissions.isOpen) return this.#serve(peer, discoveryKey)
    const asking = this.#permissions.ask(peer, discoveryKey)
    const permitted = await this.#permissions.soon(asking)
    if (permitted === null) peer.explain(discoveryKey, 'deciding')
    if (permitted === false) peer.explain(discoveryKey, 'authorize')
    if (permitted !== null) return permitted && this.#serve(peer, discoveryKey)
    return { settled: asking.then((late) => this.#decidedLate(peer, discoveryKey, late)) }
  }

  async #decidedLate(peer: PeerStream, discoveryKey: Uint8Array, permitted: boolean): Promise<void> {
    if (permitted) await settledOf(this.#serve(peer, discoveryKey))
    else peer.explain(discoveryKey, 'authorize')
  }

  async #serve(peer: PeerStream, discoveryKey: Uint8Array): Promise<Stored> {
    if (peer.closed || this.#unknown.has(discoveryKey)) {
      peer.explain(discoveryKey, 'not-stored')
      return false
    }

    const { revocations } = this.#permissions
    const arrivals = this.#arrivals
    let attached = false
    let waits = false
    const stored = await this.#started().withStored(
      discoveryKey,
      (core) => {
        // Permission was given a while ago, or is taken back.
        if (waits || revocations !== this.#permissions.revocations) return this.#serveLate(peer, core)
        attached = peer.attach(core)
        return undefined
      },
      peer,
    )
    waits = true
    if (stored === false) {
      peer.explain(discoveryKey, 'not-stored')
      // For a peer that has gone, a store opens nothing, be the core stored or not.
      if (arrivals === this.#arrivals && !peer.closed) this.#unknown.add(discoveryKey)
    } else if (stored !== true && !attached) peer.explain(discoveryKey, 'capacity')
    return stored === true ? attached : stored
  }
}

async function settledOf(serving: Promise<Stored>): Promise<void> {
  const stored = await serving
  if (typeof stored === 'object') await stored.settled
}

/** Throws for options of the replicator where those of a stream are taken: what they are to keep from peers would be shared. */
function refuseOwnOptions(options: object | undefined): void {
  if (typeof options !== 'object' || options === null || 'pipe' in options || 'isProtomux' in options) return
  for (const name of OPTIONS) {
    if (name in options && Reflect.get(options, name) !== undefined) throw misplaced(name)
  }
}

function misplaced(name: string): ReplicatorError {
  const own = name === 'active' ? 'active: false' : name
  return new ReplicatorError(
    'BAD_ARGUMENT',
    `${name} holds for all streams of a store: new Corestore(storage, { replicator: { ${own} } })`,
  )
}

function checkKey(name: string, key: unknown): void {
  if (key === undefined || (key instanceof Uint8Array && key.byteLength === 32)) return
  throw badArgument(name, '32 bytes or undefined', key)
}
