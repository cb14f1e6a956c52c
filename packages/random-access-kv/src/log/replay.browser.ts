// Bringing a log that was read into the memtable of a store that opens, in a browser: the code that sorts it first makes a page wait longer
// to be loaded than a log of usual length takes to be applied.

import type { Engine } from '../engine.js'
import { applyEach } from './apply-each.js'

/** @param changes changes of batches, encoded, one after the other */
export function replay(engine: Engine, changes: Uint8Array): Promise<void> {
  return applyEach(engine, changes, 0)
}
