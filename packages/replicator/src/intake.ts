// How many requests of peers are in progress, over all streams of a replicator.

/**
 * How many requests may be in progress at a time, over all streams. Each costs Protomux some kilobytes. A stream that has reached its share
 * is not read further.
 */
const MOST = 64
/** The smallest share of a stream, however many streams have requests. */
const LEAST = 2

/** Divides the limit between the owners that have requests in progress. */
export class Intake {
  readonly #busy = new Set<object>()

  /** How many requests each of these owners may have in progress. */
  get part(): number {
    return Math.max(LEAST, Math.floor(MOST / Math.max(1, this.#busy.size)))
  }

  /** Notes whether `owner` has requests in progress. */
  note(owner: object, isBusy: boolean): void {
    if (isBusy) this.#busy.add(owner)
    else this.#busy.delete(owner)
  }
}
