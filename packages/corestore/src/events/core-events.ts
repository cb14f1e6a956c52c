// The events that tell of cores, and the Hypercore sessions that stand for cores there: weak ones, which keep no core
// open. A core that nobody listens for costs nothing.

import type {
  Bytes,
  Emitter,
  GroupUpdate,
  Hypercore as HypercoreSession,
  TreeProof,
} from '@coreyard/hypercore-types'
import type { ManagedCore } from '../cores/managed-core.js'
import type { StandIn } from '../cores/stand-in.js'
import type { GetOptions } from '../options/get-options.js'
import { emitTo } from '../user-code/emit.js'

/**
 * The events of a store. The `core` that they hand out is a session that does not keep the core open and closes with
 * it; take one of your own with `store.get(core.key)` to go on using it. Every store of a family (the store, its
 * sessions and namespaces) emits them for all cores.
 */
export interface CoreEventMap {
  /** A core has opened that was not open; `options` is what the `get` that opened it was given. */
  feed: [core: HypercoreSession, options: GetOptions]
  /** A core has opened that was not open. */
  'core-open': [core: HypercoreSession]
  /** A core has closed. */
  'core-close': [core: HypercoreSession]
  /**
   * Two histories of a core exist, both signed: its writer, or somebody with its key pair, has forked it. The core is closed.
   * `length` (in blocks) and `fork` are those of the other history, of which `proof` is the proof.
   */
  conflict: [core: HypercoreSession, length: number, fork: number, proof: TreeProof]
  /** A core of the group with this topic (32 bytes) has grown or was truncated. */
  'group-active': [topic: Bytes, update: GroupUpdate]
}

type CoreEvent = keyof CoreEventMap
const CORE_EVENTS: readonly CoreEvent[] = ['feed', 'core-open', 'core-close', 'conflict', 'group-active']

type Store = Emitter<CoreEventMap> & {
  readonly readOnly: boolean
}

/** Tells the stores of a family of their cores. */
export class CoreEvents {
  readonly #cores: () => Iterable<ManagedCore>
  /** Those with a listener for an event of cores. */
  readonly #listening = new Set<Store>()

  constructor(cores: () => Iterable<ManagedCore>) {
    this.#cores = cores
  }

  /** A store has got a listener for an event. */
  added(store: Store, event: unknown): void {
    if (!isCoreEvent(event)) return
    this.#listening.add(store)
    for (const managed of this.#cores()) if (managed.core.opened) this.#standIn(managed).sessionFor(store)
  }

  /** A store may have lost listeners. */
  removed(store: Store): void {
    if (!this.#listening.has(store) || CORE_EVENTS.some((name) => store.listenerCount(name) > 0)) return
    this.#listening.delete(store)
    if (this.#listening.size > 0) return
    // Sessions that no user has are of no use without a listener.
    for (const managed of this.#cores()) if (managed.standIn?.isShown === false) managed.dropStandIn()
  }

  /** The store has closed. */
  forget(store: Store): void {
    this.#listening.delete(store)
  }

  /** A core has opened. */
  opened(managed: ManagedCore): void {
    if (this.#listening.size === 0) return
    const standIn = this.#standIn(managed)
    standIn.session.ready().then(
      () => {
        this.#tell(standIn, (store, core) => emitTo(store, 'feed', core, managed.requested))
        this.#tell(standIn, (store, core) => emitTo(store, 'core-open', core))
      },
      () => {}, // the core was closed at once: it was never open to anyone
    )
  }

  /** A core of a group has changed. */
  groupActive(topic: Bytes, update: GroupUpdate): void {
    for (const store of [...this.#listening]) emitTo(store, 'group-active', topic, update)
  }

  /**
   * The session that stands for a core, the same one each time, unless a user has closed it.
   *
   * @param store that gives it out
   */
  sessionFor(managed: ManagedCore, store: Pick<Store, 'readOnly'>): HypercoreSession {
    const standIn = this.#standIn(managed)
    standIn.isShown = true
    return standIn.sessionFor(store)
  }

  #standIn(managed: ManagedCore): StandIn {
    const known = managed.standIn
    if (known?.isValid) return known
    const standIn = managed.newStandIn()
    standIn.session.on('conflict', (length, fork, proof) =>
      this.#tell(standIn, (store, core) => emitTo(store, 'conflict', core, length, fork, proof)),
    )
    standIn.session.once('close', () => this.#closed(managed, standIn))
    return standIn
  }

  /** Tells of a core that has closed. If only the session was closed, by a user, another one stands for the core. */
  #closed(managed: ManagedCore, standIn: StandIn): void {
    if (managed.standIn !== standIn) return
    if (managed.core.closing !== null) {
      this.#tell(standIn, (store, core) => emitTo(store, 'core-close', core))
    } else if (this.#listening.size > 0) this.#standIn(managed)
  }

  #tell(standIn: StandIn, emit: (store: Store, core: HypercoreSession) => void): void {
    if (this.#listening.size > 0) standIn.isShown = true
    for (const store of [...this.#listening]) emit(store, standIn.sessionFor(store))
  }
}

function isCoreEvent(event: unknown): boolean {
  return CORE_EVENTS.some((name) => name === event)
}
