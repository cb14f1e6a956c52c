// The store on Node.js: writes a notebook of its own, and reads those of browsers.

import type { Duplex } from 'node:stream'
import Corestore from '@coreyard/corestore'

/** How often it writes something by itself, in milliseconds. */
const INTERVAL = 5000
/** A longer note is printed and answered in part. */
const MOST_SHOWN = 100

interface Note {
  readonly text: string
  readonly time: number
}

export class NodeStore {
  readonly #store: Corestore
  readonly #own: ReturnType<typeof notebook>
  readonly #print: (line: string) => void
  readonly #followed = new Set<string>()
  #timer: NodeJS.Timeout | undefined

  constructor(directory: string, print: (line: string) => void) {
    this.#store = new Corestore(directory, { engine: 'random-access' })
    this.#own = notebook(this.#store, { name: 'node' })
    this.#print = print
  }

  async open(): Promise<void> {
    await this.#own.ready()
    await this.#write('Hello from Node.js. What you write in your notebooks is answered here.')
    this.#timer = setInterval(() => {
      const megabytes = Math.round(process.memoryUsage.rss() / 1e6)
      void this.#write(`${this.#followed.size} notebooks of browsers, ${megabytes} MB of memory`)
    }, INTERVAL)
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#store.close()
  }

  /** Of the notebook that browsers may read. In hex. */
  get key(): string {
    return Buffer.from(this.#own.key).toString('hex')
  }

  replicate(stream: Pick<Duplex, 'pipe'>): void {
    const ours = this.#store.replicate(false)
    ours.on('error', () => {}) // the browser has gone
    ours.pipe(stream as Duplex).pipe(ours)
  }

  /** Reads a notebook of a browser from now on, and answers each note that is new. */
  async follow(key: string): Promise<void> {
    if (this.#followed.has(key)) return
    this.#followed.add(key)
    const core = notebook(this.#store, { key })
    await core.ready()
    let read = core.length
    let answered: Promise<void> = Promise.resolve()
    core.on('append', () => {
      for (; read < core.length; read++) {
        const index = read
        answered = answered.then(() => this.#answer(key, core.get(index)))
      }
    })
    core.download({ start: 0, end: -1 })
  }

  async #answer(key: string, note: Promise<Note | null>): Promise<void> {
    const { text = '' } = (await note) ?? {}
    const shown = text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)} …` : text
    this.#print(`${key.slice(0, 8)}: ${shown}`)
    await this.#write(`Node.js has read “${shown}”`)
  }

  async #write(text: string): Promise<void> {
    await this.#own.append({ text, time: Date.now() })
  }
}

function notebook(store: Corestore, which: { name: string } | { key: string }) {
  return store.get<Note>({ ...which, valueEncoding: 'json' })
}
