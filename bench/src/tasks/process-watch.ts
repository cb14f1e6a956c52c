// What a process takes while it is watched: the memory that is added, and how long its event loop stops.

/** How often the event loop should turn, in milliseconds. */
const TURN = 5

export interface Watched {
  /** The most resident memory that was added, in bytes. It does not grow while the process has pages that it had used before. */
  readonly memory: number
  /** The most that was added to the heap and to buffers, in bytes, garbage included. */
  readonly heap: number
  /** The longest stop of the event loop, in microseconds by the clock. It grows when other processes use the processors. */
  readonly stall: number
  /** The same, of which counts at most the processor time of this process (all threads, in microseconds). */
  readonly stallProcessor: number
}

type MemoryUsed = Pick<Watched, 'memory' | 'heap'>

/** Watches this process. */
export class ProcessWatch {
  readonly #before: MemoryUsed
  readonly #timer: ReturnType<typeof setInterval>
  #memory = 0
  #heap = 0
  #stall = 0
  #stallProcessor = 0
  #last = performance.now()
  #processor = process.cpuUsage()

  private constructor() {
    this.#before = memoryUsed()
    this.#timer = setInterval(() => this.#look(), TURN)
  }

  /** Begins when what is no longer used has been freed. */
  static async begin(): Promise<ProcessWatch> {
    // Some of it is only found to be unused after a turn of the event loop.
    for (let collected = 0; collected < 3; collected++) {
      globalThis.gc?.()
      await turn()
    }
    return new ProcessWatch()
  }

  async end(): Promise<Watched> {
    await turn()
    this.#look()
    clearInterval(this.#timer)
    return {
      memory: Math.max(1, this.#memory - this.#before.memory),
      heap: Math.max(1, this.#heap - this.#before.heap),
      stall: Math.max(1, this.#stall),
      stallProcessor: Math.max(1, this.#stallProcessor),
    }
  }

  #look(): void {
    const now = performance.now()
    const { user, system } = process.cpuUsage(this.#processor)
    const stall = (now - this.#last - TURN) * 1000
    this.#stall = Math.max(this.#stall, stall)
    this.#stallProcessor = Math.max(this.#stallProcessor, Math.min(stall, user + system))
    const { memory, heap } = memoryUsed()
    this.#memory = Math.max(this.#memory, memory)
    this.#heap = Math.max(this.#heap, heap)
    this.#last = performance.now()
    this.#processor = process.cpuUsage()
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 2 * TURN))
}

function memoryUsed(): MemoryUsed {
  const { rss, heapUsed, external } = process.memoryUsage()
  return { memory: rss, heap: heapUsed + external }
}
