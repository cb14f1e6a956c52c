// The life of one resource: its turn, its opening and its closing, each once. The pool decides when to close it.
import { PoolError } from './errors.js'
import type { Lifecycle } from './lifecycle.js'
import type { Queue, Queued } from './queue.js'

/** What the pool does when an opening ends. */
export interface Opening<T extends object> {
  opened(entry: Entry<T>): void
  failed(entry: Entry<T>): void
}

export class Entry<T extends object> implements Queued<Entry<T>> {
  readonly id: string
  readonly resource: T
  /** Settles when the opening ends. It rejects only for an entry that is closing, and `close` handles that. */
  readonly ready: Promise<T>
  /** How many leases on it have not been released. */
  leases = 0

  /** Its place among the idle resources, if it is one. */
  queue: Queue<Entry<T>> | null = null
  before: Entry<T> | null = null
  after: Entry<T> | null = null
  /** When it was last used, in ms of `performance.now()`; kept only if the pool has an `idleTimeout`. */
  idleSince = 0

  readonly #lifecycle: Pick<Lifecycle<T>, 'open' | 'close'>
  #state: 'opening' | 'open' | 'closing' = 'opening'
  #failed = false

  constructor(
    id: string,
    resource: T,
    turn: Promise<void> | null,
    lifecycle: Pick<Lifecycle<T>, 'open' | 'close'>,
    pool: Opening<T>,
  ) {
    this.id = id
    this.resource = resource
    this.#lifecycle = lifecycle
    this.ready = this.#open(turn, pool)
  }

  get opened(): boolean {
    return this.#state === 'open'
  }

  get closing(): boolean {
    return this.#state === 'closing'
  }

  /** Closes it as soon as its opening has settled. To be called once. */
  async close(): Promise<void> {
    this.#state = 'closing'
    await this.ready.catch(ignore)
    try {
      await this.#lifecycle.close(this.resource)
    } catch (error) {
      if (!this.#failed) throw error
    }
  }

  async #open(turn: Promise<void> | null, pool: Opening<T>): Promise<T> {
    // Without a turn to wait for this still lets `acquire` return first, so that `open` may call the pool.
    await turn
    if (!this.closing) {
      try {
        await this.#lifecycle.open(this.resource)
      } catch (error) {
        this.#failed = true
        pool.failed(this)
        throw error
      }
    }
    if (this.closing) {
      throw new PoolError(
        'RESOURCE_CLOSED',
        `'${this.id}' was closed before it had opened: its pool closed or it was evicted; acquire it again`,
      )
    }
    this.#state = 'open'
    pool.opened(this)
    return this.resource
  }
}

function ignore(): void {}
