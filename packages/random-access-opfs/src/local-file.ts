// A file in the worker that opened it: each call is done when it returns.

import { full, isNamed, locked, OpfsError, toOpfsError, unsupported } from './errors.js'
import { type DirectoryHandle, platform, type SyncAccessHandle } from './platform.js'

export type Done<T = void> = (error: Error | null, result?: T) => void

/**
 * How long to wait for a locked file, in milliseconds. A tab that was closed or reloaded keeps its lock until the browser has ended its
 * worker.
 */
const GRACE = 1000
/** The time between two attempts to get an access handle that is in use, in milliseconds. */
const INTERVAL = 50

/** A file that is open in this worker, as a `random-access-storage`. */
export class LocalFile {
  /** The file keeps none of the bytes that it is called with or returns. */
  readonly isolated = true
  readonly #path: string
  #handle: SyncAccessHandle | null = null
  /** Releases the lock. */
  #unlock: (() => void) | null = null

  /** @param path the path of the file, with `/` between the names. Missing directories are created */
  constructor(path: string) {
    this.#path = path
  }

  open(done: Done): void {
    if (this.#handle !== null) {
      done(null)
      return
    }
    this.#open().then(
      () => done(null),
      (error: unknown) => done(toOpfsError(error, this.#path)),
    )
  }

  read(offset: number, size: number, done: Done<Uint8Array>): void {
    this.#call(done, (handle) => {
      const data = new Uint8Array(size)
      for (let at = 0; at < size; ) {
        const count = handle.read(data.subarray(at), { at: offset + at })
        if (count === 0) {
          throw new OpfsError('EPARTIALREAD', `${this.#path} ends before offset ${offset + size}`)
        }
        at += count
      }
      return data
    })
  }

  write(offset: number, data: Uint8Array, done: Done): void {
    this.#call(done, (handle) => {
      for (let at = 0; at < data.length; ) {
        const count = handle.write(data.subarray(at), { at: offset + at })
        if (count === 0) throw full(this.#path)
        at += count
      }
    })
  }

  stat(done: Done<{ size: number }>): void {
    this.#call(done, (handle) => ({ size: handle.getSize() }))
  }

  truncate(size: number, done: Done): void {
    this.#call(done, (handle) => handle.truncate(size))
  }

  sync(done: Done): void {
    this.#call(done, (handle) => handle.flush())
  }

  suspend(done: Done): void {
    this.close(done)
  }

  close(done: Done): void {
    const handle = this.#handle
    this.#handle = null
    let failed: Error | null = null
    try {
      handle?.close()
    } catch (error) {
      failed = toOpfsError(error, this.#path)
    }
    this.#unlock?.()
    this.#unlock = null
    done(failed)
  }

  #call<T>(done: Done<T>, run: (handle: SyncAccessHandle) => T): void {
    let result: T
    try {
      if (this.#handle === null) throw new OpfsError('EBADF', `${this.#path} is not open`)
      result = run(this.#handle)
    } catch (error) {
      done(toOpfsError(error, this.#path))
      return
    }
    done(null, result)
  }

  async #open(): Promise<void> {
    const [directories, name] = namesOf(this.#path)
    let directory = await rootDirectory()
    this.#unlock = await lock(this.#path)
    try {
      for (const above of directories) directory = await directory.getDirectoryHandle(above, { create: true })
      this.#handle = await this.#access(directory, name)
    } catch (error) {
      this.#unlock()
      this.#unlock = null
      throw error
    }
  }

  async #access(directory: DirectoryHandle, name: string): Promise<SyncAccessHandle> {
    const file = await directory.getFileHandle(name, { create: true })
    for (let waited = 0; ; waited += INTERVAL) {
      try {
        const handle = await file.createSyncAccessHandle?.()
        if (handle === undefined) throw unsupported('Only a dedicated worker can open files')
        return synchronous(handle)
      } catch (error) {
        if (!isNamed(error, 'NoModificationAllowedError')) throw error
        if (waited >= GRACE) throw locked(this.#path)
      }
      await new Promise<void>((resolve) => platform.setTimeout(resolve, INTERVAL))
    }
  }
}

/** In Chromium before 108 and Safari before 16.4, the methods of a handle return promises. Throws for such a handle. */
function synchronous(handle: SyncAccessHandle): SyncAccessHandle {
  if (typeof handle.getSize() === 'number') return handle
  handle.close()
  throw unsupported('This browser is too old to keep files')
}

async function rootDirectory(): Promise<DirectoryHandle> {
  if (platform.isSecureContext === false) {
    throw unsupported('Files need a secure page, of https: or of localhost')
  }
  const { storage } = platform.navigator ?? {}
  if (storage?.getDirectory === undefined) throw unsupported('This browser has no origin private file system')
  try {
    return await storage.getDirectory()
  } catch (error) {
    throw unsupported(
      'This page may not keep files: its window is private, or the browser was told to keep no data',
      error,
    )
  }
}

/**
 * Takes the Web Lock of a file, which queues those that wait for it. The access handle excludes others, too, but does not tell when it is
 * free.
 *
 * @returns a function that releases the lock
 */
function lock(path: string): Promise<() => void> {
  const { locks } = platform.navigator ?? {}
  if (locks === undefined) return Promise.resolve(() => {})
  const signal = platform.AbortSignal.timeout(GRACE)
  return new Promise((resolve, reject) => {
    const held = () => new Promise<void>((release) => resolve(release))
    locks
      .request(`coreyard-opfs:${path}`, { signal }, held)
      .catch((error: unknown) => reject(signal.aborted ? locked(path) : error))
  })
}

function namesOf(path: string): [directories: string[], name: string] {
  const names = path.split('/')
  return [names.slice(0, -1), names.at(-1) ?? '']
}
