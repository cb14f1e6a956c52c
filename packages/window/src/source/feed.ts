// Reads a source for all pages and terminals that show it. It stops a moment after the last one has left: a reloaded page comes back.

import { isDeepStrictEqual } from 'node:util'
import type { Explanation, Observation } from '@coreyard/inspector'
import { Board, type Status, type Update } from '../board/board.js'
import { linesOf } from '../board/lines.js'
import { closedRow, type Row, toPeerRow, toRow } from '../board/rows.js'
import { CellFeed } from './cell-feed.js'
import type { Sight, Source } from './source.js'

/** For how many milliseconds the source is still read after the last page or terminal has left. */
const LINGER = 5000

/** An update without changes. */
const NO_CHANGE = { rows: [], gone: [], peers: [], left: [], cells: [], lostCells: [], lines: [] }

export class Feed {
  readonly board = new Board()
  readonly #source: Source
  readonly #listeners = new Set<(update: Update) => void>()
  #cells = new CellFeed()
  /** The ids of open cores. A list has older data of these cores. */
  #open = new Set<string>()
  /** The note of the source when it began. */
  #note: string | null = null
  #abort: AbortController | null = null
  #ended: Promise<void> = Promise.resolve()
  #lingering: ReturnType<typeof setTimeout> | undefined

  constructor(source: Source) {
    this.#source = source
  }

  /** Calls `listener` with each update from now on. `board` has the state before. Returns a function that removes the listener. */
  follow(listener: (update: Update) => void): () => void {
    this.#listeners.add(listener)
    clearTimeout(this.#lingering)
    if (this.#abort === null) {
      const abort = new AbortController()
      this.#abort = abort
      this.#ended = this.#ended.then(() => this.#look(abort.signal))
    }
    return () => {
      if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return
      this.#lingering = setTimeout(() => void this.end(), LINGER)
      this.#lingering.unref()
    }
  }

  /** Explains a core that is shown. */
  async explain(core: string, peer: string | null): Promise<Explanation> {
    return this.#source.explain(this.board.rows.get(core)?.key ?? core, peer)
  }

  /** Stops reading the source. */
  async end(): Promise<void> {
    clearTimeout(this.#lingering)
    this.#abort?.abort()
    this.#abort = null
    await this.#ended
  }

  async #look(signal: AbortSignal): Promise<void> {
    try {
      for await (const sight of this.#source.sights(signal)) {
        if (signal.aborted) return
        this.#tell(this.#updateOf(sight))
      }
    } catch (error) {
      const note = error instanceof Error ? error.message : String(error)
      if (!signal.aborted) this.#tell(this.#updateOf({ type: 'waits', note }))
    }
  }

  #tell(update: Update): void {
    this.board.apply(update)
    for (const listener of this.#listeners) listener(update)
  }

  #updateOf(sight: Sight): Update {
    const { status } = this.board
    switch (sight.type) {
      case 'begins': {
        this.#cells = new CellFeed()
        this.#open = new Set()
        const { state, directory, note } = sight
        this.#note = note
        const begun: Status = { state, directory, note, listing: true, time: Date.now(), store: null }
        return { ...NO_CHANGE, reset: true, status: begun }
      }
      case 'observed':
        return this.#observed(sight.observation)
      case 'listed': {
        const rows = sight.cores.filter(({ discoveryKey }) => !this.#open.has(discoveryKey)).map(toRow)
        return { ...NO_CHANGE, status, rows }
      }
      case 'list-ends':
        return { ...NO_CHANGE, status: { ...status, listing: false, note: sight.note ?? this.#note } }
      case 'waits': {
        const rows = [...this.#open].flatMap((id) => this.#closed(id))
        this.#open = new Set()
        const left = [...this.board.peers.keys()]
        const waiting: Status = { ...status, state: 'waiting', note: sight.note, listing: false }
        return { ...NO_CHANGE, status: waiting, rows, left }
      }
    }
  }

  #observed({ picture, changed, closed, events }: Observation): Update {
    const { time, store, peers } = picture
    const status: Status = { ...this.board.status, time, store, directory: store.directory }
    const rows = changed.map(toRow)
    for (const { id } of rows) this.#open.add(id)
    const gone: string[] = []
    for (const id of closed) {
      this.#open.delete(id)
      const row = this.#closed(id)
      if (row.length === 0) gone.push(id)
      for (const stored of row) rows.push(stored)
    }
    const peerRows = peers.map(toPeerRow)
    const changedPeers = peerRows.filter((row) => !isDeepStrictEqual(row, this.board.peers.get(row.id)))
    const there = new Set(peerRows.map(({ id }) => id))
    const left = [...this.board.peers.keys()].filter((id) => !there.has(id))
    const { cells, lostCells } = this.#cells.look(peers, time)
    const update = { status, rows, gone, peers: changedPeers, left, cells, lostCells }
    const changedRows = new Map(rows.map((row) => [row.id, row]))
    const lines = linesOf(events, (id) => changedRows.get(id) ?? this.board.rows.get(id))
    return { ...update, lines }
  }

  /** The row of a core that has closed. No row if the core is unknown, or has neither a name nor blocks. */
  #closed(id: string): Row[] {
    const row = this.board.rows.get(id)
    return row === undefined || (row.name === null && row.length === 0) ? [] : [closedRow(row)]
  }
}
