// The page: shows what the worker tells, and tells it what the user does.

import type { Notebook, ToPage, ToWorker } from './messages.js'
import { showConnection, showNote, showNotebooks, showNotes, showProblem, showStore } from './view.js'

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
const tell = (message: ToWorker) => worker.postMessage(message)

let notebooks: readonly Notebook[] = []
let selected: string | null = null

worker.onmessage = ({ data }: MessageEvent<ToPage>) => {
  switch (data.type) {
    case 'store':
      showStore(data.state, data.reason)
      break
    case 'connection':
      showConnection(data.isConnected)
      break
    case 'notebooks':
      notebooks = data.notebooks
      show()
      if (selected === null && notebooks[0] !== undefined) select(notebooks[0].key)
      break
    case 'note':
      if (data.key === selected) showNote(data.index, data.note)
      break
    case 'created':
      select(data.key)
      break
    case 'problem':
      showProblem(data.text)
      break
  }
}
worker.onerror = ({ message }) => showStore('failed', message)

function select(key: string): void {
  if (key === selected) return
  selected = key
  show()
  showNotes(notebooks.find((notebook) => notebook.key === key))
  tell({ type: 'select', key })
}

function show(): void {
  showNotebooks(notebooks, selected, select)
}

onSubmit('create', (name) => tell({ type: 'create', name }))
onSubmit('compose', (text) => {
  if (selected !== null) tell({ type: 'append', key: selected, text })
})

/** Calls back with the text of the form's field, which is then empty. */
function onSubmit(id: string, run: (text: string) => void): void {
  const form = document.getElementById(id) as HTMLFormElement
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const field = form.elements.namedItem('text') as HTMLInputElement
    const text = field.value.trim()
    if (text !== '') run(text)
    field.value = ''
  })
}
