// A picture of the terminal: as many lines as the terminal has, none wider than the terminal.

import type pico from 'picocolors'
import type { Board } from '../board/board.js'
import { rate } from '../board/figures.js'
import { busiest, SORTS } from '../board/order.js'
import { type PeerRow, peerTitle, type Row, titleOf } from '../board/rows.js'
import { cutTo, fit } from '../cells.js'
import { bytes, visible } from '../text.js'
import { detailLines } from './details.js'
import { blocksOf, clock, stripOf } from './figures.js'
import type { View } from './view.js'

/** The colours of a terminal, or none. */
export type Colors = ReturnType<typeof pico.createColors>

/** The size of a terminal, in cells. */
export interface Size {
  readonly columns: number
  readonly rows: number
}

const STATES = { live: 'live', disk: 'as on disk', waiting: 'waiting' } as const
/** The maximum number of peers below the cores. */
const MOST_PEERS = 4

export function frameOf(board: Board, view: View, size: Size, colors: Colors): string[] {
  const lines = [headOf(board, size.columns, colors), ...noteOf(board, size, colors)]
  if (view.subject !== undefined) {
    const details = detailLines(board, view.subject, size.columns, colors)
    const height = Math.max(1, size.rows - lines.length - 1)
    view.height = height
    view.subject.top = Math.max(0, Math.min(view.subject.top, details.length - height))
    const shown = details.slice(view.subject.top, view.subject.top + height)
    lines.push(...shown, ...Array<string>(height - shown.length).fill(''))
    lines.push(colors.dim(cutTo(' Esc back   ↑↓ scroll   q quit', size.columns)))
    return lines.slice(0, size.rows)
  }
  const isTall = size.rows >= 14
  const peers = isTall ? peerLines(board, view, size.columns, colors) : []
  const events = isTall ? eventLines(board, size, colors) : []
  const used = lines.length + 1 + peers.length + events.length + 1
  lines.push(columnsOf(board, view, size.columns, colors))
  lines.push(...coreLines(board, view, Math.max(1, size.rows - used), size.columns, colors))
  lines.push(...peers, ...events, footOf(view, size.columns, colors))
  return lines.slice(0, size.rows)
}

function headOf({ status, peers }: Board, width: number, colors: Colors): string {
  let [down, up] = [0, 0]
  for (const peer of peers.values()) {
    down += peer.down
    up += peer.up
  }
  const name = status.directory?.split(/[\\/]/).filter(Boolean).at(-1) ?? 'store'
  const rates = `↓ ${bytes(down)}/s  ↑ ${bytes(up)}/s `
  const title = ` coreyard  ${visible(name)}  ${STATES[status.state]}`
  const room = width - rates.length - 1
  if (room < 12) return colors.inverse(fit(title, width))
  const facts =
    status.store === null ? '' : `  ${status.store.open} open, ${bytes(status.store.disk?.used ?? 0)}`
  return colors.inverse(`${fit(title + facts, room)} ${rates}`)
}

function noteOf({ status }: Board, { columns, rows }: Size, colors: Colors): string[] {
  const suspended = status.store?.suspended === true && status.state === 'live'
  const note = status.note ?? (suspended ? 'The store is suspended: it reads and writes nothing.' : null)
  return note === null || rows < 6 ? [] : [colors.yellow(cutTo(` ${visible(note)}`, columns))]
}

/** The widths of the columns of a core. Columns without space are left out. */
function widthsOf(width: number): {
  name: number
  strip: number
  blocks: number
  speed: number
  peers: number
} {
  const blocks = width >= 50 ? 20 : width >= 24 ? 9 : 0
  const speed = width >= 70 ? 8 : 0
  const peers = width >= 80 ? 6 : 0
  const left = width - 2 - blocks - 2 * speed - peers
  const name = left >= 30 ? Math.min(32, Math.floor(left * 0.4)) : left
  return { name, strip: Math.max(0, left - name - 1), blocks, speed, peers }
}

function columnsOf({ rows, status }: Board, view: View, width: number, colors: Colors): string {
  const { name, strip, blocks, speed, peers } = widthsOf(width)
  const count = view.rows.length === rows.size ? `${rows.size}` : `${view.rows.length} of ${rows.size}`
  const title = `CORES ${count}${status.listing ? ' …' : ''} by ${SORTS[view.sort].toLowerCase()}`
  if (strip === 0) return colors.bold(fit(` ${title}`, width))
  const left = fit(`  ${title}`, name + strip + 3)
  const right =
    fit('BLOCKS', blocks, 'left') + (speed > 0 ? fit('↓/s', speed, 'left') + fit('↑/s', speed, 'left') : '')
  return colors.bold(left + right + (peers > 0 ? fit('PEERS', peers, 'left') : ''))
}

