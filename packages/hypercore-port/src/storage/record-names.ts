// Tells the kind of a record of hypercore-storage 3 from its key (lib/keys.js).

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
/** The first bytes of the keys of a core's records (`TL_CORE`, `TL_DATA`). */
const [CORE_RECORDS, DATA_RECORDS] = [3, 4]
/** The records in `DATA` that have a number. */
const NUMBERED = new Set(['block', 'tree node', 'bitfield page', 'mark'])

/** Whether a key is that of a record that lists a stored core. */
export function isCoreRecord(key: Uint8Array): boolean {
  return key[0] === CORES[0]
}

/** Whether a key is in, or after, the range of the cores' data. */
export function isFromDataOn(key: Uint8Array): boolean {
  return UINT.decode({ start: 0, end: key.byteLength, buffer: key }) >= DATA_RECORDS
}

/** The kind of a record, and what it belongs to. */
export interface RecordKind {
  readonly name: string
  /** `store`: of the store itself; `core`: of a core; `data`: of the blocks of a core, or of a session of one. */
  readonly owner: 'store' | 'core' | 'data'
  /** The number of the core, `corePointer` or `dataPointer`; `null` for a record of the store itself. */
  readonly pointer: number | null
}

/** Returns the kind of a record; `null` for a record of another version. */
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

/** Names a record for a message, such as `block 5 of core data 3`. It never shows the value. */
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
