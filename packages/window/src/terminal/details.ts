// The lines about one core or peer: why it does not replicate, and what is known of it.

import type { Finding } from '@coreyard/inspector'
import type { Board } from '../board/board.js'
import { percent, rate } from '../board/figures.js'
import { busiest, cellsOfCore } from '../board/order.js'
import { type Cell, type PeerRow, peerTitle, type Row, titleOf } from '../board/rows.js'
import { cutTo, fit, wrap } from '../cells.js'
import { bytes, visible } from '../text.js'
import { stripOf } from './figures.js'
import type { Colors } from './frame.js'
import type { Subject } from './view.js'

const SIGNS: { readonly [Status in Finding['status']]: string } = { ok: 'ok', note: '--', problem: 'NO' }

export function detailLines(board: Board, subject: Subject, width: number, colors: Colors): string[] {
  const row = subject.core === null ? undefined : board.rows.get(subject.core)
  const peer = subject.peer === null ? undefined : board.peers.get(subject.peer)
  const title =
    subject.core === null ? `peer ${peerTitle(subject.peer ?? '')}` : titleOf(row ?? unknown(subject.core))
  const lines = ['', colors.bold(cutTo(` ${title}`, width))]
  if (row !== undefined) lines.push(` ${stripOf(row, Math.max(1, width - 2), colors)}`)
  lines.push('')
  if (subject.core !== null) lines.push(...explanationLines(subject, width, colors), '')
  if (row !== undefined) lines.push(...factLines(factsOfCore(row), width, colors))
  if (subject.core === null) {
    const facts = peer === undefined ? ([['state', 'has left']] as const) : factsOfPeer(peer)
    lines.push(...factLines(facts, width, colors))
  }
  const cells =
    subject.core === null
      ? busiest(board.cells.get(subject.peer ?? '')?.values() ?? [])
      : cellsOfCore(board, subject.core)
  if (cells.length > 0) lines.push('', colors.bold(subject.core === null ? ' CORES' : ' PEERS'))
  for (const cell of cells.slice(0, 100)) lines.push(cellLine(board, cell, subject.core !== null, width))
  for (const { core, reason } of peer?.refused ?? []) {
    const name = titleOf(board.rows.get(core) ?? unknown(core))
    lines.push(colors.red(cutTo(` refused  ${name}: ${reason}`, width)))
  }
  return lines
}

function unknown(id: string): Pick<Row, 'id' | 'name' | 'key'> {
  return { id, name: null, key: null }
}

function explanationLines({ explanation, error }: Subject, width: number, colors: Colors): string[] {
  const indented = (text: string) => wrap(visible(text), Math.max(1, width - 6)).map((line) => `     ${line}`)
  if (error !== null) return indented(error).map(colors.red)
  if (explanation === null) return [colors.dim(cutTo(' looking …', width))]
  const paint = { ok: colors.green, note: colors.yellow, problem: colors.red }
  return explanation.findings.flatMap(({ status, sentence, remedy }) => {
    const [first = '', ...rest] = indented(sentence)
    const step = [` ${paint[status](SIGNS[status])} ${first.slice(4)}`, ...rest]
    return remedy === null ? step : [...step, ...indented(remedy).map(paint[status])]
  })
}

function factLines(
  facts: readonly (readonly [name: string, value: string])[],
  width: number,
  colors: Colors,
): string[] {
  return facts.map(([name, value]) => ` ${colors.dim(fit(name, 15))}${cutTo(value, Math.max(1, width - 16))}`)
}

function factsOfCore(row: Row): [string, string][] {
  return [
    ['state', `${row.state}, ${row.writable ? 'writable' : 'read only'}`],
    ['blocks', `${row.total}, ${bytes(row.byteLength)}`],
    ['here', `${row.have}, ${percent(row.have, row.total)}`],
    ['asked for', String(row.want)],
    ['key', row.key ?? 'not known'],
    ['discovery key', row.id],
  ]
}

function factsOfPeer(peer: PeerRow): [string, string][] {
  return [
    ['public key', peer.id === '' ? 'not known before the handshake' : peer.id],
    ['address', peer.address ?? 'unknown'],
    ['round trip', peer.roundTrip === null ? 'unknown' : `${Math.round(peer.roundTrip)} ms`],
    ['received', `${bytes(peer.received)}, ${bytes(peer.down)}/s`],
    ['sent', `${bytes(peer.sent)}, ${bytes(peer.up)}/s`],
  ]
}

function cellLine(board: Board, cell: Cell, ofCore: boolean, width: number): string {
  const row = board.rows.get(cell.core)
  const name = ofCore ? peerTitle(cell.peer) : titleOf(row ?? unknown(cell.core))
  const has = cell.attached ? `has ${percent(cell.have, Math.max(cell.length, row?.length ?? 0))}` : 'asked'
  return cutTo(
    ` ${fit(name, 24)} ${fit(has, 9)} ↓ ${fit(rate(cell.down) || '0', 7)} ↑ ${rate(cell.up) || '0'}`,
    width,
  )
}
