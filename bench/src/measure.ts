// A program: performs one task with one contestant, for the process that started it, and reports what it measured.

import { contestants } from './contestants/all.js'
import { type Measurement, perform } from './perform.js'
import type { Sizes } from './sizes.js'
import { tasks } from './tasks/all.js'

/** What it is told: ids of what to perform, and how much of it. */
export interface MeasurementWanted {
  readonly task: string
  readonly contestant: string
  readonly sizes: Sizes
  readonly cores: number
  readonly directory: string
}

/** What it answers. */
export type MeasurementReport = { readonly measurements: Measurement[] } | { readonly error: string }

process.once('message', async (message) => {
  const wanted = message as MeasurementWanted
  const report = await measure(wanted)
  // Whatever a contestant still holds on to goes with the process.
  process.send?.(report, () => process.exit())
})

// Whoever started it has gone.
process.once('disconnect', () => process.exit())

async function measure({
  task: taskId,
  contestant: contestantId,
  ...rest
}: MeasurementWanted): Promise<MeasurementReport> {
  try {
    const task = tasks.find(({ id }) => id === taskId)
    const contestant = contestants.find(({ id }) => id === contestantId)
    if (!task || !contestant)
      throw new TypeError(`There is no task ${taskId}, or no contestant ${contestantId}`)
    return { measurements: await perform({ task, contestant, ...rest }) }
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
