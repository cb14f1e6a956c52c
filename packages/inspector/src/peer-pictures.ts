// The peers of a store: its streams by the public key of the other side, and the cores on them.

import { connectionOf } from '@coreyard/hypercore-port'
import type { NoiseSecretStream } from '@coreyard/hypercore-types'
import type { StreamView } from '@coreyard/replicator'
import b4a from 'b4a'
import { NO_RATES, ratesOf } from './core-picture.js'
import type { PeerCorePicture, PeerPicture, RefusalPicture, StreamPicture } from './picture.js'
import { NO_PROGRESS, sumOf } from './progress.js'
import type { CoreChange } from './seen-cores.js'
import { Tally } from './tally.js'

/** What is kept of a stream from one look to the next. */
interface SeenStream {
  /** The cores with a channel that is open on both sides, by discovery key. */
  readonly attached: Map<string, PeerCorePicture>
  readonly tally: Tally
  sent: number
  received: number
}

/** The parts of the picture of a peer. */
interface PeerParts {
  readonly publicKey: string | null
  readonly streams: StreamPicture[]
  readonly cores: PeerCorePicture[]
  readonly refused: RefusalPicture[]
  readonly tallies: Tally[]
  up: number
  down: number
}

export class SeenPeers {
  readonly #streams = new WeakMap<NoiseSecretStream, SeenStream>()
  /** The bytes that all streams have sent and received since the previous look. */
  moved: { readonly sent: number; readonly received: number } = { sent: 0, received: 0 }

  /** Updates the peers of a core that has a new picture. */
  change({ before, now, channelsBefore, channels }: CoreChange): void {
    const id = now?.discoveryKey ?? before?.discoveryKey ?? ''
    const left = new Set(channelsBefore.map(({ peer }) => peer.stream))
    for (const { peer, picture } of channels) {
      left.delete(peer.stream)
      this.#set(peer.stream, id, picture)
    }
    for (const stream of left) this.#set(stream, id, null)
  }

  /** @param seconds since the last look; `null` for the first */
  look(streams: Iterable<StreamView>, seconds: number | null): PeerPicture[] {
    const byKey = new Map<string, PeerParts>()
    for (const stream of streams) {
      const { noiseStream } = stream
      const seen = this.#seen(noiseStream)
      const parts = partsOf(byKey, stream)
      const { rawBytesWritten: sent, rawBytesRead: received } = noiseStream
      parts.up += sent - seen.sent
      parts.down += received - seen.received
      Object.assign(seen, { sent, received })
      parts.streams.push(streamPicture(stream))
      for (const outcome of stream.outcomes) {
        parts.refused.push({ ...outcome, discoveryKey: b4a.toString(outcome.discoveryKey, 'hex') })
      }
      for (const picture of seen.attached.values()) parts.cores.push(picture)
      for (const asked of askedOn(stream)) parts.cores.push(asked)
      parts.tallies.push(seen.tally)
    }
    const all = [...byKey.values()]
    const sum = (what: 'up' | 'down') => all.reduce((total, parts) => total + parts[what], 0)
    this.moved = { sent: sum('up'), received: sum('down') }
    return all.map((parts) => peerPicture(parts, seconds))
  }

  #set(stream: NoiseSecretStream, id: string, picture: PeerCorePicture | null): void {
    const { attached, tally } = this.#seen(stream)
    tally.change(attached.get(id)?.progress, picture?.progress)
    if (picture === null) attached.delete(id)
    else attached.set(id, picture)
  }

  #seen(stream: NoiseSecretStream): SeenStream {
    const known = this.#streams.get(stream)
    if (known !== undefined) return known
    const seen = { attached: new Map(), tally: new Tally(), sent: 0, received: 0 }
    this.#streams.set(stream, seen)
    return seen
  }
}

function peerPicture({ up, down, tallies, ...parts }: PeerParts, seconds: number | null): PeerPicture {
  const rates = seconds === null ? NO_RATES : ratesOf(up, down, seconds)
  return { ...parts, progress: sumOf(tallies.map(({ progress }) => progress)), rates }
}

function partsOf(byKey: Map<string, PeerParts>, { publicKey }: StreamView): PeerParts {
  const id = publicKey === null ? '' : b4a.toString(publicKey, 'hex')
  const known = byKey.get(id)
  if (known !== undefined) return known
  const lists = { streams: [], cores: [], refused: [], tallies: [] }
  const parts: PeerParts = { publicKey: publicKey === null ? null : id, ...lists, up: 0, down: 0 }
  byKey.set(id, parts)
  return parts
}

function streamPicture({ noiseStream, publicKey }: StreamView): StreamPicture {
  return {
    handshake: publicKey !== null || noiseStream.connected,
    isInitiator: noiseStream.isInitiator,
    ...connectionOf(noiseStream),
    sent: noiseStream.rawBytesWritten,
    received: noiseStream.rawBytesRead,
  }
}

/** The cores for which only this side has opened a channel. */
function* askedOn(stream: StreamView): Generator<PeerCorePicture> {
  for (const { core, isOpen } of stream.channels()) {
    if (!isOpen) yield { ...NOTHING, discoveryKey: b4a.toString(core.discoveryKey, 'hex') }
  }
}

const NOTHING: Omit<PeerCorePicture, 'discoveryKey'> = {
  state: 'asked',
  length: 0,
  fork: 0,
  contiguousLength: 0,
  uploading: false,
  downloading: false,
  inFlight: 0,
  sent: 0,
  received: 0,
  progress: NO_PROGRESS,
}
