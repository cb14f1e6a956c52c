// Hypercore 11.39 tells a peer which blocks it wants to know about (`Peer._maybeWantAnyRange`), for a seek and to find where two forks part.
// It stores the range after it has widened it to whole pages of 2^21 blocks (lib/wants.js, `addAnyRange`), and then does not recognise the
// stored range. So it withdraws the want and sends it again each time the peer answers. If a peer has cleared the blocks that the other
// peer looks for, the two send each other messages forever. Here the range is widened first.

/** Blocks of a page of wants (lib/wants.js, `BATCH`). */
const PAGE = 2 ** 21

/** The part of Hypercore's peer that is replaced and read. */
interface Wanting {
  readonly remoteContiguousLength: number
  _maybeWantAnyRange(start: number, length: number, handle: object): void
}

/** Makes a peer keep a want that it has sent. */
export function keepWants(peer: object): void {
  Object.assign(peer, { _maybeWantAnyRange: wantAnyRange })
}

/** Replaces the peer's method of that name: one function for all peers. */
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
