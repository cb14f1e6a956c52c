// Takes a terminal over for a while, and restores it, also after an error.

import { createInterface, type Interface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import type { Key } from './view.js'

/** The streams of a terminal, such as `process.stdin` and `process.stdout`. */
export interface Terminal {
  /** The stream that keys come from. */
  readonly input: Readable & {
    /** Turns raw mode on or off: keys arrive one by one and are not echoed. Missing if the stream is not a terminal. */
    setRawMode?(isRaw: boolean): unknown
  }
  /** The stream that is written to. It emits `resize` when the size of the terminal changes. */
  readonly output: Writable & { readonly columns?: number; readonly rows?: number }
}

const ENTER = '\x1b[?1049h\x1b[?25l\x1b[2J'
const LEAVE = '\x1b[0m\x1b[?25h\x1b[?1049l'
/** How long to wait after an Escape for the rest of another key, in milliseconds. */
const ESCAPE_TIMEOUT = 50

export interface ScreenEvents {
  onKey(key: Key): void
  /** Ctrl-C. */
  onInterrupt(): void
  /** The size has changed, or everything must be drawn again. */
  onResize(): void
}

export class Screen {
  readonly #terminal: Terminal
  readonly #events: ScreenEvents
  #keys: Interface | null = null
  #shown: string[] = []

  constructor(terminal: Terminal, events: ScreenEvents) {
    this.#terminal = terminal
    this.#events = events
    this.#enter()
    terminal.output.on('resize', this.#onresize)
    // If an error ends the process, the user must see the message.
    process.on('uncaughtExceptionMonitor', this.#leave)
    process.on('exit', this.#leave)
  }

  get size(): { columns: number; rows: number } {
    const { columns, rows } = this.#terminal.output
    return { columns: columns || 80, rows: rows || 24 }
  }

  /** Writes the lines that differ from those that are shown. A slow terminal gets fewer pictures. */
  draw(lines: readonly string[]): void {
    if (this.#keys === null || this.#terminal.output.writableNeedDrain) return
    let text = ''
    for (const [index, line] of lines.entries()) {
      if (line !== this.#shown[index]) text += `\x1b[${index + 1};1H${line}\x1b[0m\x1b[K`
    }
    if (lines.length < this.#shown.length) text += `\x1b[${lines.length + 1};1H\x1b[J`
    this.#shown = [...lines]
    if (text !== '') this.#terminal.output.write(text)
  }

  end(): void {
    this.#leave()
    this.#terminal.output.off('resize', this.#onresize)
    process.off('uncaughtExceptionMonitor', this.#leave)
    process.off('exit', this.#leave)
    process.off('SIGCONT', this.#goOn)
  }

  #enter(): void {
    const { input, output } = this.#terminal
    output.write(ENTER)
    this.#shown = []
    const options = { input, terminal: true, historySize: 0, escapeCodeTimeout: ESCAPE_TIMEOUT }
    this.#keys = createInterface(options)
    this.#keys.on('SIGINT', () => this.#events.onInterrupt())
    this.#keys.on('SIGTSTP', this.#pause)
    // Ctrl-D.
    this.#keys.once('close', () => {
      if (this.#keys !== null) this.#events.onInterrupt()
    })
    input.on('keypress', this.#onkeypress)
  }

  readonly #leave = (): void => {
    const keys = this.#keys
    if (keys === null) return
    this.#keys = null
    this.#terminal.input.off('keypress', this.#onkeypress)
    keys.close()
    this.#terminal.output.write(LEAVE)
  }

  /** Ctrl-Z restores the terminal until the process continues. */
  readonly #pause = (): void => {
    this.#leave()
    process.once('SIGCONT', this.#goOn)
    process.kill(process.pid, 'SIGTSTP')
  }

  readonly #goOn = (): void => {
    this.#enter()
    this.#events.onResize()
  }

  readonly #onresize = (): void => {
    this.#shown = []
    this.#terminal.output.write('\x1b[2J')
    this.#events.onResize()
  }

  readonly #onkeypress = (
    text: string | undefined,
    key: { name?: string; ctrl?: boolean; meta?: boolean },
  ) => {
    if (key.ctrl === true || (key.meta === true && key.name !== 'escape')) return
    this.#events.onKey({ name: key.name ?? '', text: text ?? '' })
  }
}
