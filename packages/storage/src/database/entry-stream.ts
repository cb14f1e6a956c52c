// The entries of a range as a streamx `Readable`, on which hypercore-storage builds its own streams.
import type { DatabaseEntry } from '@coreyard/hypercore-types'
import type { EntryIterator } from '@coreyard/random-access-kv'
import b4a from 'b4a'
import { Readable } from 'streamx'
import { answerLater } from './event-loop.js'
import type { KeySpace } from './key-space.js'

/** How many entries are read at once. It is small, because a value may be a block of several megabytes. */
const STEP = 16
/** How many bytes of entries are read at once, unless a single entry is larger. */
const STEP_BYTES = 256 * 1024

type Callback = (error: Error | null) => void

export class EntryStream extends Readable {
  readonly #entries: EntryIterator
  readonly #keys: KeySpace
  readonly #open: Set<EntryStream>

  /** @param open the set of open streams: this stream is in it until it closes */
  constructor(entries: EntryIterator, keys: KeySpace, open: Set<EntryStream>) {
    super()
    this.#keys = keys
    this.#entries = entries
    this.#open = open
    open.add(this)
  }

  override _read(callback: Callback): void {
    this.#pushSome().then(() => callback(null), callback)
  }

  async #pushSome(): Promise<void> {
    const entries = await this.#entries.nextMany(STEP, STEP_BYTES)
    await answerLater(undefined)
    for (const { key, value } of entries)
      this.push({ key: this.#keys.ownKey(key), value: b4a.toBuffer(value) })
    if (entries.length === 0) this.push(null)
  }

  override [Symbol.asyncIterator](): AsyncIterator<DatabaseEntry> {
    return super[Symbol.asyncIterator]() as AsyncIterator<DatabaseEntry>
  }

  override _destroy(callback: Callback): void {
    this.#open.delete(this)
    this.#entries.close().then(() => callback(null), callback)
  }
}
