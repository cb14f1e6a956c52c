// A storage in memory that takes down what is done to it, and fails as told. From what it took down come the disks of many power cuts
// (cuts.ts).

import type { RandomAccessStorage } from '../src/index.js'
import { assertNoHole, random } from '../src/test/index.js'
import { VolatileDisk } from './volatile-disk.js'

type Callback<T = void> = (error: Error | null, result: T) => void

/** Which states a store may have that is opened after this moment: numbers of states, see `States`. */
export interface Moment {
  /** After a power cut: from this state on. */
  readonly safe: number
  /** After the process was killed: from this state on. */
  readonly acknowledged: number
  /** Up to, not including, this one. */
  readonly end: number
}

interface Noted {
  /** How many effects there were when it was called for. */
  readonly issued: number
  /** When it happened. */
  readonly moment: Moment
}

/** What a call has done to the disk. */
export type Effect = Noted &
  (
    | { readonly kind: 'write'; readonly offset: number; readonly data: Uint8Array }
    | { readonly kind: 'truncate'; readonly size: number }
    | { readonly kind: 'sync' }
    | { readonly kind: 'forget'; readonly seed: number; readonly evicts: boolean }
    | { readonly kind: 'evict' }
  )

/** How often calls fail, from 0 to 1. */
export interface Faults {
  readonly reads: number
  /** None of a write that fails arrives, some of it, or all of it. */
  readonly writes: number
  readonly syncs: number
  readonly truncations: number
  /** Of the syncs that fail, how many forget. */
  readonly forgets: number
}

export const NO_FAULTS: Faults = { reads: 0, writes: 0, syncs: 0, truncations: 0, forgets: 0 }

export interface StorageKind {
  /** Whether it answers late, and in any order. */
  readonly isLate: boolean
  readonly canStat: boolean
  readonly canTruncate: boolean
}

/** Counts by name. */
export type Counts = Map<string, number>

export function count(counts: Counts, name: string, by = 1): void {
  counts.set(name, (counts.get(name) ?? 0) + by)
}

export class Recorder {
  readonly effects: Effect[] = []
  readonly disk: VolatileDisk
  faults: Faults = NO_FAULTS
  /** Bytes that the disk has. */
  capacity = Number.POSITIVE_INFINITY
  /** Whether what was acknowledged may be lost although the power is there: disk and cache have forgotten it. */
  hasForgotten = false
  /** Whether the disk has forgotten something that the cache still has. */
  #mayForget = false
  readonly #draw: () => number
  readonly #getMoment: (hasForgotten: boolean) => Moment
  readonly #counts: Counts
  readonly #kind: StorageKind
  #waiting: (() => void)[] = []

  constructor(
    content: Uint8Array,
    kind: StorageKind,
    draw: () => number,
    getMoment: (hasForgotten: boolean) => Moment,
    counts: Counts,
  ) {
    this.disk = new VolatileDisk(content)
    this.#kind = kind
    this.#draw = draw
    this.#getMoment = getMoment
    this.#counts = counts
  }

