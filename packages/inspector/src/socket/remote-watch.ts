// What goes over the socket of each picture of a watch: the cores that have changed, not all of them. The other side puts it together.

import type { CorePicture, Picture } from '../picture.js'
import type { Observation } from '../watch.js'

/** A picture without the cores that are as in the one before. */
export type Change = Omit<Observation, 'picture'> & { readonly picture: Omit<Picture, 'cores'> }

export function toChange({ picture, ...rest }: Observation): Change {
  const { time, store, peers, groups } = picture
  return { ...rest, picture: { time, store, peers, groups } }
}

/** The cores of a store, from change to change. */
export class RemoteCores {
  readonly #cores = new Map<string, CorePicture>()

  observe({ picture, changed, closed, events }: Change): Observation {
    for (const id of closed) this.#cores.delete(id)
    for (const core of changed) this.#cores.set(core.discoveryKey, core)
    return { picture: { ...picture, cores: [...this.#cores.values()] }, changed, closed, events }
  }
}
