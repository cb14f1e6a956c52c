// The four storages that a store must behave the same on, each found again by a store that is opened on it later.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import RAM from 'random-access-memory'
import { onTestFinished } from 'vitest'
import { Corestore, type StorageArgument, type StoreOptions } from '../../src/index.js'

/** A storage argument, and the options that belong to it. */
export interface Place {
  readonly storage: StorageArgument
  readonly options?: StoreOptions
}

export const PLACES: readonly (readonly [name: string, make: () => Place])[] = [
  ['RocksDB', () => ({ storage: emptyDirectory() })],
  ['memory', () => ({ storage: RAM.reusable() })],
  ['files', () => ({ storage: emptyDirectory(), options: { engine: 'random-access' } })],
  ['a storage that answers late and out of order', () => ({ storage: LateStorage.reusable() })],
]

/** A store there, closed when the test has finished if it is not by then. */
export function storeAt({ storage, options }: Place, more?: StoreOptions): Corestore {
  const store = new Corestore(storage, { ...options, ...more })
  onTestFinished(() => store.close())
  return store
}

export function emptyDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'coreyard-storages-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** What lasts of a {@link LateStorage}. */
interface Content {
  bytes: Buffer
}

/** A storage with nothing but `read` and `write`, that does each some turns later, and what was asked later often first. */
export class LateStorage {
  readonly #content: Content
  #asked = 0

  constructor(content: Content) {
    this.#content = content
  }

  static reusable(): () => LateStorage {
    const content = { bytes: Buffer.alloc(0) }
    return () => new LateStorage(content)
  }

  read(offset: number, size: number, done: (error: Error | null, data?: Uint8Array) => void): void {
    this.#later(() => {
      const { bytes } = this.#content
      if (offset + size > bytes.length) done(new Error('Past the end'))
      else done(null, Uint8Array.from(bytes.subarray(offset, offset + size)))
    })
  }

  write(offset: number, data: Uint8Array, done: (error: Error | null) => void): void {
    this.#later(() => {
      const { bytes } = this.#content
      if (offset + data.length > bytes.length) {
        this.#content.bytes = Buffer.alloc(Math.max(offset + data.length, 2 * bytes.length))
        bytes.copy(this.#content.bytes)
      }
      this.#content.bytes.set(data, offset)
      done(null)
    })
  }

  #later(run: () => void): void {
    const wait = (turns: number): void => {
      if (turns === 0) run()
      else setImmediate(wait, turns - 1)
    }
    wait(3 - (this.#asked++ % 3))
  }
}
