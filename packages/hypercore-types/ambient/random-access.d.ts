// Storages that are read and written anywhere.

declare module 'random-access-storage' {
  import type { EmitterConstructor } from '@coreyard/hypercore-types'

  export type Callback = (error: Error | null) => void

  export interface Stats {
    /** In bytes. */
    size: number
    /** Size of a block in bytes, where the storage has them. */
    blksize?: number | undefined
    /** In units of 512 bytes. */
    blocks?: number | undefined
  }

  export interface RandomAccessEvents {
    open: []
    close: []
    suspend: []
    unsuspend: []
    unlink: []
  }

  /** What an implementation is asked to do; it answers with `callback`. */
  export interface Request<Result = undefined> {
    readonly type: number
    /** In bytes. */
    readonly offset: number
    /** In bytes; `Infinity` for a truncation. */
    readonly size: number
    /** What to write; `null` for anything but a write. */
    readonly data: Uint8Array | null
    callback(error: Error | null, result?: Result): void
  }

  /** What an implementation does with a request; the rest is not offered, or needs nothing done. */
  type Answer<Result = undefined> = ((request: Request<Result>) => void) | undefined

  export interface RandomAccessMethods {
    open?: Answer
    read?: Answer<Uint8Array>
    write?: Answer
    del?: Answer
    truncate?: Answer
    stat?: Answer<Stats>
    suspend?: Answer
    close?: Answer
    unlink?: Answer
  }

  const RandomAccessEmitter: EmitterConstructor<RandomAccessEvents>

  /** Bytes that are read and written anywhere. Reads and writes run at once: wait for one to rely on its order. */
  class RandomAccessStorage extends RandomAccessEmitter {
    constructor(methods?: RandomAccessMethods)
    readonly opened: boolean
    readonly suspended: boolean
    readonly closed: boolean
    readonly unlinked: boolean
    readonly writing: boolean
    readonly readable: boolean
    readonly writable: boolean
    readonly deletable: boolean
    readonly truncatable: boolean
    readonly statable: boolean
    open(callback?: Callback): void
    /** Fails if fewer than `size` bytes are there. */
    read(offset: number, size: number, callback: (error: Error | null, data?: Uint8Array) => void): void
    write(offset: number, data: Uint8Array, callback?: Callback): void
    del(offset: number, size: number, callback?: Callback): void
    truncate(offset: number, callback?: Callback): void
    stat(callback: (error: Error | null, stats?: Stats) => void): void
    suspend(callback?: Callback): void
    close(callback?: Callback): void
    /** Closes it and removes what is stored. */
    unlink(callback?: Callback): void
    protected _open(request: Request): void
    protected _read(request: Request<Uint8Array>): void
    protected _write(request: Request): void
    protected _del(request: Request): void
    protected _truncate(request: Request): void
    protected _stat(request: Request<Stats>): void
    protected _suspend(request: Request): void
    protected _close(request: Request): void
    protected _unlink(request: Request): void
  }
  export default RandomAccessStorage
}

declare module 'random-access-memory' {
  import RandomAccessStorage from 'random-access-storage'

  export interface MemoryOptions {
    /** In bytes. */
    length?: number | undefined
    /** In bytes. Default: 1 MiB. */
    pageSize?: number | undefined
    buffer?: Uint8Array | undefined
  }

  class RandomAccessMemory extends RandomAccessStorage {
    constructor(content?: number | Uint8Array | MemoryOptions | string)
    /** In bytes. */
    readonly length: number
    /** All of it. */
    toBuffer(): Uint8Array
    /** A copy. */
    clone(): RandomAccessMemory
    /** Makes storages by name that are found again by it after they have been closed. */
    static reusable(): (name: string) => RandomAccessMemory
  }
  export default RandomAccessMemory
}

declare module 'random-access-file' {
  import RandomAccessStorage from 'random-access-storage'

  export interface FileOptions {
    /** `filename` is inside of it, whatever it says. */
    directory?: string | undefined
    /** Whether what is there is removed first. Default: `false`. */
    truncate?: boolean | undefined
    /** In bytes: the file is made that long when it opens. */
    size?: number | undefined
    readable?: boolean | undefined
    writable?: boolean | undefined
    /** Whether the file is locked while open. Default: `false`. */
    lock?: boolean | undefined
    /** Whether the file is sparse, where the system asks. Default: `false`. */
    sparse?: boolean | undefined
    /** Whether `unlink` removes the directory if it is empty then. Default: `false`. */
    rmdir?: boolean | undefined
    /** Bounds how many files are open at once. */
    pool?: FilePool | undefined
  }

  export interface FilePool {
    readonly maxSize: number
  }

  class RandomAccessFile extends RandomAccessStorage {
    constructor(filename: string, options?: FileOptions)
    readonly directory: string | null
    readonly filename: string
    /** The file descriptor; 0 while it is not open. */
    readonly fd: number
    static createPool(maxSize: number): FilePool
  }
  export default RandomAccessFile
}
