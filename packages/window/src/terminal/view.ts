// What the user of the terminal has chosen, and the effects of the keys.

import type { Explanation } from '@coreyard/inspector'
import type { Board } from '../board/board.js'
import { orderedPeers, orderedRows, SORTS, type Sort } from '../board/order.js'
import type { PeerRow, Row } from '../board/rows.js'

/** A key: its name as `readline` has it, and the character that it types. */
export interface Key {
  readonly name: string
  readonly text: string
}

/** What is explained, or shown in full. */
export interface Subject {
  readonly core: string | null
  readonly peer: string | null
  /** `null` until it is known. */
  explanation: Explanation | null
  error: string | null
  /** The first line that is shown. */
  top: number
}

const ORDERS = Object.keys(SORTS) as Sort[]

export class View {
  readonly #board: Board
  sort: Sort = 'activity'
  filter = ''
  isTyping = false
  focus: 'cores' | 'peers' = 'cores'
  rows: readonly Row[] = []
  peers: readonly PeerRow[] = []
  /** What is chosen, by id. */
  core: string | null = null
  peer: string | null = null
  /** The first core that is shown, and how many are. The frame sets both. */
  top = 0
  height = 1
  subjects: Subject[] = []

  constructor(board: Board) {
    this.#board = board
  }

  get subject(): Subject | undefined {
    return this.subjects.at(-1)
  }

  /** Sorts cores and peers. */
  order(): void {
    this.rows = orderedRows(this.#board, this.sort, this.filter)
    this.peers = orderedPeers(this.#board)
  }

  /** @returns the subject to explain, `'quit'` if the user leaves, or `null` */
  press({ name, text }: Key): Subject | 'quit' | null {
    if (this.isTyping) return this.#type(name, text)
    if (text === 'q') return 'quit'
    if (this.subject !== undefined) return this.#pressInDetails(name, this.subject)
    if (name === 'tab') this.focus = this.focus === 'cores' ? 'peers' : 'cores'
    else if (text === '/') this.isTyping = true
    else if (text === 's') this.#nextSort()
    else if (name === 'escape') this.#filterBy('')
    else if (name === 'return' || name === 'enter') return this.#open()
    else this.#move(name)
    return null
  }

  #type(name: string, text: string): null {
    if (name === 'escape') this.#filterBy('')
    else if (name === 'backspace') this.#filterBy(this.filter.slice(0, -1))
    else if (/^[^\p{Cc}]+$/u.test(text) && this.filter.length < 100) this.#filterBy(this.filter + text)
    if (name === 'escape' || name === 'return' || name === 'enter' || name === 'down') this.isTyping = false
    return null
  }

  #filterBy(filter: string): void {
    this.filter = filter
    this.core = null
    this.top = 0
    this.order()
  }

  #nextSort(): void {
    this.sort = ORDERS[(ORDERS.indexOf(this.sort) + 1) % ORDERS.length] ?? 'activity'
    this.order()
  }

  #pressInDetails(name: string, subject: Subject): null {
    if (name === 'escape' || name === 'backspace' || name === 'left') this.subjects.pop()
    else subject.top = Math.max(0, subject.top + (stepOf(name, this.height) ?? 0))
    return null
  }

  #open(): Subject | null {
    const details = { explanation: null, error: null, top: 0 }
    const subject =
      this.focus === 'cores'
        ? { core: this.core ?? this.rows[0]?.id ?? null, peer: null, ...details }
        : { core: null, peer: this.peer ?? this.peers[0]?.id ?? null, ...details }
    if (subject.core === null && subject.peer === null) return null
    this.subjects.push(subject)
    return subject
  }

  #move(name: string): void {
    const step = stepOf(name, this.height)
    if (step === null) return
    if (this.focus === 'cores') this.core = moved(this.rows, this.core, step)
    else this.peer = moved(this.peers, this.peer, step)
  }
}

function moved(
  items: readonly { readonly id: string }[],
  chosen: string | null,
  step: number,
): string | null {
  const now = items.findIndex(({ id }) => id === chosen)
  const first = now === -1 && step > 0 ? -1 : Math.max(0, now)
  const index = Math.max(0, Math.min(items.length - 1, first + step))
  return items[index]?.id ?? null
}

/** How many lines a key moves down; `null` for a key that does not move. */
function stepOf(name: string, page: number): number | null {
  switch (name) {
    case 'down':
    case 'j':
      return 1
    case 'up':
    case 'k':
      return -1
    case 'pagedown':
      return Math.max(1, page - 1)
    case 'pageup':
      return -Math.max(1, page - 1)
    case 'home':
      return Number.NEGATIVE_INFINITY
    case 'end':
      return Number.MAX_SAFE_INTEGER
    default:
      return null
  }
}
