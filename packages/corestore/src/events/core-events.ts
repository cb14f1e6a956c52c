// The events that tell of cores, and the Hypercore sessions that stand for cores there: weak ones, which keep no core
// open. A core that nobody listens for costs nothing.

import { weakSession } from '@coreyard/hypercore-port'
import type {
  Bytes,
  Emitter,
  GroupUpdate,
  Hypercore as HypercoreSession,
  TreeProof,
} from '@coreyard/hypercore-types'
import type { ManagedCore } from '../cores/managed-core.js'
import type { GetOptions } from '../options/get-options.js'
import { ReadOnlySession } from '../sessions/read-only-session.js'
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

/** The session that stands for a core. */
interface Handle {
  readonly session: HypercoreSession
  /** The one that read-only stores give out; `null` until one does. */
  readOnly: HypercoreSession | null
  /** Whether a user has it. */
  shown: boolean
}

type Store = Emitter<CoreEventMap> & {
  readonly readOnly: boolean
}

/** Tells the stores of a family of their cores. */
export class CoreEvents {
  readonly #cores: () => Iterable<ManagedCore>
  /** Those with a listener for an event of cores. */
  readonly #listening = new Set<Store>()
  readonly #handles = new WeakMap<ManagedCore, Handle>()

  constructor(cores: () => Iterable<ManagedCore>) {
    this.#cores = cores
  }

  /** A store has got a listener for an event. */
  added(store: Store, event: unknown): void {
    if (!isCoreEvent(event)) return
    this.#listening.add(store)
    for (const open of this.#cores()) if (open.core.opened) sessionFor(store, open, this.#handle(open))
  }

  /** A store may have lost listeners. */
  removed(store: Store): void {
    if (!this.#listening.has(store) || CORE_EVENTS.some((name) => store.listenerCount(name) > 0)) return
    this.#listening.delete(store)
    if (this.#listening.size > 0) return
    // Sessions that no user has are of no use without a listener.
    for (const open of this.#cores()) {
      const handle = this.#handles.get(open)
      if (handle === undefined || handle.shown) continue
      this.#handles.delete(open)
      for (const session of [handle.session, handle.readOnly]) {
        session?.close().catch(() => {}) // it could not be opened, or its core fails as well
      }
    }
  }

  /** The store has closed. */
  forget(store: Store): void {
    this.#listening.delete(store)
  }

  /** A core has opened. */
  opened(open: ManagedCore): void {
    if (this.#listening.size === 0) return
    const handle = this.#handle(open)
    handle.session.ready().then(
      () => {
        this.#tell(open, handle, (store, core) => emitTo(store, 'feed', core, open.requested))
        this.#tell(open, handle, (store, core) => emitTo(store, 'core-open', core))
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
  handle(open: ManagedCore, store: Pick<Store, 'readOnly'>): HypercoreSession {
    const handle = this.#handle(open)
    handle.shown = true
    return sessionFor(store, open, handle)
  }

  #handle(open: ManagedCore): Handle {
    const known = this.#handles.get(open)
    if (known !== undefined && (known.session.closing === null || open.core.closing !== null)) return known
    const session = weakSession(open.core)
    const handle: Handle = { session, readOnly: null, shown: false }
    session.on('conflict', (length, fork, proof) =>
      this.#tell(open, handle, (store, core) => emitTo(store, 'conflict', core, length, fork, proof)),
    )
    session.once('close', () => this.#closed(open, handle))
    this.#handles.set(open, handle)
    return handle
  }

  /** Tells of a core that has closed. If only the session was closed, by a user, another one stands for the core. */
  #closed(open: ManagedCore, handle: Handle): void {
    if (this.#handles.get(open) !== handle) return
    if (open.core.closing !== null) {
      this.#tell(open, handle, (store, core) => emitTo(store, 'core-close', core))
    } else if (this.#listening.size > 0) this.#handle(open)
  }

  #tell(open: ManagedCore, handle: Handle, emit: (store: Store, core: HypercoreSession) => void): void {
    if (this.#listening.size > 0) handle.shown = true
    for (const store of [...this.#listening]) emit(store, sessionFor(store, open, handle))
  }
}

/** What stands for a core in a store: in a read-only one, a session that does not write either. */
function sessionFor(
  { readOnly }: Pick<Store, 'readOnly'>,
  { core }: ManagedCore,
  handle: Handle,
): HypercoreSession {
  if (!readOnly) return handle.session
  const known = handle.readOnly
  if (known !== null && (known.closing === null || core.closing !== null)) return known
  const session = new ReadOnlySession(null, {
    core,
    weak: true,
    active: false,
    writable: false,
  }) as HypercoreSession
  handle.readOnly = session
  return session
}

function isCoreEvent(event: unknown): boolean {
  return CORE_EVENTS.some((name) => name === event)
}
