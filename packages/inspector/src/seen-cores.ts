// The open cores of a store, from one look to the next. Cores that change are checked at each look, idle cores in turns: reading a few
// fields of 10,000 cores takes tens of milliseconds of processor time.

import { setImmediate } from 'node:timers'
import type { Corestore, OpenCoreView, StoreView } from '@coreyard/corestore'
import type { Core } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import { type Channel, SeenCore } from './core-picture.js'
import { Names } from './names.js'
import type { CorePicture } from './picture.js'

/** How many idle cores are checked in one look. */
const IN_TURN = 1000
/** After how many looks without a change a core is idle. */
const REST_AFTER = 4
/** How many opening cores are noted between two looks. If there are more, the next look goes through all open cores. */
const MOST_OPENING = 10_000
/** After how many new pictures other work gets its turn. */
const AT_ONCE = 256

/** A core whose picture has changed. `before` is `null` if it was not open before, `now` if it is no longer open. */
export interface CoreChange {
  readonly before: CorePicture | null
  readonly now: CorePicture | null
  readonly channelsBefore: readonly Channel[]
  readonly channels: readonly Channel[]
}

/** A core that is followed, and the index of its picture. */
interface Followed {
  readonly seen: SeenCore
  index: number
  /** For how many looks it has not changed. */
  quiet: number
}

export class SeenCores {
  readonly #store: Corestore
  readonly #view: StoreView
  readonly #names = new Names()
  readonly #byId = new Map<string, Followed>()
  /** In the order of their pictures. */
  readonly #followed: Followed[] = []
  readonly #pictures: CorePicture[] = []
  readonly #active = new Set<Followed>()
  /** The discovery keys of the cores that have begun to open since the last look; `null` if the next look goes through all open cores. */
  #opening: Set<string> | null = null
  #isWatching = false
  #turn = 0

  constructor(store: Corestore, view: StoreView) {
    this.#store = store
    this.#view = view
  }

  /** A copy, as of the last look. */
  get pictures(): readonly CorePicture[] {
    return this.#pictures.slice()
  }

  async look(time: number, seconds: number | null): Promise<CoreChange[]> {
    const opened = this.#takeOpened()
    await this.#names.learn(
      this.#store,
      this.#view,
      opened.map(({ id }) => id),
    )
    const changes: CoreChange[] = []
    let made = 0
    for (const open of opened) {
      // Another core with the same keys was open before.
      this.#forget(this.#byId.get(open.id), changes)
      this.#follow(open, changes, time)
      if (++made % AT_ONCE === 0) await othersTurn()
    }
    for (const followed of this.#due()) this.#look(followed, changes, time, seconds)
    return changes
  }

  end(): void {
    this.#store.unwatch(this.#onopening)
  }

  /** A core begins to open. */
  readonly #onopening = ({ discoveryKey }: Core): void => {
    if (discoveryKey !== null) this.#opening?.add(b4a.toString(discoveryKey, 'hex'))
    // The next look may be far away, and thousands of cores may open and close until then.
    if (this.#opening !== null && this.#opening.size > MOST_OPENING) this.#opening = null
  }

  /** The open cores that are not followed. */
  #takeOpened(): readonly OpenCoreView[] {
    if (!this.#isWatching) this.#store.watch(this.#onopening)
    this.#isWatching = true
    const candidates =
      this.#opening === null
        ? [...this.#view.cores()]
        : [...this.#opening].flatMap((id) => this.#view.core(id) ?? [])
    this.#opening = new Set()
    return candidates.filter(({ id, core }) => this.#byId.get(id)?.seen.core !== core)
  }

  #follow(open: OpenCoreView, changes: CoreChange[], time: number): void {
    const seen = new SeenCore(open)
    seen.look(this.#names.get(open.id), this.#view.conflicts.get(open.id) ?? null, time, null)
    const { picture, channels } = seen
    if (picture === null) return
    const followed = { seen, index: this.#followed.length, quiet: 0 }
    this.#byId.set(open.id, followed)
    this.#followed.push(followed)
    this.#pictures.push(picture)
    this.#active.add(followed)
    changes.push({ before: null, now: picture, channelsBefore: [], channels })
  }

  /** The cores to check now. */
  #due(): Followed[] {
    const due = [...this.#active]
    const turns = Math.min(IN_TURN, this.#followed.length)
    for (let count = 0; count < turns; count++) {
      this.#turn = (this.#turn + 1) % this.#followed.length
      const followed = this.#followed[this.#turn]
      if (followed !== undefined && !this.#active.has(followed)) due.push(followed)
    }
    return due
  }

  #look(followed: Followed, changes: CoreChange[], time: number, seconds: number | null): void {
    const { seen } = followed
    if (seen.core.closing !== null && this.#view.core(seen.id)?.core !== seen.core) {
      this.#forget(followed, changes)
      return
    }
    const { picture: before, channels: channelsBefore } = seen
    const conflict = this.#view.conflicts.get(seen.id) ?? null
    if (!seen.look(this.#names.get(seen.id), conflict, time, seconds) || seen.picture === null) {
      if (++followed.quiet >= REST_AFTER) this.#active.delete(followed)
      return
    }
    followed.quiet = 0
    this.#active.add(followed)
    this.#pictures[followed.index] = seen.picture
    changes.push({ before, now: seen.picture, channelsBefore, channels: seen.channels })
  }

  #forget(followed: Followed | undefined, changes: CoreChange[]): void {
    if (followed === undefined) return
    const { seen, index } = followed
    this.#byId.delete(seen.id)
    this.#names.forget(seen.id)
    this.#active.delete(followed)
    // The last core takes its place.
    const last = this.#followed.pop()
    const lastPicture = this.#pictures.pop()
    if (last !== undefined && last !== followed && lastPicture !== undefined) {
      last.index = index
      this.#followed[index] = last
      this.#pictures[index] = lastPicture
    }
    changes.push({ before: seen.picture, now: null, channelsBefore: seen.channels, channels: [] })
  }
}

function othersTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
