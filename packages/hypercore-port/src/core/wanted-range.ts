// Hypercore 11.39 tells a peer which blocks it would like to hear of (`Peer._maybeWantAnyRange`): for a seek, and to find out where two forks
// part. It widens the range to whole pages of 2^21 blocks before it keeps it (lib/wants.js, `addAnyRange`), and then takes the range that it
// kept for another one: it takes the want back and sends it again each time the peer answers. Two peers, of which one has cleared the
// blocks that the other one looks for, so send each other messages for ever. Here the range is widened first.

/** Blocks of a page of wants (lib/wants.js, `BATCH`). */
const PAGE = 2 ** 21

/** What of Hypercore's peer is replaced and read. */
interface Wanting {
  readonly remoteContiguousLength: number
  _maybeWantAnyRange(start: number, length: number, handle: object): void
}

/** Has a peer keep a want that it has sent. */
export function keepWants(peer: object): void {
  Object.assign(peer, { _maybeWantAnyRange: wantAnyRange })
}

/** Instead of the peer's method of that name: one function for all peers. */
function wantAnyRange(this: Wanting, start: number, length: number, handle: object): void {
  const { _maybeWantAnyRange: original } = Object.getPrototypeOf(this) as Wanting
  if (start + length <= this.remoteContiguousLength) {
    original.call(this, start, length, handle) // which wants nothing, and takes back what was wanted
    return
  }
  const rest = start % PAGE
  const pages = Math.ceil((rest + length) / PAGE)
  original.call(this, start - rest, pages * PAGE, handle)
}
