// What the page and the worker with the store say to each other.

/** A block of a notebook. */
export interface Note {
  readonly text: string
  /** Milliseconds since 1970. */
  readonly time: number
}

export interface Notebook {
  /** In hex. */
  readonly key: string
  readonly name: string
  readonly isOwn: boolean
  readonly length: number
  readonly byteLength: number
}

export type ToWorker =
  | { readonly type: 'create'; readonly name: string }
  | { readonly type: 'select'; readonly key: string }
  | { readonly type: 'append'; readonly key: string; readonly text: string }

export type ToPage =
  /** `waiting`: another tab has the store. */
  | { readonly type: 'store'; readonly state: 'open' | 'waiting' | 'failed'; readonly reason?: string }
  | { readonly type: 'connection'; readonly isConnected: boolean }
  | { readonly type: 'notebooks'; readonly notebooks: readonly Notebook[] }
  | { readonly type: 'note'; readonly key: string; readonly index: number; readonly note: Note }
  | { readonly type: 'created'; readonly key: string }
  | { readonly type: 'problem'; readonly text: string }
