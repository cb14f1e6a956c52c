// Bringing a log that was read into the memtable of a store that opens.

import { changeAt, endOf } from '../commit/operations.js'
import type { Engine } from '../engine.js'
import { nextTurn } from '../event-loop.js'
import { fill, type LargeValues } from '../memtable/fill.js'
import { encodeReference, type Reference } from '../tree/values.js'

/** Changes after which others may get their turn. */
const STEP = 64

/** @param changes the changes of batches one after the other, encoded */
export async function replay(engine: Engine, changes: Uint8Array): Promise<void> {
  const values = largeValuesOf(engine)
  let applied = 0
  for (let offset = 0; offset < changes.length; ) {
    if (engine.recent.isEmpty) {
      offset = await fill(engine.recent, changes, offset, values)
      continue
    }
    const change = changeAt(changes, offset)
    if (change.kind === 'putReference') engine.pins.born(change.reference.page)
    engine.apply(change)
    offset = endOf(changes, offset)
    if (++applied % STEP === 0) await nextTurn()
  }
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
