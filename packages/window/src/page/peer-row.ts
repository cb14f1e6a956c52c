// A peer in the list, with its busiest cores.

import type { Board } from '../board/board.js'
import { percent, rate } from '../board/figures.js'
import { busiest } from '../board/order.js'
import { type Cell, type PeerRow, peerTitle, titleOf } from '../board/rows.js'
import { make, setText, spoken } from './dom.js'
import { bytesRate, counted } from './numbers.js'
import type { RowView } from './virtual-list.js'

/** How many cores of a peer are shown in the list. */
const SHOWN = 3

export function makePeerRow(board: Board): RowView<PeerRow> {
  const title = make('strong', { class: 'key' })
  const address = make('span', { class: 'address' })
  const down = make('span', { class: 'down' })
  const up = make('span', { class: 'up' })
  const more = make('span', { class: 'more' })
  const cores = Array.from({ length: SHOWN }, () => new PeerCore(board))
  const element = make(
    'div',
    { class: 'row peer' },
    make(
      'div',
      { class: 'card', role: 'gridcell' },
      make('div', { class: 'line' }, title, address),
      make('div', { class: 'line' }, spoken('received'), down, spoken('sent'), up, more),
      ...cores.map(({ element: core }) => core),
    ),
  )
  const show = (peer: PeerRow) => {
    setText(title, peerTitle(peer.id))
    setText(address, peer.address ?? '')
    setText(down, bytesRate(peer.down))
    setText(up, bytesRate(peer.up))
    const trip = peer.roundTrip === null ? [] : [`${Math.round(peer.roundTrip)} ms`]
    const refused = peer.refused.length === 0 ? [] : [`${peer.refused.length} refused`]
    setText(more, [counted(peer.cores, 'core'), ...trip, ...refused].join(' · '))
    element.classList.toggle('bad', peer.refused.length > 0)
    const cells = busiest(board.cells.get(peer.id)?.values() ?? [])
    for (const [index, core] of cores.entries()) core.show(cells[index])
  }
  return { element, show }
}

/** A core of a peer, as a line: how much of it the peer has, and what goes both ways. */
class PeerCore {
  readonly #board: Board
  readonly #name = make('span', { class: 'name' })
  readonly #have = make('span', { class: 'have' })
  readonly #bar = make('span', { class: 'bar-fill' })
  readonly #down = make('span', { class: 'down' })
  readonly #up = make('span', { class: 'up' })
  readonly element = make(
    'div',
    { class: 'line of-core' },
    this.#name,
    make('span', { class: 'bar-all', 'aria-hidden': 'true' }, this.#bar),
    this.#have,
    this.#down,
    this.#up,
  )

  constructor(board: Board) {
    this.#board = board
  }

  show(cell: Cell | undefined): void {
    this.element.classList.toggle('none', cell === undefined)
    if (cell === undefined) return
    const row = this.#board.rows.get(cell.core)
    setText(this.#name, titleOf(row ?? { id: cell.core, name: null, key: null }))
    const share = cell.attached ? percent(cell.have, Math.max(cell.length, row?.length ?? 0)) : ''
    setText(this.#have, cell.attached ? share : 'asked')
    this.#bar.style.width = share
    setText(this.#down, rate(cell.down))
    setText(this.#up, rate(cell.up))
  }
}
