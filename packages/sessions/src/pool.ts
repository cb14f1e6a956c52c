/// <reference lib="esnext.disposable" preserve="true" />
// The pool: the resource of each id, its leases, and how all resources close. How one resource opens and closes is in `entry`; which idle
// one is closed first is in `idle`.
import { Entry } from './entry.js'
import { badArgument, PoolError } from './errors.js'
import { Idle } from './idle.js'
import { type Lease, PoolLease } from './lease.js'
import type { Busy, Lifecycle } from './lifecycle.js'
import { checkOptions, type PoolOptions } from './options.js'

/** Resources that are shared by id. Each is opened once, has its leases counted, and is kept in an LRU while idle. */
export class Pool<T extends object, O = void> implements AsyncDisposable {
  readonly #lifecycle: Lifecycle<T, O>
  readonly #onCloseError: (error: unknown, id: string) => void
  readonly #idle: Idle<T>
  /** The opening and the open ones. */
  readonly #live = new Map<string, Entry<T>>()
  /** The latest close of an id that has not ended. */
  readonly #closing = new Map<string, Promise<void>>()
  /** The ids whose `create` is on the stack. */
  readonly #creating = new Set<string>()
  readonly #closeErrors: unknown[] = []
  #leases = 0
  #closed: Promise<void> | null = null

  /** Throws a `PoolError` `BAD_ARGUMENT` for an option of the wrong type or range, or with a misspelled name. */
  constructor(lifecycle: Lifecycle<T, O>, options: PoolOptions = {}) {
    const { maxIdle, idleTimeout, onCloseError } = checkOptions(options)
    this.#lifecycle = lifecycle
    this.#onCloseError = onCloseError
    this.#idle = new Idle(maxIdle, idleTimeout, this.#busy, this.#evicting, this.#discard)
  }

  /** How many resources are opening or open. */
  get size(): number {
    return this.#live.size
  }

  /** How many of them are idle: open, without a lease, and not `'hard'` busy. Never more than `maxIdle`. */
  get idle(): number {
    return this.#idle.size
  }

  /** How many leases have not been released. */
  get leases(): number {
    return this.#leases
  }

