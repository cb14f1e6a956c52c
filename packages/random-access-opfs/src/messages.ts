// The messages between a page and the worker that has its file open.

/** The methods of a storage that the page can call in the worker. */
export type Method = 'open' | 'read' | 'write' | 'stat' | 'truncate' | 'sync' | 'close'

export type Request =
  | { readonly path: string }
  | { readonly id: number; readonly method: Method; readonly args: readonly unknown[] }

/** @property code of an error */
export interface Answer {
  readonly id: number
  readonly error: { readonly message: string; readonly code: string } | null
  readonly result: unknown
}
