// A doubly linked list whose links are in its items, so that any item leaves it, or moves to the end, in constant
// time and without an allocation. An item is in one queue at a time.

/** What an item of a `Queue` carries. Only the queue writes these fields. */
export interface Queued<N extends Queued<N>> {
  queue: Queue<N> | null
  before: N | null
  after: N | null
}

export class Queue<N extends Queued<N>> {
  #first: N | null = null
  #last: N | null = null
  #size = 0

  get first(): N | null {
    return this.#first
  }

  get size(): number {
    return this.#size
  }

  /** Appends an item that is in no queue. */
  push(item: N): void {
    item.queue = this
    item.before = this.#last
    if (this.#last === null) this.#first = item
    else this.#last.after = item
    this.#last = item
    this.#size++
  }

  /** Takes out an item of this queue. */
  remove(item: N): void {
    if (item.before === null) this.#first = item.after
    else item.before.after = item.after
    if (item.after === null) this.#last = item.before
    else item.after.before = item.before
    item.queue = item.before = item.after = null
    this.#size--
  }
}
