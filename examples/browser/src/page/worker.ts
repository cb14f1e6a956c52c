// The worker that has the store: in files of the browser, replicated with the one on Node.js.

import { stayConnected } from './connection.js'
import type { ToPage, ToWorker } from './messages.js'
import { Notebooks } from './notebooks.js'

interface Scope {
  postMessage(message: ToPage): void
  onmessage: ((event: { readonly data: ToWorker }) => void) | null
}

const scope = globalThis as unknown as Scope
const tell = (message: ToPage) => scope.postMessage(message)

const opened = Notebooks.open(tell)
// From the beginning: the page asks for notes as soon as it is told of a notebook.
scope.onmessage = ({ data }) => {
  opened
    .then((notebooks) => notebooks.handle(data))
    .catch((error: Error) => tell({ type: 'problem', text: error.message }))
}
opened.then(
  (notebooks) => {
    tell({ type: 'store', state: 'open' })
    stayConnected(notebooks, (isConnected) => tell({ type: 'connection', isConnected }))
  },
  (error: Error) => tell({ type: 'store', state: 'failed', reason: error.message }),
)
