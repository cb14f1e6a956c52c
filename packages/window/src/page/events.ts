// The line of events, and the list that it opens.

import type { Line } from '../board/board.js'
import { byId, make, setText } from './dom.js'
import { clock } from './numbers.js'

export class Events {
  readonly #last = byId('last-event', HTMLElement)
  readonly #toggle = byId('events-toggle', HTMLButtonElement)
  readonly #list = byId('event-list', HTMLOListElement)
  readonly #lines: readonly Line[]

  constructor(lines: readonly Line[]) {
    this.#lines = lines
    this.#toggle.addEventListener('click', () => this.toggle(this.#list.hasAttribute('hidden')))
    this.#list.addEventListener('keydown', ({ key }) => {
      if (key !== 'Escape') return
      this.toggle(false)
      this.#toggle.focus()
    })
  }

  toggle(isOpen: boolean): void {
    this.#list.hidden = !isOpen
    this.#toggle.setAttribute('aria-expanded', String(isOpen))
    this.refresh()
  }

  refresh(): void {
    const last = this.#lines.at(-1)
    setText(this.#last, last === undefined ? 'No events yet' : `${clock(last.time)}  ${last.text}`)
    this.#toggle.className = last?.tone ?? 'plain'
    if (this.#list.hidden) return
    this.#list.replaceChildren(...this.#lines.toReversed().map(makeLine))
  }
}

function makeLine({ time, text, tone }: Line): HTMLElement {
  return make('li', { class: tone }, make('time', {}, clock(time)), text)
}
