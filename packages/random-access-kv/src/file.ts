// A `random-access-storage` on one file, optimised for a store: small reads and writes are positional and synchronous; large ones and
// every sync go through the thread pool. README, "Why the file storage writes synchronously", has the reasons and limits.

import fs from 'node:fs'
import path from 'node:path'
import { isWindows } from 'which-runtime'
import { lockFile } from '#lock-file'
import { now } from './clock.js'
import { KvError } from './errors.js'
import type { RandomAccessStorage } from './storage/storage.js'

export { lockFile }

/** Up to this many bytes are read and written synchronously. */
const SMALL = 64 * 1024
/** A synchronous call that took longer than this many milliseconds met a slow disk, or lost the processor. */
const SLOW = 10
/** Two slow calls within this many milliseconds mean a slow disk. */
const NEAR = 200
/** After that, everything goes through the thread pool for this many milliseconds. */
const REST = 250

/** The options of a `FileStorage`. */
export interface FileOptions {
  /** Open the file for reading only, with a shared lock. Default: false. */
  readonly readOnly?: boolean
  /** Lock the file. If another process, or another storage of this process, has locked it, `open` fails with `KV_LOCKED`. Default: true. */
  readonly lock?: boolean
}

type Callback<T = void> = (error: Error | null, result: T) => void

/** Whether an open file is still the one at its path. Another process may remove it between the opening and the locking. */
export function isInPlace(fd: number, file: string): boolean {
  return fs.existsSync(file) && fs.statSync(file).ino === fs.fstatSync(fd).ino
}

/**
 * One file as a storage. `open` creates the file and its directory if they do not exist, with the modes `0600` and `0700`. With `readOnly`
 * it creates nothing.
 */
export class FileStorage implements RandomAccessStorage {
  /** The absolute path: the process may change its working directory before the file is opened again. */
  readonly filename: string
  readonly isolated = true
  readonly #readOnly: boolean
  readonly #lock: boolean
  #fd = -1
  #slowAt = Number.NEGATIVE_INFINITY
  #restUntil = 0

  /** @param filename where the file is, or will be */
  constructor(filename: string, options: FileOptions = {}) {
    this.filename = path.resolve(filename)
    this.#readOnly = options.readOnly ?? false
    this.#lock = options.lock ?? true
  }

  open(callback: Callback): void {
    if (this.#fd !== -1) {
      callback(null)
      return
    }
    try {
      this.#openNow()
    } catch (error) {
      callback(error as Error)
      return
    }
    callback(null)
  }

