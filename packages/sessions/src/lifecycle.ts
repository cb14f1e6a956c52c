// What the pool asks of whoever hands it resources. Types only.

/**
 * How much an idle resource (one without a lease) is used behind the pool's back:
 * - `'no'`: it is closed when `maxIdle` or `idleTimeout` says so;
 * - `'soft'`: it is closed only for `maxIdle`, and only when no idle resource that says `'no'` is left to close;
 * - `'hard'`: it is in use as if it were leased: it is not closed and does not count as idle.
 */
export type Busy = 'no' | 'soft' | 'hard'

/**
 * How resources of type `T` come and go. `O` is what `pool.acquire` hands to `create`.
 *
 * Every resource that `create` returned is closed exactly once. For one id, nothing overlaps: `open` is called once
 * the `close` of the previous resource of that id has settled, and `close` once `open` has.
 */
export interface Lifecycle<T extends object, O = void> {
  /**
   * Makes the resource of `id`, synchronously, so that a lease has it at once. Called when there is no live one.
   *
   * `turn` resolves, and never rejects, once the previous resource of this id has closed; `null` if there is none. A
   * resource that starts to open by itself must not touch what it shares with the previous one before that.
   *
   * What it throws, `acquire` throws, and nothing is remembered.
   */
  create(id: string, options: O, turn: Promise<void> | null): T

  /**
   * Opens it: called at most once, after `acquire` has returned and `turn` has resolved. A failed open is not
   * remembered: `ready()` of every lease on it rejects with the error, and the next `acquire` of the id creates anew.
   */
  open(resource: T): Promise<void>

  /**
   * Closes it and lets go of all that `create` and `open` took. Called exactly once, after `open` has settled, also
   * if it failed (an error of `close` is then ignored: the one of `open` has been told) or was never called because
   * `pool.close` or `pool.evict` came first.
   */
  close(resource: T): Promise<void>

  /**
   * Says whether somebody outside of the pool uses an open resource that has no lease: asked when it becomes idle,
   * on `pool.check`, and before it is closed for `maxIdle`, `idleTimeout` or an `evict` without force. Must not throw.
   * Without this method no resource is ever busy.
   */
  busy?(resource: T): Busy

  /**
   * A resource that is softly busy is about to be closed for `maxIdle`. Whoever acquires it before this returns, and holds the
   * lease, keeps it open. Must not throw.
   */
  evicting?(resource: T): void
}
