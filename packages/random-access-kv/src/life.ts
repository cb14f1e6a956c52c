// The life of a store: opening, suspending, resuming and closing, and the calls that wait meanwhile. kv.ts has the other calls.

import { readMeta } from './checkpoint/meta.js'
import { Writer } from './commit/writer.js'
import { Engine } from './engine.js'
import { KvError } from './errors.js'
import type { Options } from './options.js'
import type { Disk } from './storage/disk.js'
import type { Maybe } from './storage/storage.js'

/** A store that is open. */
export interface Opened {
  readonly engine: Engine
  readonly writer: Writer
}

export class Life {
  readonly #disk: Disk
  readonly #options: Options
  #opened: Opened | null = null
  #opening: Promise<Opened> | null = null
  #closing: Promise<void> | null = null
  /** Of the two, the one that was called for last is set; it waits for the one before. */
  #suspending: Promise<void> | null = null
  #resuming: Promise<void> | null = null
  #wake: ((error: unknown) => void) | null = null
  /** Calls that begin when the store opens, in their order. */
  #early: ((opened: Opened) => void)[] = []

  constructor(disk: Disk, options: Options) {
    this.#disk = disk
    this.#options = options
  }

  /** The store once it has opened, until it closes. It may be suspended. */
  get opened(): Opened | null {
    return this.#closing === null ? this.#opened : null
  }

  get isClosed(): boolean {
    return this.#closing !== null
  }

  /** The store if it is open and not suspended; otherwise `null`. */
  get now(): Opened | null {
    return this.#closing === null && this.#opened?.engine.resumed === null ? this.#opened : null
  }

  open(): Promise<Opened> {
    if (this.#closing !== null) return Promise.reject(closed())
    this.#opening ??= this.#openOnce().catch((error: unknown) => {
      // After a failed opening, the next call tries again.
      this.#opening = null
      this.#early = []
      throw error
    })
    return this.#opening
  }

  async #openOnce(): Promise<Opened> {
    await this.#disk.open()
    try {
      const engine = await Engine.open(this.#disk, this.#options)
      const opened = { engine, writer: new Writer(engine) }
      if (engine.meta.salt === null && !this.#options.readOnly) await opened.writer.upgrade()
      this.#opened = opened
      for (const begin of this.#early.splice(0)) begin(opened)
      return opened
    } catch (error) {
      await this.#disk.close().catch(() => {})
      throw error
    }
  }

  /** Calls `begin` when the store opens: before all later calls, and before `close`. */
  onceOpen<T>(begin: (opened: Opened) => Maybe<T>): Promise<T> {
    if (this.#closing !== null) return Promise.reject(closed())
    return new Promise((resolve, reject) => {
      this.#early.push((opened) => resolve(begin(opened)))
      this.open().catch(reject)
    })
  }

  /** The store, once it is open and not suspended. */
  async awake(): Promise<Opened> {
    const opened = await this.open()
    await opened.engine.awake()
    if (this.#closing !== null) throw closed()
    return opened
  }

  suspend(): Promise<void> {
    if (this.#suspending !== null) return this.#suspending
    const suspending = this.#suspendOnce(this.#resuming).catch((error: unknown) => {
      if (this.#suspending === suspending) this.#suspending = null
      throw error
    })
    this.#suspending = suspending
    this.#resuming = null
    return suspending
  }

  async #suspendOnce(before: Promise<void> | null): Promise<void> {
    await before?.catch(() => {})
    const suspended = this.#opened?.engine.resumed
    if (suspended) {
      // It could not be resumed: the storage may be open again.
      await this.#disk.suspend(suspended)
      return
    }
    const { engine, writer } = await this.awake()
    engine.resumed = new Promise((resolve, reject) => {
      this.#wake = (error) => (error === undefined ? resolve() : reject(error))
    })
    engine.resumed.catch(() => {})
    try {
      if (!this.#options.readOnly) await writer.settle()
      await engine.log.rest()
    } catch (error) {
      this.#goOn()
      throw error
    }
    try {
      await this.#disk.suspend(engine.resumed)
    } catch (error) {
      // It is not known whether the storage was released. If it cannot be opened again now, the store waits for `resume`.
      await this.#reopen().catch(() => {})
      throw error
    }
  }

  resume(): Promise<void> {
    if (this.#resuming !== null) return this.#resuming
    const resuming = this.#resumeOnce(this.#suspending).finally(() => {
      if (this.#resuming === resuming) this.#resuming = null
    })
    this.#resuming = resuming
    this.#suspending = null
    return resuming
  }

  async #resumeOnce(before: Promise<void> | null): Promise<void> {
    await before?.catch(() => {})
    if (this.#closing !== null) throw closed()
    if (this.#wake !== null) await this.#reopen()
  }

  async #reopen(): Promise<void> {
    const { engine } = this.#opened as Opened
    await this.#disk.open()
    const meta = await readMeta(this.#disk)
    if (meta?.generation !== engine.meta.generation || !(await engine.log.isUntouched())) {
      throw new KvError(
        'KV_REOPEN',
        `${this.#disk.name} was changed while it was suspended: close it and open it again`,
      )
    }
    if (!this.#options.readOnly) await this.#disk.measure()
    this.#goOn()
  }

  /** Calls that have waited since `suspend` continue. */
  #goOn(): void {
    const wake = this.#wake
    this.#wake = null
    if (this.#opened !== null) this.#opened.engine.resumed = null
    wake?.(undefined)
  }

  close(): Promise<void> {
    this.#closing ??= this.#closeOnce()
    return this.#closing
  }

  async #closeOnce(): Promise<void> {
    const opened = await this.#opening?.catch(() => null)
    await this.#suspending?.catch(() => {})
    await this.#resuming?.catch(() => {})
    const wasSuspended = this.#wake !== null
    this.#wake?.(new KvError('KV_CLOSED', 'The store was closed while it was suspended'))
    if (!opened) {
      // A storage that was never used is closed as well.
      await this.#disk.close()
      return
    }
    try {
      if (!wasSuspended) await opened.writer.close()
    } finally {
      opened.engine.isClosed = true
      await this.#disk.close()
    }
  }
}

function closed(): KvError {
  return new KvError('KV_CLOSED', 'The store is closed')
}
