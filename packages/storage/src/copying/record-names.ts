// Names records for messages.
import { recordName as nameOfRecord } from '@coreyard/hypercore-port/storage'
import { isOpenRecord } from '../engine/open-mark.js'

/** Names a record for a message, such as `block 5 of core data 3`. It never shows the value. */
export function recordName(key: Uint8Array): string {
  return isOpenRecord(key) ? 'mark of the store' : nameOfRecord(key)
}
