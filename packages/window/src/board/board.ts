// The rows that a window shows. Updates keep them current.

import type { StorePicture } from '@coreyard/inspector'
import type { Cell, PeerRow, Row } from './rows.js'

/** Where the data comes from. */
export interface Status {
  /** `live`: from the process that has the store open. `disk`: as it was on disk. `waiting`: that process has gone. */
  readonly state: 'live' | 'disk' | 'waiting'
  readonly directory: string | null
  /** What the user should know: why it is not live, or what is not shown. */
  readonly note: string | null
  /** Whether the stored cores are still being listed. */
  readonly listing: boolean
  /** Milliseconds since 1970, of the last picture. */
  readonly time: number
  readonly store: StorePicture | null
}

/** An event, as a sentence. */
export interface Line {
  readonly time: number
  readonly text: string
  readonly tone: 'plain' | 'good' | 'bad'
  readonly core: string | null
  readonly peer: string | null
}

/** What has changed. */
export interface Update {
  /** Whether to forget everything that was known before. */
  readonly reset?: boolean
  readonly status: Status
  readonly rows: readonly Row[]
  /** The ids of removed rows. */
  readonly gone: readonly string[]
  readonly peers: readonly PeerRow[]
  readonly left: readonly string[]
  readonly cells: readonly Cell[]
  readonly lostCells: readonly Pick<Cell, 'peer' | 'core'>[]
  readonly lines: readonly Line[]
}

/** How many events are kept. */
const MOST_LINES = 200
/** After how many milliseconds the heat of a core halves. */
const HALF_LIFE = 8000

const NOTHING: Status = {
  state: 'waiting',
  directory: null,
  note: null,
  listing: false,
  time: 0,
  store: null,
}

export class Board {
  readonly rows = new Map<string, Row>()
  readonly peers = new Map<string, PeerRow>()
  /** By peer, then by core. */
  readonly cells = new Map<string, Map<string, Cell>>()
  /** The newest is the last. */
  readonly lines: Line[] = []
  status: Status = NOTHING
  /**
   * How active each core has been: the logarithm of its heat at time 0, which halves as time goes by. As all of them cool at the same
   * rate, their order stays until one of them is active again.
   */
  readonly #heat = new Map<string, number>()

  apply(update: Update): void {
    if (update.reset === true) this.#clear()
    this.status = update.status
    for (const row of update.rows) this.#set(row)
    for (const id of update.gone) {
      this.rows.delete(id)
      this.#heat.delete(id)
    }
    for (const peer of update.peers) this.peers.set(peer.id, peer)
    for (const id of update.left) {
      this.peers.delete(id)
      this.cells.delete(id)
    }
    for (const cell of update.cells) this.#cellsOf(cell.peer).set(cell.core, cell)
    for (const { peer, core } of update.lostCells) this.cells.get(peer)?.delete(core)
    for (const line of update.lines) this.lines.push(line)
    this.lines.splice(0, this.lines.length - MOST_LINES)
  }

  /** `-Infinity` for a core that has not been active. */
  heatOf(id: string): number {
    return this.#heat.get(id) ?? Number.NEGATIVE_INFINITY
  }

  #set(row: Row): void {
    this.rows.set(row.id, row)
    const time = this.status.time / HALF_LIFE
    const rate = row.up + row.down
    const before = this.heatOf(row.id)
    if (rate > 0) {
      const left = 2 ** (before - time)
      this.#heat.set(row.id, time + Math.log2(left / 2 + rate / 2))
    } else if (row.lastActive !== null && before === Number.NEGATIVE_INFINITY) {
      this.#heat.set(row.id, row.lastActive / HALF_LIFE)
    }
  }

  #cellsOf(peer: string): Map<string, Cell> {
    const known = this.cells.get(peer)
    if (known !== undefined) return known
    const cells = new Map<string, Cell>()
    this.cells.set(peer, cells)
    return cells
  }

  #clear(): void {
    this.rows.clear()
    this.peers.clear()
    this.cells.clear()
    this.#heat.clear()
    this.lines.length = 0
  }
}
