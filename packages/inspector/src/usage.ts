// Counts the bytes of a store by kind of record and by core. It reads every record, which takes as long as reading the whole store.

import type { Corestore } from '@coreyard/corestore'
import { recordKind } from '@coreyard/hypercore-port/storage'
import b4a from 'b4a'
import { InspectorError } from './errors.js'
import { whileOpen } from './inspect.js'
import { toName } from './names.js'
import { viewOf } from './viewed.js'

/** The records of one kind: `block`, `tree node`, `keys`, … */
export interface KindUsage {
  readonly kind: string
  readonly records: number
  /** The size of their keys and values. */
  readonly bytes: number
}

/** The records of one core, without its named sessions. */
export interface CoreUsage {
  readonly discoveryKey: string
  readonly name: string | null
  readonly nameIsHex: boolean
  readonly namespace: string | null
  readonly bytes: number
  /** The part of `bytes` that is blocks. */
  readonly blocks: number
}

/** The bytes of the records of a store. */
export interface Usage {
  /** The size of the keys and values of all records. The files can be larger, or smaller if the database compresses them. */
  readonly bytes: number
  /** The largest first. */
  readonly kinds: readonly KindUsage[]
  /** The largest first. */
  readonly cores: readonly CoreUsage[]
  /** Bytes of records that belong to no listed core: named sessions, and records of newer versions. */
  readonly other: number
}

interface Counted {
  records: number
  bytes: number
}

/**
 * Counts the bytes that each kind of record and each core take. It reads the whole store.
 *
 * @throws InspectorError `BAD_ARGUMENT`, `STORE_CLOSED`, `STORE_SUSPENDED`
 */
export async function diskUsage(store: Corestore): Promise<Usage> {
  const view = viewOf(store)
  if (view.suspended) {
    throw new InspectorError(
      'STORE_SUSPENDED',
      'The store is suspended, and its records cannot be read: resume it',
    )
  }
  return whileOpen(store, async () => {
    const counts = await countRecords(store)
    const cores: CoreUsage[] = []
    for await (const { discoveryKey, core } of store.storage.createCoreStream()) {
      const own = take(counts.byOwner, `core ${core.corePointer}`)
      const data = take(counts.byOwner, `data ${core.dataPointer}`)
      cores.push({
        discoveryKey: b4a.toString(discoveryKey, 'hex'),
        ...toName(view, core.alias),
        bytes: own + data,
        blocks: counts.blocks.get(core.dataPointer) ?? 0,
      })
    }
    const kinds = [...counts.byKind].map(([kind, counted]) => ({ kind, ...counted }))
    return {
      bytes: sum(kinds.map(({ bytes }) => bytes)),
      kinds: kinds.sort((one, other) => other.bytes - one.bytes),
      cores: cores.sort((one, other) => other.bytes - one.bytes),
      other: sum(counts.byOwner.values()),
    }
  })
}

async function countRecords({ storage }: Corestore): Promise<{
  readonly byKind: Map<string, Counted>
  readonly byOwner: Map<string, number>
  readonly blocks: Map<number, number>
}> {
  const byKind = new Map<string, Counted>()
  const byOwner = new Map<string, number>()
  const blocks = new Map<number, number>()
  for await (const { key, value } of storage.db.iterator({})) {
    const { name, owner, pointer } = recordKind(key) ?? { name: 'unknown', owner: 'core', pointer: -1 }
    const size = key.byteLength + value.byteLength
    const kind = byKind.get(name) ?? { records: 0, bytes: 0 }
    byKind.set(name, kind)
    kind.records++
    kind.bytes += size
    if (pointer === null) continue
    const id = `${owner} ${pointer}`
    byOwner.set(id, (byOwner.get(id) ?? 0) + size)
    if (name === 'block') blocks.set(pointer, (blocks.get(pointer) ?? 0) + value.byteLength)
  }
  return { byKind, byOwner, blocks }
}

function take(byOwner: Map<string, number>, id: string): number {
  const bytes = byOwner.get(id) ?? 0
  byOwner.delete(id)
  return bytes
}

function sum(numbers: Iterable<number>): number {
  let total = 0
  for (const number of numbers) total += number
  return total
}
