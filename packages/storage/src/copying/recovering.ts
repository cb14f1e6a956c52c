// Marks cores that must ask their peers before they are written again. A copy of a store may lack blocks that the original has sent to its
// peers. If both sign the same indexes, the core has two histories and every peer closes it. Hypercore 11.39 stores a hint for that with
// each core, `recovering`: it appends once peers have nothing newer.
import { isCoreRecord, isFromDataOn, keys, schema } from '@coreyard/hypercore-port/storage'
import type { DatabaseEntry } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import { KeySpace } from '../database/key-space.js'
import { isOpenRecord, markOfCopy } from '../engine/open-mark.js'

/**
 * Yields the records of a store, with the hint in each core and with the mark of a copy. Each core gets the hint, because the store may
 * write any of them: a key pair can be stored, derived from a name, or passed to `get`. Hypercore reads the hint only before it writes.
 *
 * @param records in the order of their keys
 * @param since when the copy was made, in milliseconds since 1970
 * @param session the session that the mark names
 */
export async function* recovering(
  records: AsyncIterable<DatabaseEntry>,
  since: number,
  session: string,
): AsyncGenerator<DatabaseEntry> {
  const mark = markOfCopy(session)
  let isMarked = false
  for await (const entry of hinted(records, since)) {
    if (isOpenRecord(entry.key)) continue
    if (!isMarked && b4a.compare(entry.key, mark.key) > 0) {
      isMarked = true
      yield mark
    }
    yield entry
  }
  if (!isMarked) yield mark
}

async function* hinted(records: AsyncIterable<DatabaseEntry>, since: number): AsyncGenerator<DatabaseEntry> {
  const pointers: number[] = []
  let hints: readonly Uint8Array[] | null = null
  let next = 0
  for await (const entry of records) {
    const { key, value } = entry
    if (isCoreRecord(key)) pointers.push(schema.decode('@corestore/core', value).dataPointer)
    if (!isData(key)) {
      yield entry
      continue
    }
    hints ??= hintKeys(pointers)
    let hint = hints[next]
    for (; hint !== undefined && b4a.compare(hint, key) < 0; hint = hints[++next]) {
      yield { key: hint, value: withHint(null, since) }
    }
    if (hint === undefined || !b4a.equals(hint, key)) yield entry
    else {
      next++
      yield { key, value: withHint(value, since) }
    }
  }
  for (const key of (hints ?? hintKeys(pointers)).slice(next)) yield { key, value: withHint(null, since) }
}

/** The keys of the hints of these cores, in order. */
function hintKeys(pointers: readonly number[]): Uint8Array[] {
  // hypercore-storage reuses the memory of its keys.
  return pointers.toSorted((a, b) => a - b).map((pointer) => Uint8Array.from(keys.core.hints(pointer)))
}

/** Whether a key is among the records of the cores' data, or after them. */
function isData(key: Uint8Array): boolean {
  if (KeySpace.familyOf(key) !== null) return true
  return isFromDataOn(key)
}

function withHint(value: Uint8Array | null, recovering: number): Uint8Array {
  const none = { contiguousLength: 0, remoteContiguousLength: 0 }
  const hints = value === null ? none : schema.decode('@core/hints', value)
  return schema.encode('@core/hints', { ...hints, recovering })
}
