// The mark of a store: where it is open or was closed, and which of its cores may be older than those of their peers. It is in the column
// family `default`, which every RocksDB has and hypercore-storage does not use.
import type { CorestoreStorage, DatabaseEntry, StorageDatabase } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import { KeySpace } from '../database/key-space.js'
import type { Place } from './place.js'

/**
 * Why a core may be older than what its peers have:
 *
 * - `'ask'`: the store may have lost its last writes, as in a power cut. A writer should ask the peers, and may continue without an answer;
 * - `'strict'`: the store is a copy. A writer needs the answer of a peer.
 */
export type Doubt = 'ask' | 'strict'

/** A doubt that arose when a store was opened. */
export interface Doubted {
  /** The number of the doubt, counted from 1. */
  readonly number: number
  readonly doubt: Doubt
  /** It concerns the cores whose number in hypercore-storage, `corePointer`, is lower. */
  readonly below: number
}

export interface OpenMark {
  readonly version: 1
  readonly state: 'open' | 'closed'
  /** Names the opening of the store that wrote the mark. No two openings have the same name. */
  readonly session: string
  readonly boot: string | null
  /** `null` if it is not known. */
  readonly place: Place | null
  /** Whether the store is a copy. The original may have created cores that the copy lacks. */
  readonly isCopy: boolean
  /** In the order of their numbers. */
  readonly doubts: readonly Doubted[]
}

/** The column family that the records of this file are in. */
export const MARK_FAMILY = 'default'
const PREFIX = 'coreyard/'
const MARK = keyOf('open')

/** Whether a record is one of this file. @param key as stored, with the prefix of its family (database/key-space.ts) */
export function isOpenRecord(key: Uint8Array): boolean {
  const prefix = KeySpace.default.key(b4a.from(PREFIX))
  return b4a.equals(key.subarray(0, prefix.byteLength), prefix)
}

/** Returns a record of this file as it is in a converted store: without a place, because that store is elsewhere. */
export function inOtherPlace({ key, value }: DatabaseEntry): DatabaseEntry {
  const mark = b4a.equals(key, KeySpace.default.key(MARK)) ? decode(value) : null
  return { key, value: mark === null ? value : encode({ ...mark, place: null }) }
}

/** Returns the mark of a copy whose original stays in use. @param session the same in each attempt of one copy */
export function markOfCopy(session: string): DatabaseEntry {
  const mark = {
    version: 1,
    state: 'closed',
    session,
    boot: null,
    place: null,
    isCopy: true,
    doubts: [],
  } as const
  return { key: KeySpace.default.key(MARK), value: encode(mark) }
}

/** Reads the mark; `null` for a new store, or one that was only opened by versions without a mark. */
export async function readMark({ rocks }: CorestoreStorage): Promise<OpenMark | null> {
  const value = await read(rocks, MARK)
  return value === null ? null : decode(value)
}

export function writeMark({ rocks }: CorestoreStorage, mark: OpenMark): Promise<unknown> {
  return write(rocks, MARK, encode(mark))
}

/** The number of the last doubt of a core that was settled; 0 for none. */
export async function readSettled({ rocks }: CorestoreStorage, corePointer: number): Promise<number> {
  const value = await read(rocks, settledKey(corePointer))
  return value === null ? 0 : Number(b4a.toString(value))
}

export function writeSettled(
  { rocks }: CorestoreStorage,
  corePointer: number,
  number: number,
): Promise<unknown> {
  return write(rocks, settledKey(corePointer), b4a.from(String(number)))
}

function settledKey(corePointer: number): Uint8Array {
  return keyOf(`settled/${corePointer}`)
}

async function read(database: StorageDatabase, key: Uint8Array): Promise<Uint8Array | null> {
  const reads = database.read({ autoDestroy: true })
  const value = reads.get(key)
  reads.tryFlush()
  return value
}

function write(database: StorageDatabase, key: Uint8Array, value: Uint8Array): Promise<unknown> {
  const batch = database.write({ autoDestroy: true })
  batch.tryPut(key, value)
  return batch.flush()
}

function keyOf(name: string): Uint8Array {
  return b4a.from(PREFIX + name)
}

function encode(mark: OpenMark): Uint8Array {
  return b4a.from(JSON.stringify(mark))
}

/** Returns `null` for a mark that another version has written. */
function decode(value: Uint8Array): OpenMark | null {
  try {
    const mark: OpenMark = JSON.parse(b4a.toString(value))
    return mark.version === 1 ? mark : null
  } catch {
    return null
  }
}
