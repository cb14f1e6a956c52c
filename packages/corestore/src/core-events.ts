// The events that tell of cores, and the Hypercore sessions that stand for cores there: weak ones, which keep no core
// open. A core that nobody listens for costs nothing.

import type {
  Emitter,
  GroupUpdate,
  Hypercore as HypercoreSession,
  TreeProof,
} from '@coreyard/hypercore-types'
import Hypercore from 'hypercore'
import type { GetOptions } from './get-options.js'
import type { OpenCore, OpenCores } from './open-cores.js'

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
  'group-active': [topic: Uint8Array, update: GroupUpdate]
}

type CoreEvent = keyof CoreEventMap
const CORE_EVENTS: ReadonlySet<unknown> = new Set<CoreEvent>([
  'feed',
  'core-open',
  'core-close',
  'conflict',
  'group-active',
])

/** Tells the stores of a family of their cores. */
export class CoreEvents {
  readonly #cores: () => OpenCores
  readonly #stores = new Set<Emitter<CoreEventMap>>()
  readonly #handles = new WeakMap<OpenCore, HypercoreSession>()

  constructor(cores: () => OpenCores) {
    this.#cores = cores
  }

  /** Call with the name of every event that somebody begins to listen for. */
  listening(store: Emitter<CoreEventMap>, event: unknown): void {
    if (!CORE_EVENTS.has(event)) return
    this.#stores.add(store)
    for (const open of this.#cores()) if (open.core.opened) this.handle(open)
  }

  /** The store closes. */
  forget(store: Emitter<CoreEventMap>): void {
    this.#stores.delete(store)
  }

  /** A core has opened. */
  opened(open: OpenCore): void {
    if (this.#stores.size === 0) return
    const handle = this.handle(open)
    handle.ready().then(
      () => {
        this.#emit('feed', handle, open.requested)
        this.#emit('core-open', handle)
      },
      () => {}, // the core was closed at once: it never came to be open for anybody
    )
  }

  /** A core of a group has changed. */
  groupActive(topic: Uint8Array, update: GroupUpdate): void {
    this.#emit('group-active', topic, update)
  }

  /** The session that stands for a core, the same one each time, unless somebody has closed it. */
  handle(open: OpenCore): HypercoreSession {
    const known = this.#handles.get(open)
    if (known !== undefined && (known.closing === null || open.core.closing !== null)) return known
    const handle = new Hypercore(null, null, { core: open.core, weak: true, active: false })
    handle.on('conflict', (length, fork, proof) => this.#emit('conflict', handle, length, fork, proof))
    handle.once('close', () => this.#closed(open, handle))
    this.#handles.set(open, handle)
    return handle
  }

  /** Has the core closed, or only the session, at the hand of whoever it was handed to? Then another one stands for the core. */
  #closed(open: OpenCore, handle: HypercoreSession): void {
    if (this.#handles.get(open) !== handle) return
    if (open.core.closing !== null) this.#emit('core-close', handle)
    else if (this.#stores.size > 0) this.handle(open)
  }

  #emit<Event extends CoreEvent>(event: Event, ...args: CoreEventMap[Event]): void {
    for (const store of [...this.#stores]) store.emit(event, ...args)
  }
}
