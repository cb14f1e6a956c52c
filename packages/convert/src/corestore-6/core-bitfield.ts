// Which blocks a Hypercore 10 has: its bitfield file, one bit for each block in pages of 4096 bytes, lowest bit first, and the changes that
// are still in the oplog. Hypercore 11 stores the same pages.
import type { CachedFile } from './cached-file.js'
import type { BitRange, CoreState } from './core-state.js'

const PAGE_BYTES = 4096
const PAGE_BITS = 8 * PAGE_BYTES

/** The pages that have any bit, by their numbers, without the blocks past the end that an unfinished batch may have left. */
export async function* bitfieldPages(
  file: CachedFile,
  { bits, length }: CoreState,
): AsyncGenerator<{ readonly index: number; readonly page: Uint8Array }> {
  for (let index = 0; index * PAGE_BITS < length; index++) {
    const page = new Uint8Array(PAGE_BYTES)
    const offset = index * PAGE_BYTES
    // Hypercore 10 reads whole words of four bytes.
    const size = Math.min(PAGE_BYTES, file.size - (file.size % 4) - offset)
    if (size > 0) page.set(await file.read(offset, size))
    const first = index * PAGE_BITS
    for (const range of bits) setRange(page, first, range)
    setRange(page, first, { start: length, length: Number.POSITIVE_INFINITY, drop: true })
    if (page.some((byte) => byte !== 0)) yield { index, page }
  }
}

/** The numbers of the blocks, in order. */
export async function* presentBlocks(file: CachedFile, state: CoreState): AsyncGenerator<number> {
  for await (const { index, page } of bitfieldPages(file, state)) {
    for (let bit = 0; bit < PAGE_BITS; bit++) if (hasBit(page, bit)) yield index * PAGE_BITS + bit
  }
}

/** How many blocks are stored in a row, from the first one on. */
export async function contiguousLength(file: CachedFile, state: CoreState): Promise<number> {
  let length = 0
  for await (const { index, page } of bitfieldPages(file, state)) {
    if (index * PAGE_BITS !== length) break
    for (let bit = 0; bit < PAGE_BITS && hasBit(page, bit); bit++) length++
  }
  return length
}

function hasBit(page: Uint8Array, bit: number): boolean {
  return ((page[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0
}

/** Changes the bits of a range that are in a page. @param first the number of the page's first bit */
function setRange(page: Uint8Array, first: number, { start, length, drop }: BitRange): void {
  const end = Math.min(start + length - first, PAGE_BITS)
  for (let bit = Math.max(start - first, 0); bit < end; bit++) {
    const mask = 1 << (bit & 7)
    const byte = page[bit >> 3] ?? 0
    page[bit >> 3] = drop ? byte & ~mask : byte | mask
  }
}
