// Takes pictures of a store one after the other, and remakes only the parts that have changed.

import type { Corestore, StoreView } from '@coreyard/corestore'
import { SeenPeers } from './peer-pictures.js'
import type { ConflictPicture, CorePicture, Picture, StorePicture } from './picture.js'
import { type CoreChange, SeenCores } from './seen-cores.js'
import { diskOf, storePicture } from './store-picture.js'
import { GroupTallies, Tally } from './tally.js'
import { viewOf } from './viewed.js'

/** How often the files of a store are measured, in milliseconds: a directory may have thousands. */
const DISK_INTERVAL = 10_000

/** A core whose picture differs from the previous one. `before` is `null` if the core was not open then. */
export interface ChangedCore {
  readonly before: CorePicture | null
  readonly now: CorePicture
}

/** A picture, and which of its cores differ from the previous one. */
export interface Look {
  readonly picture: Picture
  /** The bytes that the open streams have sent and received since the previous look. */
  readonly bytes: { readonly sent: number; readonly received: number }
  readonly changed: readonly ChangedCore[]
  /** The discovery keys of the cores that are no longer open. */
  readonly closed: readonly string[]
  /** The conflicts that were found since the previous look. Their cores may have closed since. */
  readonly conflicts: readonly (ConflictPicture & { readonly discoveryKey: string })[]
}

export class Observer {
  readonly view: StoreView
  readonly #store: Corestore
  readonly #cores: SeenCores
  readonly #peers = new SeenPeers()
  readonly #sum = new Tally()
  readonly #groups = new GroupTallies()
  #disk: { readonly value: StorePicture['disk']; readonly time: number } | null = null
  #conflicts: ReadonlyMap<string, ConflictPicture> = new Map()
  #time: number | null = null

  /** @throws InspectorError `BAD_ARGUMENT` if `store` is not a store; `STORE_CLOSED` */
  constructor(store: Corestore) {
    this.view = viewOf(store)
    this.#store = store
    this.#cores = new SeenCores(store, this.view)
  }

  async look(): Promise<Look> {
    const time = Date.now()
    const seconds = this.#time === null ? null : (time - this.#time) / 1000
    this.#time = time
    if (this.#disk === null || time - this.#disk.time >= DISK_INTERVAL) {
      this.#disk = { value: await diskOf(this.view), time }
    }
    const changes = await this.#cores.look(time, seconds)
    for (const change of changes) {
      this.#sum.change(change.before?.progress, change.now?.progress)
      this.#groups.change(change.before, change.now)
      this.#peers.change(change)
    }
    const picture = {
      time,
      store: storePicture(this.#store, this.view, this.#disk.value, this.#sum.progress),
      cores: this.#cores.pictures,
      peers: this.#peers.look(this.view.streams(), seconds),
      groups: this.#groups.pictures(),
    }
    return { picture, bytes: this.#peers.moved, ...sorted(changes), conflicts: this.#newConflicts() }
  }

  /** Removes its listener from the store. */
  end(): void {
    this.#cores.end()
  }

  #newConflicts(): Look['conflicts'] {
    const { conflicts } = this.view
    const found = [...conflicts].filter(([id, conflict]) => this.#conflicts.get(id) !== conflict)
    this.#conflicts = new Map(conflicts)
    return found.map(([discoveryKey, conflict]) => ({ discoveryKey, ...conflict }))
  }
}

function sorted(changes: readonly CoreChange[]): Pick<Look, 'changed' | 'closed'> {
  const changed: ChangedCore[] = []
  const closed: string[] = []
  for (const { before, now } of changes) {
    if (now !== null) changed.push({ before, now })
    else if (before !== null) closed.push(before.discoveryKey)
  }
  return { changed, closed }
}
