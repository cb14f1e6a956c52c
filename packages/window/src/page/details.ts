// The details of a core or a peer, and why it does not replicate.

import type { Board } from '../board/board.js'
import { percent, rate } from '../board/figures.js'
import { busiest, cellsOfCore } from '../board/order.js'
import { type Cell, type PeerRow, peerTitle, type Row, titleOf } from '../board/rows.js'
import { bytes } from '../text.js'
import { explain } from './connection.js'
import { make } from './dom.js'
import { makeLadder } from './ladder.js'
import { bytesRate, count, date } from './numbers.js'
import { Strip } from './strip.js'

/** What is shown: a core, a peer, or a core with a peer. */
export interface Subject {
  readonly core: string | null
  readonly peer: string | null
}

/** How often an explanation is updated, in milliseconds. */
const AGAIN = 2000
/** How many cores of a peer, or peers of a core, are shown. */
const MOST_SHOWN = 100

export class Details {
  readonly #element: HTMLElement
  readonly #board: Board
  readonly #onClose: () => void
  readonly #body = make('div', { class: 'body' })
  readonly #title = make('h2', { id: 'details-title' })
  readonly #back = make(
    'button',
    { type: 'button', class: 'back', 'aria-label': 'Back' },
    make('span', { class: 'arrow-back' }),
  )
  readonly #facts = make('dl', {})
  readonly #strip = new Strip()
  readonly #why = make('div', { class: 'why', 'aria-live': 'polite' })
  readonly #others = make('div', { class: 'others' })
  #stack: Subject[] = []
  #explained = ''
  #othersShown = ''
  #asking: AbortController | null = null

  constructor(element: HTMLElement, board: Board, onClose: () => void) {
    this.#element = element
    this.#board = board
    this.#onClose = onClose
    const close = make(
      'button',
      { type: 'button', class: 'close', 'aria-label': 'Close' },
      make('span', { class: 'cross' }),
    )
    close.addEventListener('click', () => this.close())
    this.#back.addEventListener('click', () => this.back())
    element.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return
      event.stopPropagation()
      this.back()
    })
    this.#others.addEventListener('click', (event) => {
      const button = event.target instanceof Element ? event.target.closest('button') : null
      if (button?.dataset.core !== undefined)
        this.#open({ core: button.dataset.core, peer: button.dataset.peer ?? null })
    })
    this.#body.append(this.#strip.element, this.#why, this.#facts, this.#others)
    element.append(make('div', { class: 'bar' }, this.#back, this.#title, close), this.#body)
  }

  show(subject: Subject): void {
    this.#stack = []
    this.#open(subject)
  }

  /** To what was shown before; closes it if that was nothing. */
  back(): void {
    this.#stack.pop()
    const subject = this.#stack.pop()
    if (subject === undefined) this.close()
    else this.#open(subject)
  }

  close(): void {
    if (this.#element.hidden) return
    this.#stack = []
    this.#asking?.abort()
    this.#element.hidden = true
    document.body.classList.remove('has-details')
    this.#onClose()
  }

  /** Something has changed. */
  refresh(): void {
    const subject = this.#stack.at(-1)
    if (subject !== undefined) this.#draw(subject)
  }

  #open(subject: Subject): void {
    this.#stack.push(subject)
    this.#element.hidden = false
    document.body.classList.add('has-details')
    this.#back.hidden = this.#stack.length < 2
    this.#explained = ''
    this.#othersShown = ''
    this.#why.replaceChildren()
    this.#body.scrollTop = 0
    this.#draw(subject)
    this.#element.focus()
    this.#asking?.abort()
    this.#asking = new AbortController()
    void this.#explain(subject, this.#asking.signal)
  }

  #draw({ core, peer }: Subject): void {
    const row = core === null ? undefined : this.#board.rows.get(core)
    const peerRow = peer === null ? undefined : this.#board.peers.get(peer)
    this.#strip.element.toggleAttribute('hidden', core === null)
    if (core !== null) {
      const name = titleOf(row ?? { id: core, name: null, key: null })
      this.#title.replaceChildren(name, ...(peer === null ? [] : [' with ', peerTitle(peer)]))
      if (row !== undefined) this.#strip.show(row)
      const cell = peer === null ? undefined : this.#board.cells.get(peer)?.get(core)
      this.#showFacts([
        ...(cell === undefined ? [] : factsOfCell(cell)),
        ...(row === undefined ? [] : factsOfCore(row)),
      ])
    } else if (peer !== null) {
      this.#title.replaceChildren('Peer ', peerTitle(peer))
      this.#showFacts(peerRow === undefined ? [['State', 'has left']] : factsOfPeer(peerRow))
    }
    this.#showOthers({ core, peer }, peerRow)
  }

  #showFacts(facts: readonly (readonly [name: string, value: string])[]): void {
    const children = facts.flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, value)])
    this.#facts.replaceChildren(...children)
  }

  /** The peers of a core, or the cores of a peer. */
  #showOthers({ core, peer }: Subject, peerRow: PeerRow | undefined): void {
    const ofCore = core !== null
    const cells = ofCore
      ? cellsOfCore(this.#board, core)
      : busiest(this.#board.cells.get(peer ?? '')?.values() ?? [])
    const shown = JSON.stringify([cells.slice(0, MOST_SHOWN), peerRow?.refused])
    if (shown === this.#othersShown || (ofCore && peer !== null)) return
    this.#othersShown = shown
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset : {}
    const buttons = cells.slice(0, MOST_SHOWN).map((cell) => this.#makeOther(cell, ofCore))
    const refused = ofCore ? [] : (peerRow?.refused ?? []).map((refusal) => this.#makeRefusal(refusal, peer))
    const heading = ofCore ? 'Its peers' : 'Its cores'
    const more = cells.length - buttons.length
    this.#others.replaceChildren(
      ...(buttons.length === 0 ? [] : [make('h3', {}, `${heading} (${count(cells.length)})`), ...buttons]),
      ...(more > 0 ? [make('p', { class: 'more' }, `and ${count(more)} more that are quieter`)] : []),
      ...(refused.length === 0 ? [] : [make('h3', {}, 'Refused'), ...refused]),
    )
    // The button was replaced by a new one.
    const same = [...this.#others.querySelectorAll('button')].find(
      ({ dataset }) => dataset.core === focused.core && dataset.peer === focused.peer,
    )
    if (focused.core !== undefined) same?.focus()
  }

  #makeOther(cell: Cell, ofCore: boolean): HTMLElement {
    const row = this.#board.rows.get(cell.core)
    const name = ofCore ? peerTitle(cell.peer) : titleOf(row ?? { id: cell.core, name: null, key: null })
    const share = cell.attached ? percent(cell.have, Math.max(cell.length, row?.length ?? 0)) : 'asked'
    const down = make('span', { class: 'down' }, rate(cell.down))
    const up = make('span', { class: 'up' }, rate(cell.up))
    const named = make('span', { class: ofCore || row?.name == null ? 'name key' : 'name' }, name)
    const bar = make('span', { class: 'bar-fill' })
    bar.style.width = cell.attached ? share : '0'
    const all = make('span', { class: 'bar-all', 'aria-hidden': 'true' }, bar)
    const attributes = { type: 'button', class: 'other', 'data-core': cell.core, 'data-peer': cell.peer }
    return make('button', attributes, named, all, make('span', { class: 'have' }, share), down, up)
  }

  #makeRefusal({ core, reason }: PeerRow['refused'][number], peer: string | null): HTMLElement {
    const name = titleOf(this.#board.rows.get(core) ?? { id: core, name: null, key: null })
    const attributes = { type: 'button', class: 'other bad', 'data-core': core, 'data-peer': peer ?? '' }
    return make('button', attributes, make('span', { class: 'name' }, name), make('span', {}, reason))
  }

  /** Asks now, and repeatedly while the details are shown. */
  async #explain({ core, peer }: Subject, signal: AbortSignal): Promise<void> {
    if (core === null) return
    while (!signal.aborted) {
      try {
        const explanation = await explain(core, peer, signal)
        const text = JSON.stringify(explanation.findings.map(({ code, sentence }) => [code, sentence]))
        if (text !== this.#explained && !signal.aborted) this.#why.replaceChildren(makeLadder(explanation))
        this.#explained = text
      } catch (error) {
        if (signal.aborted) return
        const message = error instanceof Error ? error.message : String(error)
        this.#explained = ''
        this.#why.replaceChildren(make('p', { class: 'verdict problem' }, message))
      }
      await new Promise((resolve) => setTimeout(resolve, AGAIN))
      // A store that was read from disk does not change.
      while (!signal.aborted && (document.hidden || this.#board.status.state !== 'live')) {
        await new Promise((resolve) => setTimeout(resolve, AGAIN))
      }
    }
  }
}

type Facts = (readonly [name: string, value: string])[]

function factsOfCore(row: Row): Facts {
  return [
    ['State', `${row.state}, ${row.writable ? 'writable' : 'read only'}`],
    ['Blocks', `${count(row.total)}, ${bytes(row.byteLength)}`],
    ['Here', `${count(row.have)}, ${percent(row.have, row.total)}`],
    ['Asked for', count(row.want)],
    ['Last written', date(row.lastWritten)],
    ['Key', row.key ?? 'not known'],
    ['Discovery key', row.id],
    ...(row.namespace === null ? [] : ([['Namespace', row.namespace]] as const)),
    ...(row.errors > 0 ? ([['Wrong answers', count(row.errors)]] as const) : []),
  ]
}

function factsOfCell(cell: Cell): Facts {
  return [
    ['The peer has', `${count(cell.have)} of ${count(cell.length)} blocks`],
    [
      'The peer',
      `${cell.uploading ? 'serves' : 'does not serve'}, ${cell.downloading ? 'downloads' : 'does not download'}`,
    ],
    ['In flight', count(cell.inFlight)],
    ['Blocks a second', `${rate(cell.down) || '0'} received, ${rate(cell.up) || '0'} sent`],
  ]
}

function factsOfPeer(peer: PeerRow): Facts {
  return [
    ['Public key', peer.id === '' ? 'not known before the handshake' : peer.id],
    ['Address', peer.address ?? 'unknown'],
    ['Streams', count(peer.streams)],
    ['Round trip', peer.roundTrip === null ? 'unknown' : `${Math.round(peer.roundTrip)} ms`],
    ['Received', `${bytes(peer.received)}, ${bytesRate(peer.down)}`],
    ['Sent', `${bytes(peer.sent)}, ${bytesRate(peer.up)}`],
  ]
}
