// In which order cores and peers are shown, and which of them.

import type { Board } from './board.js'
import type { Cell, PeerRow, Row } from './rows.js'

/** The orders of cores, and what people call them. */
export const SORTS = {
  activity: 'Activity',
  name: 'Name',
  blocks: 'Blocks',
  missing: 'Missing blocks',
  peers: 'Peers',
  written: 'Last written',
} as const

/** How cores are sorted. */
export type Sort = keyof typeof SORTS

/** The cores whose name, key, discovery key or namespace has the text, in order. */
export function orderedRows(board: Board, sort: Sort, filter: string): Row[] {
  const matches = matcher(filter)
  const numberOf = numbering(board, sort)
  const rows: { readonly row: Row; readonly number: number }[] = []
  for (const row of board.rows.values()) if (matches(row)) rows.push({ row, number: numberOf(row) })
  rows.sort((one, other) => other.number - one.number || compareNames(one.row, other.row))
  return rows.map(({ row }) => row)
}

/** The peers with most traffic come first. */
export function orderedPeers(board: Board): PeerRow[] {
  return [...board.peers.values()].sort((one, other) => {
    const busier = Math.sign(Math.round(other.up + other.down) - Math.round(one.up + one.down))
    return busier || other.cores - one.cores || compare(one.id, other.id)
  })
}

/** The cores of a peer, or the peers of a core: the busiest come first. */
export function busiest(cells: Iterable<Cell>): Cell[] {
  return [...cells].sort(
    (one, other) =>
      other.up + other.down - (one.up + one.down) ||
      other.inFlight - one.inFlight ||
      other.length - one.length ||
      compare(one.core + one.peer, other.core + other.peer),
  )
}

/** What a core has at its peers. */
export function cellsOfCore(board: Board, core: string): Cell[] {
  const cells: Cell[] = []
  for (const ofPeer of board.cells.values()) {
    const cell = ofPeer.get(core)
    if (cell !== undefined) cells.push(cell)
  }
  return busiest(cells)
}

/** The larger ones come first. */
function numbering(board: Board, sort: Sort): (row: Row) => number {
  switch (sort) {
    case 'activity': {
      // Two that were never active have no difference, and `-Infinity - -Infinity` is not one.
      return ({ id, lastWritten }) => {
        const heat = board.heatOf(id)
        return heat === Number.NEGATIVE_INFINITY ? (lastWritten ?? 0) / 1e15 : 1 + heat
      }
    }
    case 'name':
      return () => 0
    case 'blocks':
      return ({ length }) => length
    case 'missing':
      return ({ total, have }) => total - have
    case 'peers':
      return ({ peers }) => peers
    case 'written':
      return ({ lastWritten }) => lastWritten ?? 0
  }
}

function matcher(filter: string): (row: Row) => boolean {
  const text = filter.trim().toLowerCase()
  if (text === '') return () => true
  return ({ name, key, id, namespace }) =>
    name?.toLowerCase().includes(text) === true ||
    key?.startsWith(text) === true ||
    id.startsWith(text) ||
    namespace?.startsWith(text) === true
}

/** Cores with a name come first. */
function compareNames(one: Row, other: Row): number {
  if (one.name === null || other.name === null) {
    if (one.name !== other.name) return one.name === null ? 1 : -1
    return compare(one.id, other.id)
  }
  return compare(one.name, other.name) || compare(one.id, other.id)
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
