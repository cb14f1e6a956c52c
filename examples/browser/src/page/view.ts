// What is on the screen.

import type { Note, Notebook } from './messages.js'

const element = (id: string) => document.getElementById(id) as HTMLElement
const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' })

export function showStore(state: 'open' | 'waiting' | 'failed', reason = ''): void {
  const texts = {
    open: '',
    waiting: 'Another tab has these notebooks open. This one goes on when that is closed.',
    failed: `The store cannot be opened. ${reason}`,
  }
  const banner = element('banner')
  banner.textContent = texts[state]
  banner.hidden = state === 'open'
  document.body.dataset.state = state
}

export function showConnection(isConnected: boolean): void {
  const status = element('status')
  status.textContent = isConnected ? 'Replicating with Node.js' : 'Offline: notes are kept here'
  status.dataset.connected = String(isConnected)
}

export function showNotebooks(
  notebooks: readonly Notebook[],
  selected: string | null,
  select: (key: string) => void,
): void {
  element('notebooks').replaceChildren(
    ...notebooks.map((notebook) => {
      const { key, name, isOwn, length, byteLength } = notebook
      const button = make('button', '', [
        make('span', 'name', name),
        make('span', 'kind', isOwn ? 'yours' : 'read only'),
        make('span', 'size', `${counted(length, 'note')} · ${sizeOf(byteLength)}`),
      ])
      button.setAttribute('aria-current', String(key === selected))
      button.addEventListener('click', () => select(key))
      return make('li', '', [button])
    }),
  )
}

/** Empties the list of notes, for those of that notebook. */
export function showNotes(notebook: Notebook | undefined): void {
  element('title').textContent = notebook?.name ?? ''
  element('key').textContent = notebook?.key ?? ''
  element('notes').replaceChildren()
  element('empty').hidden = false
  element('compose').hidden = notebook?.isOwn !== true
}

/** Puts a note at its place among those that are there: blocks arrive in any order. */
export function showNote(index: number, { text, time: at }: Note): void {
  const list = element('notes')
  const scroller = element('scroller')
  const isAtEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80
  const item = make('li', '', [
    make('span', 'index', String(index)),
    make('span', 'text', text),
    make('time', '', time.format(at)),
  ])
  item.dataset.index = String(index)
  const later = [...list.children].find((other) => Number((other as HTMLElement).dataset.index) > index)
  list.insertBefore(item, later ?? null)
  element('empty').hidden = true
  if (isAtEnd) scroller.scrollTop = scroller.scrollHeight
}

export function showProblem(text: string): void {
  const banner = element('banner')
  banner.textContent = text
  banner.hidden = false
}

function make(tag: string, className: string, content: string | readonly Node[] = []): HTMLElement {
  const made = document.createElement(tag)
  if (className !== '') made.className = className
  made.append(...(typeof content === 'string' ? [content] : content))
  return made
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

function sizeOf(bytes: number): string {
  return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} KB`
}
