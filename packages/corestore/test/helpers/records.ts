// What is in the database beneath a store.

import type { Corestore } from '../../src/index.js'
import { hex } from './bytes.js'

/** All records in the database, in hex. */
export async function recordsOf(store: Corestore): Promise<string[]> {
  const records: string[] = []
  for await (const { key, value } of store.storage.db.iterator({})) records.push(`${hex(key)} ${hex(value)}`)
  return records
}
