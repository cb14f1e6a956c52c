// The state that all sessions of one database share: the store under it, and its opening, suspending and closing.
import { dirname } from 'node:path'
import type { RandomAccessKV } from '@coreyard/random-access-kv'
import { endStream } from './end-stream.js'
import type { EntryStream } from './entry-stream.js'

/** The part of a session that closing the database needs. */
interface Session {
  end(): void
}

/**
 * The path of a database without a directory. hypercore-storage looks in the directory above it for a store of Corestore 6, so it must
 * be a path that cannot exist.
 */
const NOWHERE = '\0/nowhere'

export class DatabaseState {
  readonly kv: RandomAccessKV
  readonly path: string
  /** The directory of the store; `null` if it has none. */
  readonly directory: string | null
  readonly sessions = new Set<Session>()
  /** The streams that have neither ended nor been destroyed. */
  readonly streams = new Set<EntryStream>()
  opened = false
  closed = false
  /** Set when the database closes. From then on, hypercore-storage opens no stream. */
  closing: Promise<void> | null = null
  /** `'failed'`: suspending failed, so the database may be suspended or not. */
  #phase: 'running' | 'suspended' | 'failed' = 'running'
  #turn: Promise<void> = Promise.resolve()

  /** @param file the path of the store's file; `null` if it has none */
  constructor(kv: RandomAccessKV, file: string | null) {
    this.kv = kv
    this.path = file ?? NOWHERE
    this.directory = file === null ? null : dirname(file)
  }

  async ready(): Promise<void> {
    await this.kv.ready()
    this.opened = true
  }

  suspend(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#phase === 'suspended' || this.closing !== null) return
      if (this.#phase === 'failed') await this.kv.resume()
      // Set until it succeeds: a database that failed half-way must be resumed, too.
      this.#phase = 'failed'
      await this.kv.suspend()
      this.#phase = 'suspended'
    })
  }

  resume(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#phase === 'running' || this.closing !== null) return
      await this.kv.resume()
      this.#phase = 'running'
    })
  }

  close(): Promise<void> {
    this.closing ??= this.#close()
    return this.closing
  }

  async #close(): Promise<void> {
    for (const stream of this.streams) endStream(stream)
    for (const session of this.sessions) session.end()
    try {
      await this.kv.close()
    } finally {
      this.closed = true
    }
  }

  #inTurn(run: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(run)
    this.#turn = done.catch(() => {})
    return done
  }
}