  /** The storage of a process. When the process is killed, its calls no longer happen. */
  connect(): { storage: RandomAccessStorage; kill: () => void } {
    let isAlive = true
    const call = (run: () => void) => {
      if (isAlive) this.#answer(() => isAlive && run())
    }
    const { disk } = this
    const storage: RandomAccessStorage = {
      statable: this.#kind.canStat,
      truncatable: this.#kind.canTruncate,
      read: (offset, size, callback) =>
        call(() => {
          const data = disk.cache.read(offset, size)
          if (data === null) callback(new Error('Could not satisfy length'))
          else if (this.#draw() < this.faults.reads) this.#fail('read', 'EIO', callback)
          else callback(null, data)
        }),
      stat: (callback) => call(() => callback(null, { size: disk.cache.length })),
      write: (offset, data, callback) => {
        const issued = this.effects.length
        call(() => this.#write(offset, data, issued, callback))
      },
      truncate: (size, callback) => {
        const issued = this.effects.length
        call(() => this.#truncate(size, issued, callback))
      },
      sync: (callback) => {
        const issued = this.effects.length
        call(() => this.#sync(issued, callback))
      },
    }
    return {
      storage,
      kill: () => {
        isAlive = false
      },
    }
  }

  /**
   * Another process begins. It cannot know of failed syncs: so the cache must not hold what the disk has forgotten, or no store
   * could keep a promise.
   */
  evict(): void {
    if (!this.#mayForget) return
    this.#mayForget = false
    this.hasForgotten = true
    this.#note({ kind: 'evict', issued: this.effects.length, moment: this.#moment() })
  }

  /** All that was acknowledged is safe. */
  isSafe(): void {
    this.#mayForget = false
    this.hasForgotten = false
  }

  #answer(run: () => void): void {
    if (!this.#kind.isLate) {
      run()
      return
    }
    if (this.#waiting.push(run) === 1) setImmediate(() => this.#answerAll())
  }

  #answerAll(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (let i = waiting.length - 1; i > 0; i--) {
      const j = Math.floor(this.#draw() * (i + 1))
      const run = waiting[i] as () => void
      waiting[i] = waiting[j] as () => void
      waiting[j] = run
    }
    for (const run of waiting) run()
  }

  #write(offset: number, data: Uint8Array, issued: number, callback: Callback): void {
    assertNoHole(this.disk.cache, offset)
    const room = this.capacity - offset
    if (data.length > room) {
      this.#put(offset, data.subarray(0, Math.max(0, room)), issued)
      this.#fail('write on a full disk', 'ENOSPC', callback)
    } else if (this.#draw() < this.faults.writes) {
      const part = this.#draw()
      const length = part < 0.3 ? 0 : part > 0.6 ? data.length : Math.floor(this.#draw() * data.length)
      this.#put(offset, data.subarray(0, length), issued)
      const arrived = length === 0 ? 'not arrived' : length === data.length ? 'arrived' : 'arrived in part'
      this.#fail(`write, ${arrived}`, 'EIO', callback)
    } else {
      this.#put(offset, data, issued)
      callback(null)
    }
  }

  #put(offset: number, data: Uint8Array, issued: number): void {
    this.#note({ kind: 'write', offset, data, issued, moment: this.#moment() })
  }

  #truncate(size: number, issued: number, callback: Callback): void {
    const fails = this.#draw() < this.faults.truncations
    if (!fails || this.#draw() < 0.5) this.#note({ kind: 'truncate', size, issued, moment: this.#moment() })
    if (fails) this.#fail('truncation', 'EIO', callback)
    else callback(null)
  }

  #sync(issued: number, callback: Callback): void {
    const moment = this.#moment()
    if (this.#draw() >= this.faults.syncs) {
      this.#note({ kind: 'sync', issued, moment })
      callback(null)
      return
    }
    const forgets = this.#draw() < this.faults.forgets
    if (forgets) {
      const seed = Math.floor(this.#draw() * 0x7fff_ffff)
      const evicts = this.#draw() < 0.5
      if (evicts) this.hasForgotten = true
      else this.#mayForget = true
      this.#note({ kind: 'forget', seed, evicts, issued, moment })
    }
    this.#fail(forgets ? 'sync, forgetting' : 'sync', 'EIO', callback)
  }

  #moment(): Moment {
    return this.#getMoment(this.hasForgotten)
  }

  #note(effect: Effect): void {
    perform(this.disk, effect, this.effects.length)
    this.effects.push(effect)
  }

  #fail(what: string, code: string, callback: (error: Error) => void): void {
    count(this.#counts, `failed: ${what}`)
    callback(Object.assign(new Error(`${code}: simulated`), { code }))
  }
}

/** Does to a disk what the call of this number has done. */
export function perform(disk: VolatileDisk, effect: Effect, call: number): void {
  if (effect.kind === 'write') disk.write(effect.offset, effect.data, call)
  else if (effect.kind === 'truncate') disk.truncate(effect.size, call)
  else if (effect.kind === 'sync') disk.sync(effect.issued)
  else if (effect.kind === 'forget') disk.forget(random(effect.seed), effect.evicts)
  else disk.evict()
}

/** One line for each effect before `end`, at most `most` of them. */
export function list(effects: readonly Effect[], end: number, most: number): string {
  const start = Math.max(0, end - most)
  return effects
    .slice(start, end)
    .map(
      (effect, i) => `  ${start + i} ${describe(effect)}, states ${Object.values(effect.moment).join(' ')}`,
    )
    .join('\n')
}

function describe(effect: Effect): string {
  if (effect.kind === 'write') return `write ${effect.offset}+${effect.data.length}`
  if (effect.kind === 'truncate') return `truncate ${effect.size}`
  return effect.kind === 'forget' && effect.evicts ? 'forget and evict' : effect.kind
}
