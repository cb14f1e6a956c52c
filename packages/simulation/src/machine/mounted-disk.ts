// A disk as one store sees it, from opening to close or crash. What survives a power cut is for PowerCut to say.

import type { RandomAccessStorage } from '@coreyard/random-access-kv'
import { PowerCut } from '@coreyard/random-access-kv/test'
import type { Clock } from '../platform/clock.js'
import type { Random } from '../platform/random.js'

/** How fast a disk is, in milliseconds; with 0 it answers at once. */
export interface DiskSpeed {
  /** The longest that a read, write or truncation takes. */
  readonly call: number
  /** The longest that a sync takes. */
  readonly sync: number
}

/** What is lost: a power cut loses what was not synced, the end of a process does not. */
export type Loss = 'power' | 'process'

interface Surroundings {
  readonly speed: DiskSpeed
  readonly clock: Clock
  readonly random: Random
  /** Told of every call that changes something. */
  tell(text: string): void
}

type Done<T = void> = (error: Error | null, result?: T) => void

export class MountedDisk implements RandomAccessStorage {
  readonly #disk: PowerCut
  readonly #around: Surroundings
  #isDown = false
  #isClosed = false
  #underWay = 0
  /** Calls that change something until the disk fails. */
  #callsLeft = Number.POSITIVE_INFINITY
  #lost: () => void = () => {}

  constructor(bytes: Uint8Array, around: Surroundings) {
    this.#disk = new PowerCut(bytes, Number.POSITIVE_INFINITY, around.random.below(2 ** 32))
    this.#around = around
  }

  /** Whether the store has closed it, and none of its calls is under way. */
  get isReleased(): boolean {
    return this.#isClosed && this.#underWay === 0
  }

  /** Has `lost` called in the middle of the call that changes something after `calls` others. */
  failAfter(calls: number, lost: () => void): void {
    this.#callsLeft = calls
    this.#lost = lost
  }

  /** Stops answering with anything but errors. Gives what is left. */
  crash(loss: Loss): Uint8Array {
    const bytes = loss === 'power' ? this.#disk.survivors() : this.content()
    this.#isDown = true
    return bytes
  }

  /** Everything that was written. */
  content(): Uint8Array {
    let content = new Uint8Array(0)
    this.#disk.stat((_, { size }) => {
      this.#disk.read(0, size, (_error, bytes) => {
        content = Uint8Array.from(bytes)
      })
    })
    return content
  }

  read(offset: number, size: number, done: Done<Uint8Array>): void {
    this.#call(this.#around.speed.call, done, (answer) => this.#disk.read(offset, size, answer))
  }

  stat(done: Done<{ size: number }>): void {
    this.#call(this.#around.speed.call, done, (answer) => this.#disk.stat(answer))
  }

  write(offset: number, data: Uint8Array, done: Done): void {
    this.#change(`write ${data.length} at ${offset}`, this.#around.speed.call, done, (answer) =>
      this.#disk.write(offset, data, answer),
    )
  }

  truncate(size: number, done: Done): void {
    this.#change(`truncate to ${size}`, this.#around.speed.call, done, (answer) =>
      this.#disk.truncate(size, answer),
    )
  }

  sync(done: Done): void {
    this.#change('sync', this.#around.speed.sync, done, (answer) => this.#disk.sync(answer))
  }

  suspend(done: Done): void {
    done(null)
  }

  close(done: Done): void {
    this.#isClosed = true
    done(null)
  }

  #change<T>(what: string, longest: number, done: Done<T>, run: (answer: Done<T>) => void): void {
    this.#call(longest, done, (answer) => {
      this.#around.tell(what)
      if (this.#callsLeft-- <= 0) {
        // A write that the power goes during may have come to the disk; a sync has not ended.
        if (what !== 'sync') run(() => {})
        this.#callsLeft = Number.POSITIVE_INFINITY
        this.#lost()
        answer(gone())
      } else run(answer)
    })
  }

  #call<T>(longest: number, done: Done<T>, run: (answer: Done<T>) => void): void {
    const { clock, random } = this.#around
    this.#underWay++
    const perform = () => {
      const answer: Done<T> = (error, result) => {
        this.#underWay--
        done(error, result)
      }
      if (this.#isDown) answer(gone())
      else run(answer)
    }
    if (longest === 0) perform()
    else void clock.sleep(random.between(0, longest)).then(perform)
  }
}

function gone(): Error {
  return Object.assign(new Error('The disk is gone'), { code: 'ENODEV' })
}
