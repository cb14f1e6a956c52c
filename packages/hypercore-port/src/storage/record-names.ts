// What a record of hypercore-storage 3 is, by its key (lib/keys.js).

import b4a from 'b4a'
import indexEncoder from 'index-encoder'
import { keys } from './records.js'

const { UINT } = indexEncoder
const CORES = keys.store.coreStart()

const STORE = ['head of the store', 'core', 'name', '', '', 'topic of a group', 'entry of a group']
const CORE = ['keys', 'list of sessions', 'group']
const DATA = [
  'head',
  'dependency',
  'hints',
  'block',
  'tree node',
  'bitfield page',
  'user data',
  'local record',
  'mark',
]
/** What the keys of a core's records begin with (`TL_CORE`, `TL_DATA`). */
const [CORE_RECORDS, DATA_RECORDS] = [3, 4]
/** Of the records in `DATA`, those that have a number. */
const NUMBERED = new Set(['block', 'tree node', 'bitfield page', 'mark'])

/** Whether a record says that a core is stored. */
export function isCoreRecord(key: Uint8Array): boolean {
  return key[0] === CORES[0]
}

/** Whether a record is one of a core's data, or comes after all of them. */
export function isFromDataOn(key: Uint8Array): boolean {
  return UINT.decode({ start: 0, end: key.byteLength, buffer: key }) >= DATA_RECORDS
}

/** What a record is, and whose. */
export interface RecordKind {
  readonly name: string
  /** `store`: of the store itself; `core`: of a core; `data`: of the blocks of a core, or of a session of one. */
  readonly owner: 'store' | 'core' | 'data'
  /** The core's number, `corePointer` or `dataPointer`; `null` of the store's own. */
  readonly pointer: number | null
}

/** `null` for a record of another version. */
export function recordKind(key: Uint8Array): RecordKind | null {
  const state = { start: 0, end: key.byteLength, buffer: key }
  try {
    const kind = UINT.decode(state)
    if (kind !== CORE_RECORDS && kind !== DATA_RECORDS) {
      const name = STORE[kind]
      return name ? { name, owner: 'store', pointer: null } : null
    }
    const pointer = UINT.decode(state)
    const name = (kind === CORE_RECORDS ? CORE : DATA)[UINT.decode(state)]
    return name === undefined ? null : { name, owner: kind === CORE_RECORDS ? 'core' : 'data', pointer }
  } catch {
    return null
  }
}

/** Names a record for a message: `block 5 of core data 3`. Never what it holds. */
export function recordName(key: Uint8Array): string {
  const state = { start: 0, end: key.byteLength, buffer: key }
  try {
    const kind = UINT.decode(state)
    if (kind === 1) return `core with discovery key ${b4a.toString(keys.store.discoveryKey(key), 'hex')}`
    if (kind !== CORE_RECORDS && kind !== DATA_RECORDS) return STORE[kind] ?? unknown(key)
    const pointer = UINT.decode(state)
    const name = (kind === CORE_RECORDS ? CORE : DATA)[UINT.decode(state)] ?? unknown(key)
    const number = NUMBERED.has(name) ? ` ${UINT.decode(state)}` : ''
    return `${name}${number} of core ${kind === CORE_RECORDS ? 'record' : 'data'} ${pointer}`
  } catch {
    return unknown(key)
  }
}

function unknown(key: Uint8Array): string {
  return `record ${b4a.toString(key, 'hex')}`
}
