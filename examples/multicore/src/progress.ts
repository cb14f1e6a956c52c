// Progress on standard output: a bar that stays in its place on a terminal, now and then a line elsewhere.

/** How often a line is written where there is no terminal, in milliseconds. */
const LINE_INTERVAL = 1000
const BAR_WIDTH = 30

/** What progress is shown on: `process.stdout`, or what is like it. */
interface Output {
  readonly isTTY?: boolean
  write(text: string): unknown
}

export class Progress {
  readonly #output: Output
  #lastLine = 0

  constructor(output: Output) {
    this.#output = output
  }

  /** Shows that `done` of `total` blocks are there; `total` may still grow. */
  show(done: number, total: number, bytes: number): void {
    const text = `${done} of ${total} blocks, ${formatBytes(bytes)}`
    if (this.#output.isTTY) {
      const filled = total === 0 ? 0 : Math.round((Math.min(done, total) / total) * BAR_WIDTH)
      const bar = '#'.repeat(filled).padEnd(BAR_WIDTH, '.')
      this.#output.write(`\r[${bar}] ${text}\x1b[K`)
    } else if (Date.now() - this.#lastLine >= LINE_INTERVAL) {
      this.#lastLine = Date.now()
      this.#output.write(`${text}\n`)
    }
  }

  /** Shows the last state, whenever the one before was, and goes on below it. */
  end(done: number, total: number, bytes: number): void {
    this.#lastLine = 0
    this.show(done, total, bytes)
    if (this.#output.isTTY) this.#output.write('\n')
  }
}

export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
