// The page of the window: the board that the command keeps up to date, and the parts that show it.

import { Board, type Update } from '../board/board.js'
import { orderedPeers, orderedRows, SORTS, type Sort } from '../board/order.js'
import type { PeerRow, Row } from '../board/rows.js'
import { bytes, visible } from '../text.js'
import { Chart } from './chart.js'
import { connect } from './connection.js'
import { makeCoreRow } from './core-row.js'
import { Details } from './details.js'
import { byId, make, setText } from './dom.js'
import { Events } from './events.js'
import { clock, count, counted } from './numbers.js'
import { makePeerRow } from './peer-row.js'
import { VirtualList } from './virtual-list.js'

/** How often cores are sorted, in milliseconds. */
const SORT_EVERY = 1000

const board = new Board()
const chart = new Chart(byId('chart', SVGSVGElement))
const events = new Events(board.lines)
const filter = byId('filter', HTMLInputElement)
const sort = byId('sort', HTMLSelectElement)
const note = byId('note', HTMLElement)

const cores = new VirtualList<Row>({
  element: byId('core-list', HTMLElement),
  label: 'Cores: arrow keys choose one, Enter explains it',
  idOf: ({ id }) => id,
  itemOf: (id) => board.rows.get(id),
  makeRow: makeCoreRow,
  onOpen: ({ id }) => open(cores, { core: id, peer: null }),
  empty: () =>
    board.rows.size === 0
      ? board.status.listing
        ? 'Listing the cores …'
        : 'There are no cores.'
      : 'No core matches.',
})
const peers = new VirtualList<PeerRow>({
  element: byId('peer-list', HTMLElement),
  label: 'Peers: arrow keys choose one, Enter explains it',
  idOf: ({ id }) => id,
  // The cores of the peer have changed, even if the peer itself has not.
  itemOf: (id) => copyOf(board.peers.get(id)),
  makeRow: () => makePeerRow(board),
  onOpen: ({ id }) => open(peers, { core: null, peer: id }),
  empty: () => 'No peer is connected.',
})
/** Where the focus was before the details were opened. */
let opener: { focus(): void } = cores
const details = new Details(byId('details', HTMLElement), board, () => opener.focus())

let isConnected = false
let isEmpty = true
let sorting: ReturnType<typeof setTimeout> | undefined
let shownTime = 0

for (const [value, text] of Object.entries(SORTS)) sort.append(make('option', { value }, text))
sort.addEventListener('change', () => order())
filter.addEventListener('input', () => order())
filter.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') filter.value = ''
  if (event.key === 'Escape') order()
  if (event.key === 'Escape' || event.key === 'Enter' || event.key === 'ArrowDown') {
    event.preventDefault()
    cores.focus()
  }
})
document.addEventListener('keydown', (event) => {
  const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement
  if (event.key === '/' && !isTyping) {
    event.preventDefault()
    details.close()
    filter.focus()
    filter.select()
  } else if (event.key === 'Escape' && !isTyping) details.close()
})
connect(onUpdate, () => {
  isConnected = false
  showStatus()
})
cores.focus()

function copyOf(peer: PeerRow | undefined): PeerRow | undefined {
  return peer && { ...peer }
}

function open(from: { focus(): void }, subject: { core: string | null; peer: string | null }): void {
  opener = from
  details.show(subject)
}

function onUpdate(update: Update): void {
  isConnected = true
  board.apply(update)
  if (update.reset === true) chart.clear()
  if (update.reset === true || isEmpty) order()
  else cores.refresh()
  orderSoon()
  peers.show(orderedPeers(board))
  if (board.status.time !== shownTime) showTraffic()
  shownTime = board.status.time
  details.refresh()
  events.refresh()
  showStatus()
}

/** Not while the user chooses a row, and not too often: a row that moves is hard to read. */
function orderSoon(): void {
  if (sorting !== undefined) return
  sorting = setTimeout(() => {
    sorting = undefined
    if (cores.isBusy) orderSoon()
    else order()
  }, SORT_EVERY)
}

function order(): void {
  const rows = orderedRows(board, isSort(sort.value) ? sort.value : 'activity', filter.value)
  cores.show(rows)
  isEmpty = rows.length === 0
  const all = board.rows.size
  const text = rows.length === all ? count(all) : `${count(rows.length)} of ${count(all)}`
  setText(byId('cores-count', HTMLElement), board.status.listing ? `${text} …` : text)
}

function isSort(value: string): value is Sort {
  return Object.hasOwn(SORTS, value)
}

function showTraffic(): void {
  let [down, up] = [0, 0]
  for (const peer of board.peers.values()) {
    down += peer.down
    up += peer.up
  }
  chart.add(down, up)
  setText(byId('down', HTMLElement), bytes(Math.round(down)))
  setText(byId('up', HTMLElement), bytes(Math.round(up)))
}

const STATES = { live: 'live', disk: 'as on disk', waiting: 'waiting' } as const

function showStatus(): void {
  const { status } = board
  const { store, directory, state, time } = status
  const element = byId('state', HTMLElement)
  element.dataset.state = isConnected ? state : 'lost'
  setText(element, isConnected ? STATES[state] : 'not connected')
  const name = visible(directory?.split(/[\\/]/).filter(Boolean).at(-1) ?? 'Coreyard')
  setText(byId('directory', HTMLElement), name)
  byId('directory', HTMLElement).title = visible(directory ?? '')
  document.title = directory === null ? 'Coreyard' : `${name} · Coreyard`
  setText(byId('peers-count', HTMLElement), count(board.peers.size))
  setText(byId('facts', HTMLElement), store === null ? '' : factsOf(store))
  const lost = isConnected
    ? null
    : 'The command that serves this page does not answer. Start it again, and open its new address.'
  const suspended =
    store?.suspended === true && state === 'live'
      ? 'The store is suspended: it reads and writes nothing.'
      : null
  const last = state === 'waiting' && time > 0 ? ` What is shown is of ${clock(time)}.` : ''
  const text = lost ?? (status.note === null ? suspended : `${status.note}${last}`)
  note.hidden = text === null
  setText(note, text ?? '')
}

function factsOf({
  engine,
  readOnly,
  disk,
  open: openCores,
  waiting,
}: NonNullable<Board['status']['store']>): string {
  const parts = [
    engine === 'rocksdb' ? 'RocksDB' : 'files',
    ...(readOnly ? ['read only'] : []),
    `${counted(openCores, 'core')} open`,
  ]
  if (disk !== null) parts.push(`${bytes(disk.used)} used`)
  if (disk?.free != null) parts.push(`${bytes(disk.free)} free`)
  if (waiting > 0) parts.push(`${counted(waiting, 'core')} wait for capacity`)
  return parts.join(' · ')
}