  #openNow(): void {
    const directory = path.dirname(this.filename)
    const made = this.#readOnly ? undefined : makeDirectory(directory)
    const isNew = !this.#readOnly && !fs.existsSync(this.filename)
    const flags = this.#readOnly ? fs.constants.O_RDONLY : fs.constants.O_RDWR | fs.constants.O_CREAT
    const fd = fs.openSync(this.filename, flags, 0o600)
    try {
      if (this.#lock && !(lockFile(fd, { shared: this.#readOnly }) && isInPlace(fd, this.filename))) {
        throw new KvError('KV_LOCKED', `${this.filename} is open elsewhere: close the other store first`, {
          file: this.filename,
        })
      }
      if (isNew && !isWindows) syncDirectories(directory, made)
    } catch (error) {
      fs.closeSync(fd)
      throw error
    }
    this.#fd = fd
  }

  read(offset: number, size: number, callback: Callback<Uint8Array>): void {
    const data = Buffer.allocUnsafeSlow(size)
    if (!this.#isQuick(size)) {
      this.#readLate(data, 0, offset, callback)
      return
    }
    const started = now()
    try {
      for (let done = 0; done < size; ) {
        const count = fs.readSync(this.#fd, data, done, size - done, offset + done)
        if (count === 0) throw this.#endOfFile(offset, size)
        done += count
      }
    } catch (error) {
      callback(error as Error, data)
      return
    }
    this.#took(started)
    callback(null, data)
  }

  #readLate(data: Buffer, done: number, offset: number, callback: Callback<Uint8Array>): void {
    if (done === data.length) {
      callback(null, data)
      return
    }
    fs.read(this.#fd, data, done, data.length - done, offset + done, (error, count) => {
      if (error) callback(error, data)
      else if (count === 0) callback(this.#endOfFile(offset, data.length), data)
      else this.#readLate(data, done + count, offset, callback)
    })
  }

  write(offset: number, data: Uint8Array, callback: Callback): void {
    if (!this.#isQuick(data.length)) {
      this.#writeLate(data, 0, offset, callback)
      return
    }
    const started = now()
    try {
      for (let done = 0; done < data.length; ) {
        done += fs.writeSync(this.#fd, data, done, data.length - done, offset + done)
      }
    } catch (error) {
      callback(error as Error)
      return
    }
    this.#took(started)
    callback(null)
  }

  #writeLate(data: Uint8Array, done: number, offset: number, callback: Callback): void {
    if (done === data.length) {
      callback(null)
      return
    }
    fs.write(this.#fd, data, done, data.length - done, offset + done, (error, count) => {
      if (error) callback(error)
      else this.#writeLate(data, done + count, offset, callback)
    })
  }

  stat(callback: Callback<{ size: number }>): void {
    try {
      callback(null, { size: fs.fstatSync(this.#fd).size })
    } catch (error) {
      callback(error as Error, { size: 0 })
    }
  }

  truncate(size: number, callback: Callback): void {
    fs.ftruncate(this.#fd, size, (error) => callback(error))
  }

  sync(callback: Callback): void {
    fs.fdatasync(this.#fd, (error) => callback(error))
  }

  suspend(callback: Callback): void {
    this.close(callback)
  }

  close(callback: Callback): void {
    if (this.#fd === -1) {
      callback(null)
      return
    }
    const fd = this.#fd
    this.#fd = -1
    // Closing the descriptor releases the lock.
    fs.close(fd, (error) => callback(error ?? null))
  }

  #isQuick(size: number): boolean {
    return size <= SMALL && (this.#restUntil === 0 || this.#isRested())
  }

  #isRested(): boolean {
    if (now() < this.#restUntil) return false
    this.#restUntil = 0
    return true
  }

  #took(started: number): void {
    const ended = now()
    if (ended - started <= SLOW) return
    if (ended - this.#slowAt < NEAR) this.#restUntil = ended + REST
    this.#slowAt = ended
  }

  #endOfFile(offset: number, size: number): Error {
    const message = `${this.filename} ends before offset ${offset + size}`
    return Object.assign(new Error(message), { code: 'EPARTIALREAD', path: this.filename, offset, size })
  }
}

/** Creates a directory and its missing parents. Returns the topmost directory that it created; `undefined` if all existed. */
function makeDirectory(directory: string): string | undefined {
  let made: string | undefined
  for (let at = directory; !fs.existsSync(at) && at !== path.dirname(at); at = path.dirname(at)) made = at
  if (made !== undefined) fs.mkdirSync(directory, { recursive: true, mode: 0o700 })
  return made
}

/**
 * Makes the name of a new file as safe from a power cut as its content, and the names of the directories that were created for it.
 *
 * @param made the topmost of these directories
 */
function syncDirectories(directory: string, made: string | undefined): void {
  for (let at = directory; ; at = path.dirname(at)) {
    syncDirectory(at)
    // The name of a directory is in the one above.
    if (made === undefined || at === path.dirname(made) || at === path.dirname(at)) return
  }
}

function syncDirectory(directory: string): void {
  const fd = fs.openSync(directory, fs.constants.O_RDONLY)
  try {
    fs.fsyncSync(fd)
  } finally {
    fs.closeSync(fd)
  }
}
