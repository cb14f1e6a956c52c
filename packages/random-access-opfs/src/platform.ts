// The parts of a browser that this package uses. The types of TypeScript for pages and for workers exclude each other, and a user may have
// neither.

export interface SyncAccessHandle {
  read(buffer: Uint8Array, options: { at: number }): number
  write(buffer: Uint8Array, options: { at: number }): number
  getSize(): number
  truncate(size: number): void
  flush(): void
  close(): void
}

export interface FileHandle {
  createSyncAccessHandle?(): Promise<SyncAccessHandle>
}

export interface DirectoryHandle {
  getDirectoryHandle(name: string, options: { create: boolean }): Promise<DirectoryHandle>
  getFileHandle(name: string, options: { create: boolean }): Promise<FileHandle>
}

/** The timeout of a request for a lock. */
interface Signal {
  readonly aborted: boolean
}

interface Navigator {
  readonly storage?: { getDirectory?(): Promise<DirectoryHandle> }
  readonly locks?: {
    /** Runs `held` while it holds the lock. */
    request<T>(name: string, options: { signal: Signal }, held: () => Promise<T>): Promise<T>
  }
}

/** The interface that both ends of a connection to a worker share. */
export interface Port {
  /** Sends a message to the other end. */
  postMessage(message: unknown): void
  /** Sends a message, and transfers these buffers with it. */
  postMessage(message: unknown, transfer: ArrayBuffer[]): void
  /** It is only assigned, never read, so the type of its getter is `unknown`. */
  get onmessage(): unknown
  set onmessage(listener: ((event: { readonly data: unknown }) => void) | null)
}

/** A worker, as a page sees it. */
export interface WorkerLike extends Port {
  /** It is only assigned, never read, as `onmessage`. */
  get onerror(): unknown
  set onerror(listener: ((event: { readonly message?: string }) => void) | null)
  /** Stops the worker. */
  terminate(): void
}

interface Platform {
  readonly navigator?: Navigator
  readonly isSecureContext?: boolean
  /** Missing in old browsers. Only dedicated workers have its `createSyncAccessHandle`. */
  readonly FileSystemFileHandle?: { readonly prototype: FileHandle }
  readonly Worker?: new (url: string) => WorkerLike
  readonly Blob: new (parts: readonly string[], options: { type: string }) => object
  readonly URL: { createObjectURL(blob: object): string; revokeObjectURL(url: string): void }
  setTimeout(run: () => void, delay: number): unknown
  readonly AbortSignal: { timeout(milliseconds: number): Signal }
}

export const platform: Platform = globalThis as unknown as Platform

/** Whether files of the OPFS can be opened here: only in a dedicated worker. */
export function hasSyncFiles(): boolean {
  return platform.FileSystemFileHandle?.prototype.createSyncAccessHandle !== undefined
}