function coreLines(board: Board, view: View, height: number, width: number, colors: Colors): string[] {
  view.height = height
  const chosen = Math.max(
    0,
    view.rows.findIndex(({ id }) => id === view.core),
  )
  if (chosen < view.top) view.top = chosen
  if (chosen >= view.top + height) view.top = chosen - height + 1
  view.top = Math.max(0, Math.min(view.top, view.rows.length - height))
  const lines = view.rows.slice(view.top, view.top + height).map((listed) => {
    const row = board.rows.get(listed.id) ?? listed
    const isChosen = view.focus === 'cores' && row.id === view.core
    return coreLine(row, isChosen, width, colors)
  })
  return [...lines, ...Array<string>(Math.max(0, height - lines.length)).fill('')]
}

function coreLine(row: Row, isChosen: boolean, width: number, colors: Colors): string {
  const { name, strip, blocks, speed, peers } = widthsOf(width)
  const title = fit(titleOf(row), name)
  const paint = row.conflict ? colors.red : row.state === 'stored' ? colors.dim : String
  const parts = [isChosen ? colors.cyan('> ') : '  ', isChosen ? colors.bold(title) : paint(title)]
  if (strip > 0) parts.push(' ', stripOf(row, strip, colors))
  if (blocks > 0) parts.push(fit(blocksOf(row, blocks), blocks, 'left'))
  if (speed > 0) {
    parts.push(
      colors.cyan(fit(rate(row.down), speed, 'left')),
      colors.magenta(fit(rate(row.up), speed, 'left')),
    )
  }
  if (peers > 0) parts.push(fit(row.peers === 0 ? '' : String(row.peers), peers, 'left'))
  return parts.join('')
}

function peerLines(board: Board, view: View, width: number, colors: Colors): string[] {
  const chosen = Math.max(
    0,
    view.peers.findIndex(({ id }) => id === view.peer),
  )
  const top = Math.max(0, Math.min(chosen - MOST_PEERS + 1, view.peers.length - MOST_PEERS))
  const shown = view.peers.slice(top, top + MOST_PEERS)
  const head = colors.bold(fit(`  PEERS ${view.peers.length}`, width))
  return [
    head,
    ...shown.map((peer) =>
      peerLine(
        board,
        board.peers.get(peer.id) ?? peer,
        view.focus === 'peers' && peer.id === view.peer,
        width,
        colors,
      ),
    ),
  ]
}

function peerLine(board: Board, peer: PeerRow, isChosen: boolean, width: number, colors: Colors): string {
  const trip = peer.roundTrip === null ? '' : ` ${Math.round(peer.roundTrip)} ms`
  const refused = peer.refused.length === 0 ? '' : `  ${peer.refused.length} refused`
  const cores = busiest(board.cells.get(peer.id)?.values() ?? [])
    .filter((cell) => cell.up + cell.down > 0)
    .map((cell) => {
      const name = titleOf(board.rows.get(cell.core) ?? { id: cell.core, name: null, key: null })
      return `${name} ↓${rate(cell.down) || 0} ↑${rate(cell.up) || 0}`
    })
  const text = `${fit(peerTitle(peer.id), 13)} ${fit(`↓ ${bytes(peer.down)}/s`, 13)}${fit(`↑ ${bytes(peer.up)}/s`, 13)}${fit(`${peer.cores} cores`, 10)}${fit(`${peer.address ?? ''}${trip}`, 8)}${refused}  ${cores.join('  ')}`
  const line = cutTo(text, width - 2)
  return (isChosen ? colors.cyan('> ') : '  ') + (isChosen ? colors.bold(line) : line)
}

function eventLines({ lines }: Board, { columns, rows }: Size, colors: Colors): string[] {
  const count = rows >= 30 ? 5 : 2
  const last = lines.slice(-count).toReversed()
  const paint = { plain: String, good: colors.green, bad: colors.red }
  const events = last.map(({ time, text, tone }) => paint[tone](cutTo(`  ${clock(time)}  ${text}`, columns)))
  return [colors.bold('  EVENTS'), ...events, ...Array<string>(count - events.length).fill('')]
}

function footOf(view: View, width: number, colors: Colors): string {
  if (view.isTyping) return cutTo(` filter: ${visible(view.filter)}_`, width)
  const filter = view.filter === '' ? '/ filter' : `/ ${visible(view.filter)} (Esc clears)`
  return colors.dim(cutTo(` ↑↓ choose   Enter explain   Tab peers   ${filter}   s sort   q quit`, width))
}
