// Reads of an open core for an inspector, and a callback for conflicts. It uses, of Hypercore 11.39, `Core.bitfield`, `Core._onconflict`,
// `Replicator._blocks`, `._ranges` and `._inflight` (lib/replicator.js) and `Peer.remoteBitfield`; of a UDX stream, `rtt`, `remoteHost` and
// `remotePort`.

import type { Core, Peer, TreeProof } from '@coreyard/hypercore-types'

/** A run of blocks: from `start` to `end` (exclusive). */
export type BlockRange = readonly [start: number, end: number]

/** A set of blocks. Hypercore has one of the stored blocks, and one of the blocks of each peer. */
interface BlockSet {
  /** Returns the first block from `position` on that is in the set, or is not in it; -1 if there is none. */
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

/** How many runs of blocks of one core, or of a peer, are read at most. */
const MOST_RANGES = 64

/** Returns how many blocks are stored. */
export function blocksHere(core: Core): number {
  const { state, header } = core
  if (state === null || header === null) return 0
  const contiguous = Math.min(header.hints.contiguousLength, state.length)
  if (contiguous === state.length) return contiguous
  return contiguous + (inside(core).bitfield?.countSet(contiguous, state.length - contiguous) ?? 0)
}

/** Returns at most 64 runs of stored blocks, from the first one on, and whether there are more. */
export function rangesHere(core: Core): { ranges: readonly BlockRange[]; hasMore: boolean } {
  const { bitfield } = inside(core)
  const length = core.state?.length ?? 0
  return bitfield === null ? { ranges: [], hasMore: false } : rangesOf(bitfield, length)
}

/** Returns how many of the `missing` blocks this side has requested. `total` is the length of the core, in blocks. */
export function blocksWanted(core: Core, missing: number, total: number): number {
  if (missing === 0) return 0
  const { bitfield, replicator } = inside(core)
  let wanted = replicator._blocks._map.size
  for (const { start, end } of replicator._ranges) {
    const last = end === -1 ? total : Math.min(end, total)
    if (last > start) wanted += last - start - (bitfield?.countSet(start, last - start) ?? 0)
    // Several ranges may request the same blocks.
    if (wanted >= missing) return missing
  }
  return Math.min(wanted, missing)
}

/** Returns a number that changes when the requests of the core change. */
export function requestMark(core: Core): number {
  const { _blocks, _ranges, _inflight } = inside(core).replicator
  return _blocks._map.size * 1024 + _ranges.length * 64 + _inflight._active
}

/** Returns for how many milliseconds the oldest request to a peer has had no answer; `null` if there is no request. */
export function oldestRequest(core: Core): number | null {
  let oldest = Number.POSITIVE_INFINITY
  for (const { timestamp } of inside(core).replicator._inflight) oldest = Math.min(oldest, timestamp)
  return oldest === Number.POSITIVE_INFINITY ? null : Math.max(0, Date.now() - oldest)
}

/** Returns how many of the first `length` blocks a peer has said that it has. */
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

/** Whether an open session of the core has an encryption; `null` if no session is open. */
export function isEncrypted(core: Core): boolean | null {
  const sessions = core.sessionStates.flatMap((state) => state.sessions)
  return sessions.length === 0 ? null : sessions.some(({ encryption }) => Boolean(encryption))
}

/**
 * Returns the address and the round-trip time (milliseconds) of a connection, as the stream under the encryption knows them: a UDX stream
 * of Hyperswarm, or a socket. Both are `null` while HyperDHT still connects, or if the stream does not know them.
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

/** Calls `call` when a peer has proved a conflicting history of a core, before Hypercore closes the core. `length` is in blocks. */
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
  // Reading `rtt` of a closed UDX stream is undefined behaviour in its native part.
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
