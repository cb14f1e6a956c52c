// Storages that can be read and written at any offset.

declare module 'random-access-storage' {
  import type { EmitterConstructor } from '@coreyard/hypercore-types'

  export type Callback = (error: Error | null) => void

  export interface Stats {
    /** In bytes. */
    size: number
    /** The size of a block in bytes, if the storage has blocks. */
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

  /** A request to an implementation, which answers by calling `callback`. */
  export interface Request<Result = undefined> {
    readonly type: number
    /** In bytes. */
    readonly offset: number
    /** In bytes; `Infinity` for a truncation. */
    readonly size: number
    /** The bytes to write; `null` for any other request. */
    readonly data: Uint8Array | null
    callback(error: Error | null, result?: Result): void
  }

  /** Handles a request. Without it, the storage does not support the operation, or has nothing to do for it. */
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

  /** Bytes that can be read and written at any offset. Operations run concurrently: wait for one if you rely on its result. */
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
    /** Fails if fewer than `size` bytes are stored. */
    read(offset: number, size: number, callback: (error: Error | null, data?: Uint8Array) => void): void
    write(offset: number, data: Uint8Array, callback?: Callback): void
    del(offset: number, size: number, callback?: Callback): void
    truncate(offset: number, callback?: Callback): void
    stat(callback: (error: Error | null, stats?: Stats) => void): void
    suspend(callback?: Callback): void
    close(callback?: Callback): void
    /** Closes the storage and removes its bytes. */
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
    /** Returns all bytes. */
    toBuffer(): Uint8Array
    /** Returns a copy. */
    clone(): RandomAccessMemory
    /** Returns a function that makes storages by name. A storage can be reopened by its name after it was closed. */
    static reusable(): (name: string) => RandomAccessMemory
  }
  export default RandomAccessMemory
}

declare module 'random-access-file' {
  import RandomAccessStorage from 'random-access-storage'

  export interface FileOptions {
    /** `filename` cannot lead out of this directory. */
    directory?: string | undefined
    /** Whether to remove the existing bytes first. Default: `false`. */
    truncate?: boolean | undefined
    /** The size, in bytes, that the file gets when it opens. */
    size?: number | undefined
    readable?: boolean | undefined
    writable?: boolean | undefined
    /** Whether to lock the file while it is open. Default: `false`. */
    lock?: boolean | undefined
    /** Whether to make the file sparse, on systems that require a call for it. Default: `false`. */
    sparse?: boolean | undefined
    /** Whether `unlink` also removes the directory if it becomes empty. Default: `false`. */
    rmdir?: boolean | undefined
    /** Limits how many files are open at once. */
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
