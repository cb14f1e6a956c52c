// What the pool needs from its user. Types only.

/**
 * How much an open resource without a lease is used outside of the pool:
 * - `'no'`: it is closed for `maxIdle` or `idleTimeout`;
 * - `'soft'`: it is closed only for `maxIdle`, and only when no idle resource that says `'no'` is left to close;
 * - `'hard'`: it counts as in use, as if it were leased: it is not closed and is not idle.
 */
export type Busy = 'no' | 'soft' | 'hard'

/**
 * How resources of type `T` are made, opened and closed. `O` is the type of the options that `pool.acquire` passes to `create`.
 *
 * Every resource that `create` returned is closed exactly once. For one id, nothing overlaps: `open` is called once
 * the `close` of the previous resource of that id has settled, and `close` once `open` has.
 */
export interface Lifecycle<T extends object, O = void> {
  /**
   * Makes the resource of `id`, synchronously, so that a lease has it at once. Called when there is no live one.
   *
   * `turn` resolves, and never rejects, once the previous resource of this id has closed; it is `null` if there is none. A resource that
   * starts to open on its own must not touch what it shares with the previous one before that.
   *
   * `acquire` throws what `create` throws, and the pool keeps nothing of the attempt.
   */
  create(id: string, options: O, turn: Promise<void> | null): T

  /**
   * Opens the resource. It is called at most once, after `acquire` has returned and `turn` has resolved. If it fails, `ready()` of every
   * lease on the resource rejects with the error, and the next `acquire` of the id calls `create` again.
   */
  open(resource: T): Promise<void>

  /**
   * Closes the resource and releases all that `create` and `open` took. It is called exactly once: after `open` has settled, or without
   * `open` if `pool.close` or `pool.evict` came first. If `open` failed, an error of `close` is ignored, because the caller gets the error
   * of `open`.
   */
  close(resource: T): Promise<void>

  /**
   * Says how much an open resource without a lease is used outside of the pool. It is called when the resource becomes idle, on
   * `pool.check`, and before the resource is closed for `maxIdle`, `idleTimeout` or an `evict` without `force`. It must not throw. Without
   * this method no resource is ever busy.
   */
  busy?(resource: T): Busy

  /**
   * Called before a resource whose `busy` is `'soft'` is closed for `maxIdle`. Acquire it before this method returns, and hold the lease,
   * to keep it open. It must not throw.
   */
  evicting?(resource: T): void
}
