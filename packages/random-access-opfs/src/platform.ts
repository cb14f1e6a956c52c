// What this package uses of a browser. The types of TypeScript for pages and for workers exclude one another, and a consumer may have
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

/** A timeout of a lock's request. */
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

/** What both ends of a connection to a worker have. */
export interface Port {
  /** Sends a message to the other end. */
  postMessage(message: unknown): void
  /** Sends a message, and hands these buffers over with it. */
  postMessage(message: unknown, transfer: ArrayBuffer[]): void
  /** Set, never read: what a browser says of its type when it is read does not matter. */
  get onmessage(): unknown
  set onmessage(listener: ((event: { readonly data: unknown }) => void) | null)
}

/** A worker, as a page sees it. */
export interface WorkerLike extends Port {
  /** Set, never read, as `onmessage`. */
  get onerror(): unknown
  set onerror(listener: ((event: { readonly message?: string }) => void) | null)
  /** Ends it. */
  terminate(): void
}

interface Platform {
  readonly navigator?: Navigator
  readonly isSecureContext?: boolean
  /** There in dedicated workers, except for old browsers, where it is on no one. */
  readonly FileSystemFileHandle?: { readonly prototype: FileHandle }
  readonly Worker?: new (url: string) => WorkerLike
  readonly Blob: new (parts: readonly string[], options: { type: string }) => object
  readonly URL: { createObjectURL(blob: object): string; revokeObjectURL(url: string): void }
  setTimeout(run: () => void, delay: number): unknown
  readonly AbortSignal: { timeout(milliseconds: number): Signal }
}

export const platform: Platform = globalThis as unknown as Platform

/** Whether this is a place where files of the OPFS can be opened: a dedicated worker. */
export function hasSyncFiles(): boolean {
  return platform.FileSystemFileHandle?.prototype.createSyncAccessHandle !== undefined
}
