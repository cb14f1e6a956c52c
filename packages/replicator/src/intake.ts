// How many requests of peers are in progress, over all streams of a replicator. It knows nothing of what they are.

/**
 * How many requests may be in progress at a time, over all streams. Each costs Protomux some kilobytes, and a stream that has its
 * part of them is not read from.
 */
const MOST = 64
/** The least part of a stream, however many streams have requests. */
const LEAST = 2

/** Shares a bound between those that have requests in progress. */
export class Intake {
  readonly #busy = new Set<object>()

  /** How many requests each of those that have any may have in progress. */
  get part(): number {
    return Math.max(LEAST, Math.floor(MOST / Math.max(1, this.#busy.size)))
  }

  /** Notes whether `owner` has requests in progress. */
  note(owner: object, isBusy: boolean): void {
    if (isBusy) this.#busy.add(owner)
    else this.#busy.delete(owner)
  }
}
