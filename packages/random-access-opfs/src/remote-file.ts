// A file that a worker opens for a page.

import { OpfsError, type OpfsErrorCode, unsupported } from './errors.js'
import type { Done } from './local-file.js'
import type { Answer, Method, Request } from './messages.js'
import { platform, type WorkerLike } from './platform.js'
import source from './worker.js?source'

/** Makes a worker that runs `@coreyard/random-access-opfs/worker`. */
export type MakeWorker = () => WorkerLike

/** A file that is open in a worker, as a `random-access-storage`. */
export class RemoteFile {
  /** All bytes are copied on the way to and from the worker. */
  readonly isolated = true
  readonly #path: string
  readonly #makeWorker: MakeWorker
  #worker: WorkerLike | null = null
  #calls = 0
  readonly #waiting = new Map<number, Done<never>>()

  constructor(path: string, makeWorker: MakeWorker = workerFromSource) {
    this.#path = path
    this.#makeWorker = makeWorker
  }

  open(done: Done): void {
    if (this.#worker !== null) {
      this.#call('open', [], done)
      return
    }
    try {
      this.#worker = this.#start()
    } catch (error) {
      done(unsupported(`A worker for ${this.#path} cannot be started (${reasonOf(error)})`, error))
      return
    }
    this.#call('open', [], (error) => {
      if (error) this.#end()
      done(error)
    })
  }

  read(offset: number, size: number, done: Done<Uint8Array>): void {
    this.#call('read', [offset, size], done)
  }

  write(offset: number, data: Uint8Array, done: Done): void {
    this.#call('write', [offset, data], done)
  }

  stat(done: Done<{ size: number }>): void {
    this.#call('stat', [], done)
  }

  truncate(size: number, done: Done): void {
    this.#call('truncate', [size], done)
  }

  sync(done: Done): void {
    this.#call('sync', [], done)
  }

  suspend(done: Done): void {
    this.close(done)
  }

  close(done: Done): void {
    if (this.#worker === null) {
      done(null)
      return
    }
    this.#call('close', [], (error) => {
      this.#end()
      done(error)
    })
  }

  #start(): WorkerLike {
    const worker = this.#makeWorker()
    worker.onmessage = ({ data }) => this.#answered(data as Answer)
    worker.onerror = ({ message }) => {
      const why = message
        ? `failed (${message})`
        : 'could not be loaded: if a content security policy forbids workers of blob:, use the option worker'
      this.#end(new OpfsError('EIO', `The worker that has ${this.#path} open ${why}`))
    }
    const request: Request = { path: this.#path }
    worker.postMessage(request)
    return worker
  }

  #call<T>(method: Method, args: readonly unknown[], done: Done<T>): void {
    if (this.#worker === null) {
      done(new OpfsError('EBADF', `${this.#path} is not open`))
      return
    }
    const id = this.#calls++
    this.#waiting.set(id, done)
    const request: Request = { id, method, args }
    this.#worker.postMessage(request)
  }

  #answered({ id, error, result }: Answer): void {
    const done = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (error === null) done?.(null, result as never)
    else done?.(new OpfsError(error.code as OpfsErrorCode, error.message))
  }

  /** Stops the worker. Calls that wait for its answer fail. */
  #end(reason = new OpfsError('EBADF', `${this.#path} was closed`)): void {
    this.#worker?.terminate()
    this.#worker = null
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const done of waiting) done(reason)
  }
}

function workerFromSource(): WorkerLike {
  const { Worker, Blob, URL } = platform
  if (Worker === undefined) throw new Error('there are no workers here')
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))
  try {
    return new Worker(url)
  } finally {
    URL.revokeObjectURL(url)
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
