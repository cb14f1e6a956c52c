// For each picture of a watch, only the changed cores are sent, both those of the store and those of each peer. The client puts the whole
// picture together.

import type { CorePicture, PeerCorePicture, PeerPicture, Picture } from '../picture.js'
import type { Observation } from '../watch.js'

/** A picture without the cores that are the same as in the previous one. */
export type Change = Omit<Observation, 'picture'> & {
  readonly picture: Omit<Picture, 'cores' | 'peers'>
  readonly peers: readonly PeerChange[]
}

/** A peer with only those of its cores that have changed. */
type PeerChange = PeerPicture & {
  /** The discovery keys of the cores that it no longer has. */
  readonly gone: readonly string[]
}

type PeerCores = Map<string, PeerCorePicture>

/** Turns pictures into changes. */
export class Changes {
  #cores: ReadonlyMap<string, PeerCores> = new Map()

  next({ picture, ...rest }: Observation): Change {
    const { time, store, peers, groups } = picture
    const before = this.#cores
    const now = new Map<string, PeerCores>()
    const changes = peers.map((peer) => {
      const cores = new Map(peer.cores.map((core) => [core.discoveryKey, core]))
      now.set(idOf(peer), cores)
      return changeOf(peer, before.get(idOf(peer)) ?? new Map(), cores)
    })
    this.#cores = now
    return { ...rest, picture: { time, store, groups }, peers: changes }
  }
}

/** Turns changes into pictures. An unchanged core is the same object as before. */
export class RemoteCores {
  readonly #cores = new Map<string, CorePicture>()
  #ofPeers: ReadonlyMap<string, PeerCores> = new Map()

  observe({ picture, peers, changed, closed, events }: Change): Observation {
    for (const id of closed) this.#cores.delete(id)
    for (const core of changed) this.#cores.set(core.discoveryKey, core)
    const before = this.#ofPeers
    const now = new Map<string, PeerCores>()
    const whole = peers.map(({ gone, ...peer }) => {
      const cores = before.get(idOf(peer)) ?? new Map<string, PeerCorePicture>()
      for (const id of gone) cores.delete(id)
      for (const core of peer.cores) cores.set(core.discoveryKey, core)
      now.set(idOf(peer), cores)
      return { ...peer, cores: [...cores.values()] }
    })
    this.#ofPeers = now
    const cores = [...this.#cores.values()]
    return { picture: { ...picture, cores, peers: whole }, changed, closed, events }
  }
}

function changeOf(peer: PeerPicture, before: PeerCores, now: PeerCores): PeerChange {
  const cores = [...now.values()].filter((core) => !isSame(before.get(core.discoveryKey), core))
  const gone = [...before.keys()].filter((id) => !now.has(id))
  return { ...peer, cores, gone }
}

/** A core in the state `asked` has no other values, and every picture of it is a new object. */
function isSame(before: PeerCorePicture | undefined, now: PeerCorePicture): boolean {
  return before === now || (before?.state === 'asked' && now.state === 'asked')
}

function idOf({ publicKey }: PeerPicture): string {
  return publicKey ?? ''
}
