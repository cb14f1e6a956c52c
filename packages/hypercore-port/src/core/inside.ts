// What an inspector reads of an open core, and what tells it of a conflict. Of Hypercore 11.39: `Core.bitfield`, `Core._onconflict`,
// `Replicator._blocks`, `._ranges` and `._inflight` (lib/replicator.js) and `Peer.remoteBitfield`; of a UDX stream `rtt`, `remoteHost` and
// `remotePort`.

import type { Core, Peer, TreeProof } from '@coreyard/hypercore-types'

/** A run of blocks: from `start` to before `end`. */
export type BlockRange = readonly [start: number, end: number]

/** A set of blocks, as Hypercore keeps those that are here, and those that a peer has. */
interface BlockSet {
  /** The first block from `position` on that is in the set, or is not. -1 for none. */
  findFirst(isIn: boolean, position: number): number
}

interface Internals {
  readonly bitfield: (BlockSet & { countSet(start: number, length: number): number }) | null
  readonly replicator: {
    readonly _blocks: { readonly _map: ReadonlyMap<number, unknown> }
    readonly _ranges: readonly { readonly start: number; readonly end: number }[]
    readonly _inflight: Iterable<{ readonly timestamp: number }> & { readonly _active: number }
  }
}

/** How many runs of blocks of one core are listed, and searched for in what a peer has. */
const MOST_RANGES = 64

/** How many blocks are here. */
export function blocksHere(core: Core): number {
  const { state, header } = core
  if (state === null || header === null) return 0
  const contiguous = Math.min(header.hints.contiguousLength, state.length)
  if (contiguous === state.length) return contiguous
  return contiguous + (inside(core).bitfield?.countSet(contiguous, state.length - contiguous) ?? 0)
}

/** The first runs of blocks that are here, and whether there are more. */
export function rangesHere(core: Core): { ranges: readonly BlockRange[]; hasMore: boolean } {
  const { bitfield } = inside(core)
  const length = core.state?.length ?? 0
  return bitfield === null ? { ranges: [], hasMore: false } : rangesOf(bitfield, length)
}

/** How many blocks were asked for here that are not here yet, of `missing` that could be. */
export function blocksWanted(core: Core, missing: number, total: number): number {
  if (missing === 0) return 0
  const { bitfield, replicator } = inside(core)
  let wanted = replicator._blocks._map.size
  for (const { start, end } of replicator._ranges) {
    const last = end === -1 ? total : Math.min(end, total)
    if (last > start) wanted += last - start - (bitfield?.countSet(start, last - start) ?? 0)
    // Each of the ranges may ask for the same blocks.
    if (wanted >= missing) return missing
  }
  return Math.min(wanted, missing)
}

/** What differs when the core's own requests do. */
export function requestMark(core: Core): number {
  const { _blocks, _ranges, _inflight } = inside(core).replicator
  return _blocks._map.size * 1024 + _ranges.length * 64 + _inflight._active
}

/** For how many milliseconds the oldest request to a peer has had no answer; `null` if there is none. */
export function oldestRequest(core: Core): number | null {
  let oldest = Number.POSITIVE_INFINITY
  for (const { timestamp } of inside(core).replicator._inflight) oldest = Math.min(oldest, timestamp)
  return oldest === Number.POSITIVE_INFINITY ? null : Math.max(0, Date.now() - oldest)
}

/** How many of the first `length` blocks a peer has, as far as it has said so. */
export function blocksOfPeer(peer: Peer, length: number): number {
  const { remoteBitfield } = peer as Peer & { readonly remoteBitfield: BlockSet }
  const contiguous = Math.min(peer.remoteContiguousLength, length)
  let count = contiguous
  for (let start = contiguous, runs = 0; runs < MOST_RANGES; runs++) {
    const first = remoteBitfield.findFirst(true, start)
    if (first === -1 || first >= length) break
    const end = remoteBitfield.findFirst(false, first)
    start = end === -1 ? length : Math.min(end, length)
    count += start - first
  }
  return count
}

/** Whether a session that is open decrypts the core; `null` if none is open. */
export function isEncrypted(core: Core): boolean | null {
  const sessions = core.sessionStates.flatMap((state) => state.sessions)
  return sessions.length === 0 ? null : sessions.some(({ encryption }) => Boolean(encryption))
}

/**
 * What the stream beneath the encryption says of the connection: a UDX stream, as Hyperswarm has it, or a socket. There is none while
 * HyperDHT connects.
 */
export function connectionOf({ rawStream }: { readonly rawStream: object | null }): {
  readonly address: { readonly host: string; readonly port: number } | null
  readonly roundTrip: number | null
} {
  const raw: { rtt?: unknown; remoteHost?: unknown; remoteAddress?: unknown; remotePort?: unknown } = {
    ...(rawStream === null ? {} : members(rawStream)),
  }
  const host = raw.remoteHost ?? raw.remoteAddress
  const isKnown = typeof host === 'string' && typeof raw.remotePort === 'number'
  return {
    address: isKnown ? { host, port: Number(raw.remotePort) } : null,
    roundTrip: typeof raw.rtt === 'number' ? raw.rtt : null,
  }
}

/** Calls back when a peer has proved another history of a core, before Hypercore closes the core. `length` is in blocks. */
export function onConflict(core: Core, call: (length: number, fork: number) => void): void {
  const { _onconflict: onconflict } = core as unknown as ConflictInternals
  const replaced: ConflictInternals['_onconflict'] = (proof) => {
    call(proof.upgrade?.length ?? 0, proof.fork)
    return onconflict.call(core, proof)
  }
  Object.assign<Core, ConflictInternals>(core, { _onconflict: replaced })
}

interface ConflictInternals {
  _onconflict(proof: TreeProof): Promise<void>
}

function members(stream: object): { [name: string]: unknown } {
  const names = ['rtt', 'remoteHost', 'remoteAddress', 'remotePort']
  // Of a UDX stream that has closed, reading `rtt` is undefined behaviour of its native part.
  if (Reflect.get(stream, 'destroyed') === true) return {}
  return Object.fromEntries(names.map((name) => [name, Reflect.get(stream, name)]))
}

function rangesOf(blocks: BlockSet, length: number): { ranges: readonly BlockRange[]; hasMore: boolean } {
  const ranges: BlockRange[] = []
  for (let start = 0; start < length; ) {
    const first = blocks.findFirst(true, start)
    if (first === -1 || first >= length) break
    if (ranges.length === MOST_RANGES) return { ranges, hasMore: true }
    const end = blocks.findFirst(false, first)
    start = end === -1 ? length : Math.min(end, length)
    ranges.push([first, start])
  }
  return { ranges, hasMore: false }
}

function inside(core: Core): Internals {
  return core as unknown as Internals
}
