// The results of a command: lines for people, or one JSON value with `--json`.

import pico from 'picocolors'
import type { Io } from './io.js'
import { type Column, table } from './table.js'

export class Output {
  readonly json: boolean
  readonly io: Io
  readonly colors: ReturnType<typeof pico.createColors>
  #shown = 0

  constructor(io: Io, json: boolean) {
    this.io = io
    this.json = json
    this.colors = pico.createColors(io.color && !json)
  }

  line(text = ''): void {
    this.io.out(`${text}\n`)
  }

  /** The result for programs, in place of all lines. */
  value(value: unknown): void {
    this.line(jsonText(value, 2))
  }

  /** On a terminal, columns with a `least` width are narrowed to fit. */
  table(columns: readonly Column[], rows: readonly (readonly string[])[]): void {
    const [head = '', ...lines] = table(columns, rows, this.io.isOutTerminal ? this.io.columns : null)
    this.line(this.colors.bold(head))
    for (const line of lines) this.line(line)
  }

  /** A message that is no result. */
  note(text: string): void {
    this.io.err(`${text}\n`)
  }

  /** How far it has come: a line that is written over on a terminal, elsewhere a new one now and then. */
  progress(text: string): void {
    if (this.json) return
    const now = Date.now()
    if (now - this.#shown < (this.io.isTerminal ? 100 : 5000)) return
    this.#shown = now
    this.io.err(this.io.isTerminal ? `\r\x1b[K${text}` : `${text}\n`)
  }

  progressEnds(): void {
    if (this.#shown > 0 && this.io.isTerminal && !this.json) this.io.err('\r\x1b[K')
  }
}

/** JSON that can be shown on a terminal: control characters are escaped. In one line, without `indent`. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(/[\u007f-\u009f\u2028\u2029]/g, escaped)
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
