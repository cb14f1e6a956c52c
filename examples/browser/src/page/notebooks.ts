// The notebooks: each a core of the store. What changes in them is told to the page.

import Corestore, { StorageError } from '@coreyard/corestore'
import { opfsStorage } from '@coreyard/random-access-opfs'
import type { Note, Notebook, ToPage, ToWorker } from './messages.js'

const open = (store: Corestore, options: { name: string } | { key: string }) =>
  store.get<Note>({ ...options, valueEncoding: 'json' })

type Core = ReturnType<typeof open>

const DIRECTORY = 'coreyard-notebooks'

export class Notebooks {
  readonly store: Corestore
  readonly #tell: (message: ToPage) => void
  readonly #cores = new Map<string, { readonly core: Core; readonly name: string }>()
  #selected: string | null = null
  /** How many notes of the selected notebook were asked for. */
  #shown = 0

  private constructor(store: Corestore, tell: (message: ToPage) => void) {
    this.store = store
    this.#tell = tell
  }

  /** Opens the store; waits while another tab has it. */
  static async open(tell: (message: ToPage) => void): Promise<Notebooks> {
    // A page may be closed at any time. Its own notebooks are written nowhere else, so that there is nobody to ask what is newer.
    const options = { recovery: { timeout: 100, settle: 50 } }
    let store = new Corestore(opfsStorage(DIRECTORY), options)
    try {
      await store.ready()
    } catch (error) {
      await store.close()
      if (!(error instanceof StorageError) || error.code !== 'STORAGE_LOCKED') throw error
      tell({ type: 'store', state: 'waiting' })
      store = new Corestore(opfsStorage(DIRECTORY), { ...options, wait: true })
      await store.ready()
    }
    const notebooks = new Notebooks(store, tell)
    for await (const { key, name } of store.stored()) {
      if (key === null) continue
      const hex = toHex(key)
      await notebooks.#add(
        name === null ? open(store, { key: hex }) : open(store, { name: String(name) }),
        name,
      )
    }
    if (notebooks.#cores.size === 0) await notebooks.handle({ type: 'create', name: 'My first notebook' })
    return notebooks
  }

  /** Of the notebooks that are written here. */
  get ownKeys(): string[] {
    return [...this.#cores].filter(([, { core }]) => core.writable).map(([key]) => key)
  }

  /** Calls back with the key of each notebook that is made from now on. */
  onCreated: (key: string) => void = () => {}

  async handle(message: ToWorker): Promise<void> {
    switch (message.type) {
      case 'create': {
        const key = await this.#add(open(this.store, { name: message.name }), message.name)
        this.#tell({ type: 'created', key })
        this.onCreated(key)
        break
      }
      case 'select':
        this.#selected = message.key
        this.#shown = 0
        this.#showNotes()
        break
      case 'append':
        await this.#cores.get(message.key)?.core.append({ text: message.text, time: Date.now() })
        break
    }
  }

  /** Reads a notebook of somebody else from now on. */
  async follow(key: string): Promise<void> {
    if (!this.#cores.has(key)) await this.#add(open(this.store, { key }), null)
  }

  async #add(core: Core, name: string | Uint8Array | null): Promise<string> {
    await core.ready()
    const key = toHex(core.key)
    if (this.#cores.has(key)) return key
    this.#cores.set(key, { core, name: name === null ? 'Node.js' : String(name) })
    core.on('append', () => {
      this.#showNotebooks()
      if (this.#selected === key) this.#showNotes()
    })
    core.download({ start: 0, end: -1 })
    this.#showNotebooks()
    return key
  }

  #showNotebooks(): void {
    const notebooks = [...this.#cores].map(
      ([key, { core, name }]): Notebook => ({
        key,
        name,
        isOwn: core.writable,
        length: core.length,
        byteLength: core.byteLength,
      }),
    )
    this.#tell({ type: 'notebooks', notebooks })
  }

  /** Tells the notes of the selected notebook that were not told yet, each when it is there. */
  #showNotes(): void {
    const key = this.#selected
    const core = key === null ? undefined : this.#cores.get(key)?.core
    if (key === null || core === undefined) return
    for (; this.#shown < core.length; this.#shown++) {
      const index = this.#shown
      core.get(index).then(
        (note) => {
          if (note !== null) this.#tell({ type: 'note', key, index, note })
        },
        (error: Error) => this.#tell({ type: 'problem', text: error.message }),
      )
    }
  }
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
