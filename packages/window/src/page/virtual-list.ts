// A list of any length. Only its visible rows are in the document. The user chooses one row with a click or with the keys.

export interface RowView<Item> {
  readonly element: HTMLElement
  show(item: Item): void
}

export interface ListOptions<Item> {
  /** The element that scrolls and has the focus. */
  readonly element: HTMLElement
  /** The name of the list for screen readers. */
  readonly label: string
  readonly idOf: (item: Item) => string
  /** An item as it is now: asked for the rows that are drawn. */
  readonly itemOf: (id: string) => Item | undefined
  readonly makeRow: () => RowView<Item>
  /** Called for a click or Enter on a row. */
  readonly onOpen: (item: Item) => void
  /** What stands there without rows. */
  readonly empty: () => string
}

interface Shown<Item> extends RowView<Item> {
  item: Item | null
  index: number
}

/** How many rows above and below the visible ones are in the document, too. */
const MARGIN = 6
/** For this long after the user has used the list, rows should keep their places, in milliseconds. */
const BUSY = 1500

export class VirtualList<Item> {
  readonly #options: ListOptions<Item>
  readonly #body = document.createElement('div')
  readonly #empty = document.createElement('p')
  readonly #shown = new Map<string, Shown<Item>>()
  #items: readonly Item[] = []
  #indexes = new Map<string, number>()
  #chosen: string | null = null
  #isDrawing = false
  #touched = 0

  constructor(options: ListOptions<Item>) {
    this.#options = options
    const { element, label } = options
    this.#body.className = 'rows'
    this.#body.setAttribute('role', 'rowgroup')
    this.#empty.className = 'empty'
    element.setAttribute('role', 'grid')
    element.setAttribute('aria-label', label)
    element.tabIndex = 0
    element.append(this.#body, this.#empty)
    element.addEventListener('scroll', () => this.#touch(), { passive: true })
    element.addEventListener('pointermove', () => this.#touch(), { passive: true })
    element.addEventListener('keydown', (event) => this.#onkey(event))
    element.addEventListener('click', (event) => this.#onclick(event))
    element.addEventListener('focus', () => this.#onfocus())
    new ResizeObserver(() => this.#draw()).observe(element)
  }

  /** Whether the user is using the list, so that rows should not move. */
  get isBusy(): boolean {
    return performance.now() - this.#touched < BUSY
  }

  show(items: readonly Item[]): void {
    this.#items = items
    this.#indexes = new Map(items.map((item, index) => [this.#options.idOf(item), index]))
    this.#draw()
  }

  /** Draws rows again whose items have changed, where they are. */
  refresh(): void {
    this.#draw()
  }

  focus(): void {
    this.#options.element.focus()
  }

  choose(id: string | null): void {
    this.#chosen = id
    this.#draw()
  }

  /** Draws once, before the next frame of the screen. */
  #draw(): void {
    if (this.#isDrawing) return
    this.#isDrawing = true
    requestAnimationFrame(() => {
      this.#isDrawing = false
      this.#drawNow()
    })
  }

  #drawNow(): void {
    const { element, empty } = this.#options
    const height = this.#rowHeight()
    this.#body.style.height = `${this.#items.length * height}px`
    this.#empty.hidden = this.#items.length > 0
    if (!this.#empty.hidden) this.#empty.textContent = empty()
    element.setAttribute('aria-rowcount', String(this.#items.length))
    const first = Math.max(0, Math.floor(element.scrollTop / height) - MARGIN)
    const last = Math.min(
      this.#items.length,
      Math.ceil((element.scrollTop + element.clientHeight) / height) + MARGIN,
    )
    const visible = this.#items.slice(first, last)
    const ids = new Set(visible.map(this.#options.idOf))
    // The chosen row stays, as screen readers are led to it.
    for (const [id, row] of this.#shown) {
      if (ids.has(id)) continue
      row.element.remove()
      this.#shown.delete(id)
    }
    for (const [offset, item] of visible.entries()) this.#drawRow(item, first + offset, height)
    const chosen = this.#chosen === null ? undefined : this.#shown.get(this.#chosen)
    if (chosen === undefined) element.removeAttribute('aria-activedescendant')
    else element.setAttribute('aria-activedescendant', chosen.element.id)
  }

  #drawRow(listed: Item, index: number, height: number): void {
    const id = this.#options.idOf(listed)
    const item = this.#options.itemOf(id) ?? listed
    const row = this.#shown.get(id) ?? this.#newRow(id)
    if (row.item !== item) row.show(item)
    row.item = item
    row.index = index
    row.element.style.transform = `translateY(${index * height}px)`
    row.element.setAttribute('aria-rowindex', String(index + 1))
    row.element.setAttribute('aria-selected', String(id === this.#chosen))
  }

  #newRow(id: string): Shown<Item> {
    const view = this.#options.makeRow()
    const { element } = view
    element.setAttribute('role', 'row')
    element.id = `${this.#options.element.id}-${id}`
    element.dataset.id = id
    this.#body.append(element)
    const row: Shown<Item> = { element, show: (item) => view.show(item), item: null, index: -1 }
    this.#shown.set(id, row)
    return row
  }

  #rowHeight(): number {
    return Number.parseFloat(getComputedStyle(this.#options.element).getPropertyValue('--row-height')) || 36
  }

  #touch(): void {
    this.#touched = performance.now()
    this.#draw()
  }

  #onclick(event: Event): void {
    const row = event.target instanceof Element ? event.target.closest('[data-id]') : null
    if (!(row instanceof HTMLElement)) return
    const index = this.#indexes.get(row.dataset.id ?? '')
    if (index === undefined) return
    this.#move(index)
    this.#open()
  }

  #onfocus(): void {
    if (this.#chosen !== null && this.#indexes.has(this.#chosen)) return
    const first = Math.ceil(this.#options.element.scrollTop / this.#rowHeight())
    const item = this.#items[first]
    if (item !== undefined) this.choose(this.#options.idOf(item))
  }

  #onkey(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const now = this.#chosen === null ? -1 : (this.#indexes.get(this.#chosen) ?? -1)
    const page = Math.max(1, Math.floor(this.#options.element.clientHeight / this.#rowHeight()) - 1)
    const moves: { readonly [key: string]: number } = {
      ArrowDown: now + 1,
      ArrowUp: now - 1,
      PageDown: now + page,
      PageUp: now - page,
      Home: 0,
      End: this.#items.length - 1,
    }
    const to = moves[event.key]
    if (to !== undefined) this.#move(to)
    else if (event.key === 'Enter' || event.key === ' ') this.#open()
    else return
    event.preventDefault()
  }

  #move(to: number): void {
    const index = Math.max(0, Math.min(this.#items.length - 1, to))
    const item = this.#items[index]
    if (item === undefined) return
    const { element } = this.#options
    const height = this.#rowHeight()
    const [top, bottom] = [index * height, (index + 1) * height]
    if (top < element.scrollTop) element.scrollTop = top
    else if (bottom > element.scrollTop + element.clientHeight)
      element.scrollTop = bottom - element.clientHeight
    this.#touched = performance.now()
    this.choose(this.#options.idOf(item))
  }

  #open(): void {
    const index = this.#chosen === null ? undefined : this.#indexes.get(this.#chosen)
    const item = index === undefined ? undefined : this.#items[index]
    if (item !== undefined) this.#options.onOpen(item)
  }
}
