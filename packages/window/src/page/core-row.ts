// A core in the list.

import { percent, rate } from '../board/figures.js'
import { type Row, titleOf } from '../board/rows.js'
import { make, setText } from './dom.js'
import { count } from './numbers.js'
import { Strip } from './strip.js'
import type { RowView } from './virtual-list.js'

export function makeCoreRow(): RowView<Row> {
  const cell = (name: string) => make('span', { class: name, role: 'gridcell' })
  const [name, blocks, down, up, peers] = [
    cell('name'),
    cell('blocks'),
    cell('down'),
    cell('up'),
    cell('peers'),
  ]
  const strip = new Strip()
  const stripCell = make('span', { class: 'strip-cell', role: 'gridcell' }, strip.element)
  const element = make('div', { class: 'row core' }, name, stripCell, blocks, down, up, peers)
  const show = (row: Row) => {
    setText(name, titleOf(row))
    name.title = titleOf(row)
    name.classList.toggle('key', row.name === null)
    element.classList.toggle('stored', row.state === 'stored')
    element.classList.toggle('bad', row.conflict)
    strip.show(row)
    setText(blocks, blocksOf(row))
    setText(down, rate(row.down))
    setText(up, rate(row.up))
    setText(peers, row.peers === 0 ? '' : count(row.peers))
    describe(down, row.down, 'blocks a second received')
    describe(up, row.up, 'blocks a second sent')
    describe(peers, row.peers, 'peers')
  }
  return { element, show }
}

function blocksOf({ have, total, hasMoreRanges, state }: Row): string {
  if (have >= total) return count(total)
  // Of a stored core, only the blocks up to the first gap are known.
  const here = state === 'stored' && hasMoreRanges ? `${count(have)}+` : count(have)
  return `${here} / ${count(total)} · ${percent(have, total)}`
}

/** The meaning of a number, for users who do not see the head of its column. */
function describe(element: Element, value: number, what: string): void {
  if (value > 0) element.setAttribute('aria-label', `${rate(value)} ${what}`)
  else element.removeAttribute('aria-label')
}
