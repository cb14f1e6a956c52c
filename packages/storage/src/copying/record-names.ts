// What a record of hypercore-storage 3 is, told by its key (lib/keys.js), for counting and for messages.
import b4a from 'b4a'
import keys from 'hypercore-storage/lib/keys.js'
import indexEncoder from 'index-encoder'
import { isOpenRecord } from '../engine/open-mark.js'

const { UINT } = indexEncoder
const CORES = keys.store.coreStart()

/** Whether a record says that a core is stored. */
export function isCoreRecord(key: Uint8Array): boolean {
  return key[0] === CORES[0]
}

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
const [CORE_RECORDS, DATA_RECORDS] = [3, 4]
/** Of the records in `DATA`, those that have a number. */
const NUMBERED = new Set(['block', 'tree node', 'bitfield page', 'mark'])

/** Names a record for a message: `block 5 of core data 3`. Never what it holds. */
export function recordName(key: Uint8Array): string {
  if (isOpenRecord(key)) return 'mark of the store'
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
