// The window in a terminal.

import pico from 'picocolors'
import { Feed } from '../source/feed.js'
import type { Source } from '../source/source.js'
import { frameOf } from './frame.js'
import { Screen, type Terminal } from './screen.js'
import { type Key, type Subject, View } from './view.js'

/** The options of `showTop`. */
export interface TopOptions {
  /** Whether to use colours. Default: `true`. */
  readonly color?: boolean | undefined
  /** Ends the window like Ctrl-C. */
  readonly signal?: AbortSignal | undefined
}

/** How often cores are sorted, in milliseconds. */
const SORT_EVERY = 1000
/** For this long after a key, rows keep their places, in milliseconds. */
const STILL = 1500
/** How often an explanation is updated, in milliseconds. */
const EXPLAIN_EVERY = 2000

/**
 * Shows a source in a terminal until the user leaves. Resolves with `true` after Ctrl-C, Ctrl-D or an aborted signal, and with `false`
 * after `q`.
 */
export async function showTop(
  source: Source,
  terminal: Terminal,
  options: TopOptions = {},
): Promise<boolean> {
  const top = new Top(source, terminal, options)
  try {
    return await top.ended
  } finally {
    await top.end()
  }
}

class Top {
  readonly #feed: Feed
  readonly #view: View
  readonly #screen: Screen
  readonly #colors: ReturnType<typeof pico.createColors>
  readonly #unfollow: () => void
  readonly #explaining: ReturnType<typeof setInterval>
  #sorted = 0
  #pressed = 0
  #drawing: ReturnType<typeof setImmediate> | null = null
  #leave: (isInterrupted: boolean) => void = () => {}
  readonly ended: Promise<boolean>

  constructor(source: Source, terminal: Terminal, { color = true, signal }: TopOptions) {
    this.#feed = new Feed(source)
    this.#view = new View(this.#feed.board)
    this.#colors = pico.createColors(color)
    this.ended = new Promise((resolve) => {
      this.#leave = resolve
    })
    if (signal?.aborted === true) this.#leave(true)
    signal?.addEventListener('abort', () => this.#leave(true), { once: true })
    this.#screen = new Screen(terminal, {
      onKey: (key) => this.#onkey(key),
      onInterrupt: () => this.#leave(true),
      onResize: () => this.#draw(),
    })
    this.#unfollow = this.#feed.follow(({ reset, status }) => {
      // If the source is not live, this may be the last update.
      const isLast = status.state !== 'live' && !status.listing
      if (reset === true || isLast || this.#view.rows.length === 0 || this.#isDue()) this.#order()
      this.#draw()
    })
    this.#explaining = setInterval(() => {
      if (this.#feed.board.status.state === 'live') void this.#explain(this.#view.subject)
    }, EXPLAIN_EVERY)
    this.#draw()
  }

  async end(): Promise<void> {
    clearInterval(this.#explaining)
    if (this.#drawing !== null) clearImmediate(this.#drawing)
    this.#unfollow()
    this.#screen.end()
    await this.#feed.end()
  }

  #onkey(key: Key): void {
    this.#pressed = Date.now()
    const wish = this.#view.press(key)
    if (wish === 'quit') this.#leave(false)
    else if (wish !== null) void this.#explain(wish)
    this.#draw()
  }

  #isDue(): boolean {
    const now = Date.now()
    return now - this.#sorted >= SORT_EVERY && now - this.#pressed >= STILL
  }

  #order(): void {
    this.#sorted = Date.now()
    this.#view.order()
  }

  async #explain(subject: Subject | undefined): Promise<void> {
    if (subject?.core == null) return
    try {
      subject.explanation = await this.#feed.explain(subject.core, subject.peer)
      subject.error = null
    } catch (error) {
      subject.error = error instanceof Error ? error.message : String(error)
    }
    this.#draw()
  }

  /** Draws once for all changes of one turn of the event loop. */
  #draw(): void {
    this.#drawing ??= setImmediate(() => {
      this.#drawing = null
      this.#screen.draw(frameOf(this.#feed.board, this.#view, this.#screen.size, this.#colors))
    })
  }
}
