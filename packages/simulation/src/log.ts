// The log of a run: lines that a person reads, and a hash over them and over everything too detailed to read.

import { createHash } from 'node:crypto'

/** How many lines are kept. The hash covers those before, too. */
const MOST_LINES = 20_000

export class Log {
  readonly #now: () => number
  readonly #verbose: boolean
  readonly #hash = createHash('sha256')
  readonly #lines: string[] = []

  /** @param verbose whether details are lines, too */
  constructor(now: () => number, verbose: boolean) {
    this.#now = now
    this.#verbose = verbose
  }

  /** What a person wants to read. */
  event(actor: string, text: string): void {
    this.#add(actor, text, true)
  }

  /** A message, a call of a disk: part of the hash, and of the lines of a verbose log. */
  detail(actor: string, text: string): void {
    this.#add(actor, text, this.#verbose)
  }

  get lines(): readonly string[] {
    return this.#lines
  }

  /** Of everything that was told so far. In hex. */
  digest(): string {
    return this.#hash.copy().digest('hex')
  }

  #add(actor: string, text: string, isLine: boolean): void {
    const line = `${(this.#now() / 1000).toFixed(6).padStart(12)} s  ${actor.padEnd(6)} ${text}`
    this.#hash.update(`${line}\n`)
    if (!isLine) return
    if (this.#lines.length === MOST_LINES) this.#lines.shift()
    this.#lines.push(line)
  }
}
