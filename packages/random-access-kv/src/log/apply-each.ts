// Applying the changes of a log one by one.

import { changeAt, endOf } from '../commit/changes.js'
import type { Engine } from '../engine.js'
import { nextTurn } from '../event-loop.js'

/** Changes after which others may get their turn. */
const STEP = 64

/** @param changes encoded, one after the other, from `start` on */
export async function applyEach(engine: Engine, changes: Uint8Array, start: number): Promise<void> {
  let applied = 0
  for (let offset = start; offset < changes.length; offset = endOf(changes, offset)) {
    const change = changeAt(changes, offset)
    if (change.kind === 'putReference') engine.pins.born(change.reference.page)
    engine.apply(change)
    if (++applied % STEP === 0) await nextTurn()
  }
}
