// Bringing a log that was read into the memtable of a store that opens.

import type { Engine } from '../engine.js'
import { fill, type LargeValues } from '../memtable/fill.js'
import { encodeReference, type Reference } from '../tree/values.js'
import { applyEach } from './apply-each.js'

/** @param changes changes of batches, encoded, one after the other */
export async function replay(engine: Engine, changes: Uint8Array): Promise<void> {
  const values = largeValuesOf(engine)
  let offset = 0
  while (engine.recent.isEmpty && offset < changes.length) {
    offset = await fill(engine.recent, changes, offset, values)
  }
  await applyEach(engine, changes, offset)
}

function largeValuesOf({ recent, pins, tree, pageSize }: Engine): LargeValues {
  const born = (reference: Reference) => {
    recent.hasReferences = true
    pins.born(reference.page)
    return reference
  }
  return {
    pageSize,
    keep: (change) => {
      return change.kind === 'putReference' ? born(change.reference) : tree.nodes.createValue(change.value)
    },
    drop: (change) => {
      if (change.kind === 'putReference') tree.nodes.freeValue(encodeReference(born(change.reference)))
    },
  }
}
