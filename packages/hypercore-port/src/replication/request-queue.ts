// The requests of one channel. Hypercore 11.39 begins to answer every request as it arrives, as long as the stream is drained: 8,000
// requests in one message read 8,000 blocks into memory at once (`Peer.onrequest`).

/** How many requests of a channel are answered at a time. */
const MOST_AT_ONCE = 64
/** How many requests of a channel may wait. Hypercore sends up to 512 before it has answers. */
const MOST_WAITING = 4096

/** The part of a request that is used here. */
export interface Request {
  readonly id: number
}

/** Answers requests in order, a limited number at a time. */
export class RequestQueue<T extends Request> {
  readonly #answer: (request: T) => unknown
  readonly #waiting = new Map<number, T>()
  #running = 0

  constructor(answer: (request: T) => unknown) {
    this.#answer = answer
  }

  /** Answers the request, then waiting ones. If too many are in progress, the request waits, or is dropped if too many wait. */
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

  /** Call it when the peer no longer wants an answer. */
  cancel(id: number): void {
    this.#waiting.delete(id)
  }

  /** Call it when the channel has closed. */
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