  /**
   * Leases the resource of `id` immediately. If there is none yet, it is made with `create(id, options)`. If the previous one is still
   * closing, a new one is made, which opens once the previous one has closed.
   *
   * Throws what `create` throws, and a `PoolError`: `POOL_CLOSED` once `close` has been called, `BAD_ARGUMENT` for an id that is not a
   * string, `REENTRANT` if `create` of the same id calls it.
   */
  acquire(id: string, options: O): Lease<T> {
    const entry = this.#live.get(id) ?? this.#create(id, options)
    if (entry.leases++ === 0) this.#idle.remove(entry)
    this.#leases++
    return new PoolLease(entry, this.#release)
  }

  /** Returns the resource of `id` if it is opening or open, without leasing it: it may be closed at any time. */
  get(id: string): T | null {
    return this.#live.get(id)?.resource ?? null
  }

  /** Whether the resource of `id` is opening or open. */
  has(id: string): boolean {
    return this.#live.has(id)
  }

  /** The resources that are opening or open, oldest first. */
  *[Symbol.iterator](): Generator<T, void, undefined> {
    for (const entry of this.#live.values()) yield entry.resource
  }

  /**
   * Call this when the resource is used without a lease, or when the answer of `busy` may have changed. It counts as a use of `id`, and the
   * pool asks `busy` again. Without this call, a resource that was `'hard'` busy stays open until the next lease on it is released. It has
   * no effect for an id that is unknown, opening or leased.
   */
  check(id: string): void {
    const entry = this.#live.get(id)
    if (entry?.opened && entry.leases === 0) this.#idle.add(entry)
  }

  /**
   * Closes the resource of `id` and waits until it has closed. If the resource is opening, the pool waits for that first. A resource that
   * is leased or `'hard'` busy is not closed, except with `force`, which ends its leases.
   *
   * Resolves to `true` once the resource that existed at the call has closed, or if there was none; to `false` if it is in use. Rejects
   * with the error of its `close`.
   */
  async evict(id: string, options: { readonly force?: boolean } = {}): Promise<boolean> {
    if (typeof options !== 'object' || options === null) throw badArgument('options', 'an object', options)
    const { force = false } = options
    const entry = this.#live.get(id)
    if (entry !== undefined) {
      if (!force && this.#inUse(entry)) return false
      // `busy` is foreign code: it may have closed the entry.
      if (!entry.closing) this.#retire(entry)
    }
    await this.#closing.get(id)
    return true
  }

  /** Stops closing resources for `idleTimeout` until `resume` is called. `maxIdle` still applies. */
  pause(): void {
    this.#idle.pause()
  }

  /** Ends `pause`: resources whose `idleTimeout` has passed in the meantime are closed soon. Has no effect after `close`. */
  resume(): void {
    if (this.#closed === null) this.#idle.resume()
  }

  /**
   * Closes every resource, even if it is busy or leased (release your leases first), and resolves once all have closed. A resource that is
   * opening is waited for; `open` is no longer called for one that has not begun to open. Later calls return the same promise. Rejects with
   * a `PoolError` `CLOSE_FAILED` if any resource fails to close.
   */
  close(): Promise<void> {
    this.#closed ??= this.#drain()
    return this.#closed
  }

  /** Closes the pool at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #create(id: string, options: O): Entry<T> {
    if (typeof id !== 'string') {
      throw badArgument('id', 'a string', id)
    }
    if (this.#closed !== null) throw poolClosed(id)
    if (this.#creating.has(id)) {
      throw new PoolError(
        'REENTRANT',
        `create('${id}') acquires '${id}': it must return the resource without it`,
      )
    }
    const turn = this.#closing.get(id)?.catch(() => {}) ?? null
    this.#creating.add(id)
    try {
      const resource = this.#lifecycle.create(id, options, turn)
      const entry = new Entry(id, resource, turn, this.#lifecycle, this.#opening)
      this.#live.set(id, entry)
      // `create` is foreign code: it may have closed the pool.
      if (this.#closed === null) return entry
      this.#discard(entry)
    } finally {
      this.#creating.delete(id)
    }
    throw poolClosed(id)
  }

  readonly #busy = (resource: T): Busy => this.#lifecycle.busy?.(resource) ?? 'no'

  readonly #evicting = (resource: T): void => this.#lifecycle.evicting?.(resource)

  #inUse(entry: Entry<T>): boolean {
    const hard = entry.leases === 0 && entry.opened && this.#busy(entry.resource) === 'hard'
    // Counted again: `busy` is foreign code, it may have acquired the entry.
    return hard || entry.leases > 0
  }

  readonly #opening = {
    opened: (entry: Entry<T>): void => {
      if (entry.leases === 0) this.#idle.add(entry)
    },
    failed: (entry: Entry<T>): void => {
      if (!entry.closing) this.#discard(entry)
    },
  }

  readonly #release = (entry: Entry<T>): void => {
    if (entry.closing) return
    this.#leases--
    if (--entry.leases === 0 && entry.opened) this.#idle.add(entry)
  }

  /** Closes an entry that no caller asked to close. */
  readonly #discard = (entry: Entry<T>): void => {
    this.#retire(entry).catch((error: unknown) => {
      if (this.#closed === null) this.#onCloseError(error, entry.id)
      else this.#closeErrors.push(error)
    })
  }

  /** Starts to close a live entry. The caller handles the rejection. */
  #retire(entry: Entry<T>): Promise<void> {
    this.#live.delete(entry.id)
    this.#idle.remove(entry)
    this.#leases -= entry.leases
    const closing = entry.close().finally(() => {
      if (this.#closing.get(entry.id) === closing) this.#closing.delete(entry.id)
    })
    this.#closing.set(entry.id, closing)
    return closing
  }

  async #drain(): Promise<void> {
    this.#idle.pause()
    for (const entry of this.#live.values()) this.#discard(entry)
    // If `create` called `close`, the resource that it is making joins the closing ones when it returns.
    await null
    await Promise.allSettled(this.#closing.values())
    if (this.#closeErrors.length === 0) return
    throw new PoolError('CLOSE_FAILED', `${this.#closeErrors.length} closes failed: see the cause`, {
      cause: new AggregateError(this.#closeErrors),
    })
  }
}

function poolClosed(id: string): PoolError {
  return new PoolError(
    'POOL_CLOSED',
    `cannot acquire '${id}': the pool is closed; acquire before close() is called`,
  )
}
