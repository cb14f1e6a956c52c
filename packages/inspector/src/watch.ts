// `watch` takes a picture now, and another one after each interval. It takes a picture only when the loop asks for the next one, so a slow
// reader gets fewer pictures and none are queued.

import { clearTimeout, setTimeout } from 'node:timers'
import type { Corestore } from '@coreyard/corestore'
import { CoreyardError } from '@coreyard/storage'
import { badArgument, InspectorError } from './errors.js'
import { eventsBetween, type InspectorEvent } from './events.js'
import { readOptions, whileOpen } from './inspect.js'
import { Observer } from './observer.js'
import type { CorePicture, Picture } from './picture.js'

/** The part of an `AbortSignal` that `watch` uses. */
export interface WatchSignal {
  readonly aborted: boolean
  /** Like the method of an `AbortSignal`. */
  addEventListener(type: 'abort', listener: () => void): void
  /** Like the method of an `AbortSignal`. */
  removeEventListener(type: 'abort', listener: () => void): void
}

/** The options of `watch`. */
export interface WatchOptions {
  /** Milliseconds from one picture to the next, at least 10. Default: 1000. */
  interval?: number | undefined
  /** Ends the watch when it aborts. */
  signal?: WatchSignal | undefined
}

/** A picture, and what has changed since the previous one. */
export interface Observation {
  readonly picture: Picture
  /** The cores that differ from the previous picture; in the first picture, all cores. An unchanged core is the same object as before. */
  readonly changed: readonly CorePicture[]
  /** The discovery keys, in hex, of the cores that are no longer open. */
  readonly closed: readonly string[]
  /** The events since the previous picture, in no strict order. */
  readonly events: readonly InspectorEvent[]
}

const OPTIONS: ReadonlySet<string> = new Set<keyof WatchOptions>(['interval', 'signal'])
const DEFAULT_INTERVAL = 1000
const LEAST_INTERVAL = 10
/** A timer of more milliseconds fires at once. */
const MOST_INTERVAL = 2 ** 31 - 1

/**
 * Yields pictures of a store until it closes, `signal` aborts, or the loop ends. It does no work between two pictures.
 *
 * If more than 1,000 cores are open, cores that do not change are checked in turns, 1,000 for each picture. A change of such a core can
 * therefore appear some pictures late.
 *
 * @throws InspectorError `BAD_ARGUMENT`; `STORE_CLOSED` if the store is closed already
 */
export function watch(
  store: Corestore,
  options: WatchOptions = {},
): AsyncGenerator<Observation, void, undefined> {
  const { interval, signal } = readWatchOptions(options)
  return observations(store, new Observer(store), interval, signal)
}

/** @throws InspectorError `BAD_ARGUMENT` */
export function readWatchOptions(options: WatchOptions): {
  interval: number
  signal: WatchSignal | undefined
} {
  const { interval = DEFAULT_INTERVAL, signal } = readOptions(options, OPTIONS)
  if (!(typeof interval === 'number' && interval >= LEAST_INTERVAL && interval <= MOST_INTERVAL)) {
    const given = CoreyardError.describe(interval, 'number')
    throw badArgument(
      `interval must be milliseconds from ${LEAST_INTERVAL} to ${MOST_INTERVAL}, not ${given}`,
    )
  }
  expectSignal(signal)
  return { interval, signal }
}

/** @throws InspectorError `BAD_ARGUMENT` */
export function expectSignal(signal: WatchSignal | undefined): void {
  if (signal === undefined || typeof signal?.addEventListener === 'function') return
  throw badArgument(`signal must be an AbortSignal, not ${CoreyardError.describe(signal)}`)
}

async function* observations(
  store: Corestore,
  observer: Observer,
  interval: number,
  signal: WatchSignal | undefined,
): AsyncGenerator<Observation, void, undefined> {
  let before: Picture | null = null
  const pause = new Pause(store, signal)
  try {
    while (!pause.ended) {
      const began = Date.now()
      const look = await unlessEnded(store, pause, () => observer.look())
      if (look === null) return
      const { picture, closed } = look
      const changed = look.changed.map(({ now }) => now)
      yield { picture, changed, closed, events: eventsBetween(before, look) }
      before = picture
      await pause.wait(began + interval - Date.now())
    }
  } finally {
    pause.end()
    observer.end()
  }
}

/** Resolves with `null` if the watch ends before there is a result. */
async function unlessEnded<T>(store: Corestore, pause: Pause, work: () => Promise<T>): Promise<T | null> {
  try {
    return await pause.unlessEnded(whileOpen(store, work))
  } catch (error) {
    if (error instanceof InspectorError && error.code === 'STORE_CLOSED') return null
    throw error
  }
}

/** Waits, unless the watch has ended: the store closes, or the signal aborts. */
class Pause {
  ended = false
  readonly #store: Corestore
  readonly #signal: WatchSignal | undefined
  /** Ends the current wait. */
  #wake: () => void = () => {}

  constructor(store: Corestore, signal: WatchSignal | undefined) {
    this.#store = store
    this.#signal = signal
    store.once('close', this.end)
    signal?.addEventListener('abort', this.end)
    if (signal?.aborted === true) this.end()
  }

  readonly end = (): void => {
    this.ended = true
    this.#store.off('close', this.end)
    this.#signal?.removeEventListener('abort', this.end)
    this.#wake()
  }

  /** Resolves with `null` if the watch ends before the work does. */
  unlessEnded<T>(work: Promise<T>): Promise<T | null> {
    return new Promise((resolve, reject) => {
      this.#wake = () => resolve(null)
      work.then(resolve, reject)
      if (this.ended) this.#wake()
    })
  }

  async wait(milliseconds: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined
    const later = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, Math.max(0, milliseconds))
    })
    await this.unlessEnded(later)
    clearTimeout(timer)
  }
}
