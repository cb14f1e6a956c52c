// The default policy: every core with every peer, as far as `authorize` permits. Streams are kept in peer-streams.ts.

import { ExpectedPeer } from '@coreyard/hypercore-port/replication'
import type { ReplicationStream } from '@coreyard/hypercore-types'
import { CoreyardError } from './coreyard-error.js'
import { badArgument, ReplicatorError } from './errors.js'
import { keyId } from './key-id.js'
import { atLeast, type StreamLimits } from './limits.js'
import { OF_REPLICATOR } from './option-names.js'
import type { PeerStream } from './peer-stream.js'
import { PeerStreams } from './peer-streams.js'
import { type Authorize, Permissions, type Permit } from './permissions.js'
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
   * Decides whether a core may be replicated with a peer, given the discovery key of the core and the public key of the peer (32 bytes
   * each). It is called before a core is offered, because an offer contains the discovery key; before a request of the peer is looked up;
   * and again if the request had to wait for capacity. `revoke` withdraws permissions. Default: every core, every peer.
   *
   * Only `true` permits. If it throws or rejects, the core is refused, and the error is emitted as `warning` by the store and by the
   * encrypted stream. If a decision takes longer than 250 to 500 milliseconds, the request is refused for now, and the core is attached
   * once it is permitted.
   */
  authorize?: Authorize | undefined
  /** `false`: cores are not offered, only served to peers that request them. Default: `true`. */
  active?: boolean | undefined
  /**
   * How many discovery keys of cores that the store does not have are remembered, so that a second request needs no look-up. Each takes
   * 32 bytes of memory. Default: 65536 (2 MB when full). More than 2^20 are not remembered.
   */
  maxUnknown?: number | undefined
}

/**
 * Replicates every core with every peer. It offers the cores that are open and downloading to each stream, also those that open later, and
 * serves any stored core that a peer requests. A core that no session here downloads is served but never announced. Keys are not
 * exchanged: a peer must have a core's key to read it.
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

  /** @throws ReplicatorError `BAD_ARGUMENT` for an invalid option */
  constructor(options: AllToAllOptions = {}) {
    if (typeof options !== 'object' || options === null) throw badArgument('options', 'an object', options)
    const typo = CoreyardError.misspelled(options, OF_REPLICATOR)
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

  /** @throws ReplicatorError those of `Replicator.replicate`, and `REPLICATOR_NOT_STARTED` if no store has been given */
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
   * Revokes permissions: detaches the cores from the peers, and asks `authorize` again before any of them is replicated. Cores that are
   * still permitted continue to replicate.
   *
   * @param discoveryKey 32 bytes; `undefined` for every core
   * @param remotePublicKey 32 bytes; `undefined` for every peer
   * @throws ReplicatorError `BAD_ARGUMENT` for an invalid key
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

  /** Returns a function that also reports errors of `authorize` to the store. `PeerStream.warn` reports them to the stream. */
  #telling(authorize: Authorize): Authorize {
    const tell = (error: unknown) => this.#source?.warn?.(error)
    return (discoveryKey, remotePublicKey) => {
      try {
        const decision: unknown = authorize(discoveryKey, remotePublicKey)
        if (decision === true || decision === false) return decision
        // It may be a promise of another library, and may call back each time that `then` is called.
        const deciding = Promise.resolve(decision as boolean)
        deciding.catch(tell)
        return deciding
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

  /** Makes updates of the offered cores wait for a peer. With `authorize` they do not wait: the peer may be permitted no core. */
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
    this.#attachPermitted(peer, core).catch((error) => peer.warn(error))
  }

  /** Attaches a core that a peer has waited for. If the core has closed in the meantime, the peer waits again. */
  async #serveLate(peer: PeerStream, core: ReplicableCore): Promise<void> {
    if (this.#permissions.isOpen) {
      peer.attach(core)
      return
    }
    try {
      const permit = await this.#attachPermitted(peer, core)
      if (permit && core.replicator.destroyed) await settledOf(this.#serve(peer, core.discoveryKey, permit))
    } catch (error) {
      peer.warn(error)
    }
  }

  /** Asks for a permission, and attaches the core before the permission can be revoked. @returns the permission, or `false` */
  async #attachPermitted(peer: PeerStream, core: ReplicableCore): Promise<Permit | false> {
    let permit: Permit | false
    do permit = await this.#permissions.ask(peer, core.discoveryKey)
    while (permit && permit !== this.#permissions.current)
    if (permit) peer.attach(core)
    else peer.explain(core.discoveryKey, 'authorize')
    return permit
  }

  // Permission is checked first, so that the time of a refusal does not reveal whether the core is stored.
  async #answer(peer: PeerStream, discoveryKey: Uint8Array): Promise<Stored> {
    if (this.#permissions.isOpen) return this.#serve(peer, discoveryKey, this.#permissions.current)
    const asking = this.#permissions.ask(peer, discoveryKey)
    const permit = await this.#permissions.soon(asking)
    if (permit === null) peer.explain(discoveryKey, 'deciding')
    if (permit === false) peer.explain(discoveryKey, 'authorize')
    if (permit !== null) return permit && this.#serve(peer, discoveryKey, permit)
    return { settled: asking.then((late) => this.#decidedLate(peer, discoveryKey, late)) }
  }

  async #decidedLate(peer: PeerStream, discoveryKey: Uint8Array, permit: Permit | false): Promise<void> {
    if (permit) await settledOf(this.#serve(peer, discoveryKey, permit))
    else peer.explain(discoveryKey, 'authorize')
  }

  async #serve(peer: PeerStream, discoveryKey: Uint8Array, permit: Permit): Promise<Stored> {
    if (peer.closed || this.#unknown.has(discoveryKey)) {
      peer.explain(discoveryKey, 'not-stored')
      return false
    }

    const arrivals = this.#arrivals
    let attached = false
    let waits = false
    const stored = await this.#started().withStored(
      discoveryKey,
      (core) => {
        // The permission is old, or was revoked.
        if (waits || permit !== this.#permissions.current) return this.#serveLate(peer, core)
        attached = peer.attach(core)
        return undefined
      },
      peer,
    )
    waits = true
    if (stored === false) {
      peer.explain(discoveryKey, 'not-stored')
      // A store also returns false if the peer's stream has closed, even if it has the core.
      if (arrivals === this.#arrivals && !peer.closed) this.#unknown.add(discoveryKey)
    } else if (stored !== true && !attached) peer.explain(discoveryKey, 'capacity')
    return stored === true ? attached : stored
  }
}

async function settledOf(serving: Promise<Stored>): Promise<void> {
  const stored = await serving
  if (typeof stored === 'object') await stored.settled
}

/** Throws for options of the replicator among those of a stream: ignoring them would share what they are meant to withhold. */
function refuseOwnOptions(options: object | undefined): void {
  if (typeof options !== 'object' || options === null || 'pipe' in options || 'isProtomux' in options) return
  for (const name of OF_REPLICATOR) {
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
