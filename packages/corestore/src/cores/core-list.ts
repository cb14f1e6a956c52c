// `store.list()`: a map of the open cores that is also an async iterable of the discovery keys of all stored cores.

import type { Bytes, Hypercore } from '@coreyard/hypercore-types'
import type { ManagedCore } from './managed-core.js'

type Session = Hypercore<unknown>

/**
 * The open cores, by discovery key in hex, as of the call. `for await` over it instead streams the discovery keys
 * (32 bytes each) of all stored cores, open or not.
 *
 * The values are weak sessions, which do not keep their cores open. To keep using a core, open your own session with `store.get(core.key)`.
 * Each session is made when it is first read, so a list of which only the keys are read costs little.
 */
export class CoreList extends Map<string, Session> implements AsyncIterable<Bytes> {
  /** The cores whose sessions were not read yet; in the map itself, each of them has the value `UNSEEN`. */
  readonly #unseen = new Map<string, ManagedCore>()
  readonly #sessionOf: (open: ManagedCore) => Session
  readonly #stored: () => AsyncIterable<Bytes>

  constructor(
    cores: Iterable<ManagedCore>,
    sessionOf: (open: ManagedCore) => Session,
    stored: () => AsyncIterable<Bytes>,
  ) {
    super()
    this.#sessionOf = sessionOf
    this.#stored = stored
    for (const open of cores) {
      this.#unseen.set(open.id, open)
      super.set(open.id, UNSEEN)
    }
  }

  override get(id: string): Session | undefined {
    const open = this.#unseen.get(id)
    if (open !== undefined) this.set(id, this.#sessionOf(open))
    return super.get(id)
  }

  override set(id: string, session: Session): this {
    this.#unseen.delete(id)
    return super.set(id, session)
  }

  override delete(id: string): boolean {
    this.#unseen.delete(id)
    return super.delete(id)
  }

  override clear(): void {
    this.#unseen.clear()
    super.clear()
  }

  override values(): ReturnType<Map<string, Session>['values']> {
    this.#see()
    return super.values()
  }

  override entries(): ReturnType<Map<string, Session>['entries']> {
    this.#see()
    return super.entries()
  }

  /** Discovery key in hex, and session, of each open core. */
  override [Symbol.iterator](): ReturnType<Map<string, Session>['entries']> {
    return this.entries()
  }

  override forEach(
    callback: (session: Session, id: string, list: Map<string, Session>) => void,
    thisArg?: unknown,
  ): void {
    this.#see()
    super.forEach(callback, thisArg)
  }

  /** The discovery keys of all stored cores. */
  [Symbol.asyncIterator](): AsyncIterator<Bytes> {
    return this.#stored()[Symbol.asyncIterator]()
  }

  static override get [Symbol.species](): MapConstructor {
    return Map
  }

  #see(): void {
    for (const id of [...this.#unseen.keys()]) this.get(id)
  }
}

/** Never returned to a caller. */
const UNSEEN: Session = Object.create(null)
