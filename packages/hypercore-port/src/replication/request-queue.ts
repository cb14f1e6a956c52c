// The requests of one channel. Hypercore 11.39 begins to answer every request as it arrives, as long as the stream is drained: 8,000
// requests in one message read 8,000 blocks into memory at once (`Peer.onrequest`).

/** How many requests of a channel are answered at a time. */
const MOST_AT_ONCE = 64
/** How many requests of a channel may wait. Hypercore sends up to 512 before it has answers. */
const MOST_WAITING = 4096

/** What is needed of a request. */
export interface Request {
  readonly id: number
}

/** Answers requests in order, so many at a time. */
export class RequestQueue<T extends Request> {
  readonly #answer: (request: T) => unknown
  readonly #waiting = new Map<number, T>()
  #running = 0

  constructor(answer: (request: T) => unknown) {
    this.#answer = answer
  }

  /** Settles when the request, and those that it has let go first, are answered. A request too many is left out. */
  async add(request: T): Promise<void> {
    if (this.#running >= MOST_AT_ONCE) {
      if (this.#waiting.size < MOST_WAITING) this.#waiting.set(request.id, request)
      return
    }
    this.#running++
    try {
      for (let next: T | null = request; next !== null; next = this.#next()) await this.#answer(next)
    } finally {
      this.#running--
    }
  }

  /** The peer does not want an answer any more. */
  cancel(id: number): void {
    this.#waiting.delete(id)
  }

  /** The channel has closed. */
  clear(): void {
    this.#waiting.clear()
  }

  #next(): T | null {
    const [request] = this.#waiting.values()
    if (request === undefined) return null
    this.#waiting.delete(request.id)
    return request
  }
}
