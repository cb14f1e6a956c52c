// Repairs two faults of Protomux 3.12 (index.js) with openings of channels that take long to answer. They cost a stream or a core:
//
// - `_gc` forgets the name of a channel while an opening of that name has no answer. When the answer comes, it forgets the name once more:
//   that of a channel that was opened in between. Its peer then opens a second channel, and Protomux destroys the stream.
// - `_onclosesession` ignores the close of an opening that has no answer. The channel that is opened later answers a peer that does not
//   listen, and no further opening of that name is accepted.
//
// Its map of names (`_infos`) is one that openings come to and leave: see short-lived.ts.

import encodings from 'compact-encoding'
import { ShortLived } from './short-lived.js'

/** The state of all channels of one name. */
interface Info {
  /** How many openings of the peer have no answer. */
  readonly pairing: number
  /** The numbers of the peer's channels that wait for an answer. */
  readonly incoming: number[]
}

/** A channel that the peer has opened. */
interface Remote {
  /** The channel on this side; `null` until it exists. */
  readonly session: unknown
  /** Whether the peer has closed it before it was answered. Added here. */
  isWithdrawn?: boolean
}

/** A buffer, and the range of it that is still to be read. */
interface State {
  buffer: Uint8Array
  start: number
  end: number
}

/** The members of Protomux that are replaced and read. */
interface Internals {
  _infos: Iterable<readonly [string, Info]>
  readonly _remote: readonly (Remote | null)[]
  _remoteBacklog: number
  _gc(info: Info): void
  _get(protocol: string, id: Uint8Array | null, aliases?: readonly string[]): Info
  _onclosesession(state: State): void
  _rejectSession(info: Info, remoteId: number): void
}

/** Repairs all of that for a muxer, for channels of all protocols. */
export function mendOpenings(muxer: object): void {
  const internals = muxer as Internals
  const forget = internals._gc.bind(muxer)
  const infoOf = internals._get.bind(muxer)
  const close = internals._onclosesession.bind(muxer)
  internals._infos = new ShortLived(internals._infos)
  internals._gc = (info) => {
    if (info.pairing === 0) forget(info)
  }
  internals._onclosesession = (state) => {
    const remote = internals._remote[encodings.uint.decode({ ...state }) - 1]
    if (remote?.session === null) remote.isWithdrawn = true
    else close(state)
  }
  internals._get = (...name) => {
    const info = infoOf(...name)
    if (info.incoming.length > 0) refuseWithdrawn(internals, info)
    return info
  }
}

/** Refuses openings that the peer has withdrawn, so that it can reuse the numbers and no channel answers them. */
function refuseWithdrawn(muxer: Internals, info: Info): void {
  for (const remoteId of info.incoming.splice(0)) {
    if (muxer._remote[remoteId - 1]?.isWithdrawn === true) {
      muxer._remoteBacklog--
      muxer._rejectSession(info, remoteId)
    } else info.incoming.push(remoteId)
  }
}
