// A page that shows the window. It receives what has changed since the last message. A page that reads slowly receives messages less
// often, and nothing queues up: only the ids of the changed rows are kept.

import type { Writable } from 'node:stream'
import type { Board, Line, Update } from '../board/board.js'
import type { Cell } from '../board/rows.js'
import type { Feed } from '../source/feed.js'

/** How many rows, peers and cells are sent in one message. */
const MOST_AT_ONCE = 500
/** How many events may wait for a page that reads slowly. */
const MOST_LINES = 200

export class Client {
  readonly #board: Board
  readonly #response: Writable
  readonly #unfollow: () => void
  readonly #patience: number
  readonly #rows = new Set<string>()
  readonly #peers = new Set<string>()
  readonly #cells = new Map<string, Pick<Cell, 'peer' | 'core'>>()
  #lines: Line[] = []
  #reset = true
  #stalled: ReturnType<typeof setTimeout> | null = null
  /** Whether there was an update since the last message. */
  #isBehind = false

  /** @param patience the connection is closed if the page reads nothing for this long, in milliseconds */
  constructor(feed: Feed, response: Writable, patience: number) {
    this.#board = feed.board
    this.#response = response
    this.#patience = patience
    response.once('close', this.end)
    response.on('drain', this.#ondrain)
    this.#unfollow = feed.follow(this.#note)
    this.#noteAll()
    this.#send()
  }

  readonly end = (): void => {
    this.#unfollow()
    if (this.#stalled !== null) clearTimeout(this.#stalled)
    this.#response.end()
  }

  readonly #note = (update: Update): void => {
    if (update.reset === true) this.#noteAll()
    for (const { id } of update.rows) this.#rows.add(id)
    for (const id of update.gone) this.#rows.add(id)
    for (const { id } of update.peers) this.#peers.add(id)
    for (const id of update.left) this.#peers.add(id)
    for (const cell of [...update.cells, ...update.lostCells]) this.#noteCell(cell)
    this.#lines = [...this.#lines, ...update.lines].slice(-MOST_LINES)
    if (this.#stalled === null) this.#send()
    else this.#isBehind = true
  }

  #noteAll(): void {
    const { rows, peers, cells, lines } = this.#board
    this.#reset = true
    this.#rows.clear()
    this.#peers.clear()
    this.#cells.clear()
    for (const id of rows.keys()) this.#rows.add(id)
    for (const id of peers.keys()) this.#peers.add(id)
    for (const ofPeer of cells.values()) for (const cell of ofPeer.values()) this.#noteCell(cell)
    this.#lines = [...lines]
  }

  #noteCell({ peer, core }: Pick<Cell, 'peer' | 'core'>): void {
    this.#cells.set(`${peer} ${core}`, { peer, core })
  }

  readonly #ondrain = (): void => {
    if (this.#stalled !== null) clearTimeout(this.#stalled)
    this.#stalled = null
    if (this.#isBehind || this.#hasMore) this.#send()
  }

  get #hasMore(): boolean {
    return this.#rows.size + this.#peers.size + this.#cells.size > 0
  }

  #send(): void {
    this.#isBehind = false
    do {
      const isRead = this.#response.write(`data: ${JSON.stringify(this.#take())}\n\n`)
      if (isRead) continue
      this.#stalled = setTimeout(() => this.#response.destroy(), this.#patience)
      return
    } while (this.#hasMore)
  }

  /** The next message. */
  #take(): Update {
    const { rows, peers, cells, status } = this.#board
    const [changed, gone] = taken(this.#rows, rows)
    const [there, left] = taken(this.#peers, peers)
    const changedCells: Cell[] = []
    const lostCells: Pick<Cell, 'peer' | 'core'>[] = []
    for (const [id, { peer, core }] of this.#cells) {
      if (changedCells.length + lostCells.length === MOST_AT_ONCE) break
      this.#cells.delete(id)
      const cell = cells.get(peer)?.get(core)
      if (cell === undefined) lostCells.push({ peer, core })
      else changedCells.push(cell)
    }
    const reset = this.#reset
    const lines = this.#lines
    this.#reset = false
    this.#lines = []
    return { reset, status, rows: changed, gone, peers: there, left, cells: changedCells, lostCells, lines }
  }
}

/** Takes ids from a set. Returns their values, and the ids without a value. */
function taken<T>(ids: Set<string>, values: ReadonlyMap<string, T>): [T[], string[]] {
  const there: T[] = []
  const gone: string[] = []
  for (const id of ids) {
    if (there.length + gone.length === MOST_AT_ONCE) break
    ids.delete(id)
    const value = values.get(id)
    if (value === undefined) gone.push(id)
    else there.push(value)
  }
  return [there, gone]
}
