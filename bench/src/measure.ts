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

/** What it answers: each measurement when it is made, and then that it has ended, or why it failed. */
export type MeasurementReport =
  | { readonly measurement: Measurement }
  | { readonly ended: true }
  | { readonly error: string }

process.once('message', async (message) => {
  const wanted = message as MeasurementWanted
  // Whatever a contestant still holds on to goes with the process.
  report(await measure(wanted), () => process.exit())
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
    const measured = (measurement: Measurement) => report({ measurement })
    await perform({ task, contestant, ...rest, measured })
    return { ended: true }
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

function report(message: MeasurementReport, sent = () => {}): void {
  process.send?.(message, sent)
}
