// Joins two sequences of records by their keys.
import type { DatabaseEntry } from '@coreyard/hypercore-types'
import b4a from 'b4a'

/** The values of both sequences for a key; `null` if a sequence does not have the key. */
export interface Pair {
  readonly key: Uint8Array
  readonly wanted: Uint8Array | null
  readonly found: Uint8Array | null
}

/** Yields every key of either sequence, in order. Both sequences must be in the order of their keys. */
export async function* pairs(
  wanted: AsyncIterable<DatabaseEntry>,
  found: AsyncIterable<DatabaseEntry>,
): AsyncGenerator<Pair> {
  const [left, right] = [wanted[Symbol.asyncIterator](), found[Symbol.asyncIterator]()]
  try {
    let [a, b] = [await take(left), await take(right)]
    for (;;) {
      const order = compare(a, b)
      if (order <= 0 && a !== null) {
        yield { key: a.key, wanted: a.value, found: order === 0 && b !== null ? b.value : null }
      } else if (b !== null) yield { key: b.key, wanted: null, found: b.value }
      else return
      if (order <= 0) a = await take(left)
      if (order >= 0) b = await take(right)
    }
  } finally {
    await left.return?.()
    await right.return?.()
  }
}

async function take(iterator: AsyncIterator<DatabaseEntry>): Promise<DatabaseEntry | null> {
  const next = await iterator.next()
  return next.done ? null : next.value
}

function compare(a: DatabaseEntry | null, b: DatabaseEntry | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  return b4a.compare(a.key, b.key)
}
