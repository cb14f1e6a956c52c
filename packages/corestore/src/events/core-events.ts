// The events about cores, and the Hypercore sessions that they pass to listeners: weak sessions, which keep no core open. Without a
// listener, nothing is made for a core.

import type {
  Bytes,
  Emitter,
  GroupUpdate,
  Hypercore as HypercoreSession,
  TreeProof,
} from '@coreyard/hypercore-types'
import type { ManagedCore } from '../cores/managed-core.js'
import type { StandIn } from '../cores/stand-in.js'
import { copied, copiedUpdate } from '../options/copied-options.js'
import { type GetOptions, readGetOptions } from '../options/get-options.js'
import { emitTo } from '../user-code/emit.js'

/**
 * The events of a store about its cores. The `core` that a listener receives is a session that does not keep the core open, and closes
 * with it. To keep using the core, open your own session with `store.get(core.key)`. Every store of a family (the root store, its sessions
 * and namespaces) emits these events for all cores.
 */
export interface CoreEventMap {
  /** A core that was not open has opened; `options` are those of the `get` that opened it. */
  feed: [core: HypercoreSession, options: GetOptions]
  /** A core that was not open has opened. */
  'core-open': [core: HypercoreSession]
  /** A core has closed. */
  'core-close': [core: HypercoreSession]
  /**
   * Two signed histories of a core exist: its writer, or another holder of its key pair, has forked it. The core is closed. `length` (in
   * blocks) and `fork` describe the other history; `proof` proves it.
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

/** Emits the events about cores on the stores of a family. */
export class CoreEvents {
  readonly #cores: () => Iterable<ManagedCore>
  /** The stores with a listener for one of these events. */
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
    // Without a listener, a session that was never passed to a user is not needed.
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
        this.#tell(standIn, (store, core) => emitTo(store, 'feed', core, readGetOptions(managed.requested)))
        this.#tell(standIn, (store, core) => emitTo(store, 'core-open', core))
      },
      () => {}, // the core was closed before it was open: no event
    )
  }

  /** A core of a group has changed. */
  groupActive(topic: Bytes, update: GroupUpdate): void {
    for (const store of [...this.#listening]) {
      emitTo(store, 'group-active', copied(topic), copiedUpdate(update))
    }
  }

  /**
   * Returns the session that stands for a core: the same one each time, unless a user has closed it.
   *
   * @param store the store that passes it to the user
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
    // A list may be read after its core has closed, and told.
    if (managed.core.closing !== null) return standIn
    standIn.session.on('conflict', (length, fork, proof) =>
      this.#tell(standIn, (store, core) => emitTo(store, 'conflict', core, length, fork, proof)),
    )
    standIn.session.once('close', () => this.#closed(managed, standIn))
    return standIn
  }

  /** Emits the event of a core that has closed. If a user has closed only the session, a new one stands for the core. */
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
