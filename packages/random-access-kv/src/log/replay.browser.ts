// Bringing a log that was read into the memtable of a store that opens, in a browser. Sorting it first would add 2.4 KB of gzip to the
// bundle, whose size is limited.

import type { Engine } from '../engine.js'
import { applyEach } from './apply-each.js'

/** @param changes changes of batches, encoded, one after the other */
export function replay(engine: Engine, changes: Uint8Array): Promise<void> {
  return applyEach(engine, changes, 0)
}
