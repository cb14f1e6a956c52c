// The rows of cores and peers. They have only the fields that are shown, so that 100,000 of them can be sent.

import type { CorePicture, PeerCorePicture, PeerPicture } from '@coreyard/inspector'
import { visible } from '../text.js'

/** A core. */
export interface Row {
  /** Its discovery key, in hex. */
  readonly id: string
  readonly key: string | null
  /** Without control characters, and cut. */
  readonly name: string | null
  readonly namespace: string | null
  readonly state: CorePicture['state']
  readonly writable: boolean
  readonly length: number
  readonly byteLength: number
  /** In blocks, as of a `Progress`. */
  readonly total: number
  readonly have: number
  readonly want: number
  readonly ranges: CorePicture['ranges']
  readonly hasMoreRanges: boolean
  readonly peers: number
  /** Answers with blocks in a second. */
  readonly up: number
  readonly down: number
  readonly lastWritten: number | null
  readonly lastActive: number | null
  readonly errors: number
  readonly conflict: boolean
}

/** A peer. */
export interface PeerRow {
  /** Its public key, in hex; empty for streams whose handshake is not done. */
  readonly id: string
  /** Host and port; `null` where the stream has none. */
  readonly address: string | null
  readonly streams: number
  readonly handshake: boolean
  /** In milliseconds. */
  readonly roundTrip: number | null
  readonly cores: number
  /** The last ones. */
  readonly refused: readonly { readonly core: string; readonly reason: string }[]
  readonly sent: number
  readonly received: number
  /** In bytes in a second. */
  readonly up: number
  readonly down: number
}

/** A core at a peer. */
export interface Cell {
  readonly peer: string
  readonly core: string
  readonly attached: boolean
  readonly length: number
  readonly have: number
  readonly inFlight: number
  readonly uploading: boolean
  readonly downloading: boolean
  /** Answers with blocks in a second. */
  readonly up: number
  readonly down: number
}

/** The most characters of a name that are shown. A name has any length. */
const MOST_NAME = 120
/** How many refusals of a peer are shown. */
const MOST_REFUSED = 50

export function toRow(core: CorePicture): Row {
  const { discoveryKey, key, name, namespace, state, writable, length, byteLength, progress } = core
  const { ranges, hasMoreRanges, peers, rates, lastWritten, lastActive, errors, conflict } = core
  const { total, have, want } = progress
  return {
    id: discoveryKey,
    key,
    name: name === null ? null : cut(name),
    namespace,
    state,
    writable,
    length,
    byteLength,
    total,
    have,
    want,
    ranges,
    hasMoreRanges,
    peers,
    up: rates.up,
    down: rates.down,
    lastWritten,
    lastActive,
    errors,
    conflict: conflict !== null,
  }
}

/** A core that has closed, and is stored. */
export function closedRow(row: Row): Row {
  return { ...row, state: 'stored', total: row.length, want: 0, peers: 0, up: 0, down: 0 }
}

export function toPeerRow(peer: PeerPicture): PeerRow {
  const { publicKey, streams, cores, refused, rates } = peer
  const address = streams.find((stream) => stream.address !== null)?.address ?? null
  const trips = streams.flatMap(({ roundTrip }) => roundTrip ?? [])
  const sum = (what: 'sent' | 'received') => streams.reduce((total, stream) => total + stream[what], 0)
  return {
    id: publicKey ?? '',
    address: address === null ? null : visible(`${address.host}:${address.port}`),
    streams: streams.length,
    handshake: streams.some(({ handshake }) => handshake),
    roundTrip: trips.length === 0 ? null : Math.min(...trips),
    cores: cores.length,
    refused: refused.slice(-MOST_REFUSED).map(({ discoveryKey, reason }) => ({ core: discoveryKey, reason })),
    sent: sum('sent'),
    received: sum('received'),
    up: rates.up,
    down: rates.down,
  }
}

export function toCell(peer: string, core: PeerCorePicture, rates: { up: number; down: number }): Cell {
  const { discoveryKey, state, length, progress, inFlight, uploading, downloading } = core
  return {
    peer,
    core: discoveryKey,
    attached: state === 'attached',
    length,
    have: progress.have,
    inFlight,
    uploading,
    downloading,
    ...rates,
  }
}

/** What a core is called where it is shown: its name, or the beginning of its key. */
export function titleOf({ name, key, id }: Pick<Row, 'name' | 'key' | 'id'>): string {
  if (name !== null) return name === '' ? '""' : name
  return (key ?? id).slice(0, 16)
}

export function peerTitle(id: string): string {
  return id === '' ? 'handshake' : id.slice(0, 12)
}

/** Cut before it is made visible: that makes it up to six times as long, and is made of each core again and again. */
function cut(name: string): string {
  const shown = name.length > MOST_NAME ? `${name.slice(0, MOST_NAME)}…` : name
  return visible(shown)
}
