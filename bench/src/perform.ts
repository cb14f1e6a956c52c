// Performs one task with one contestant in this process, and measures it.

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Contestant } from './contestants/contestant.js'
import { REHEARSAL_CORES, rehearsal, type Sizes } from './sizes.js'
import type { NewPlace, Task, TaskRun } from './tasks/task.js'

/** What was measured in one row. */
export interface Measurement {
  readonly row: string
  /** Microseconds or bytes, of one of what the row counts. */
  readonly value: number
  /** Microseconds of processor time, of all threads of the process; `null` for what was noted. */
  readonly processor: number | null
}

export interface Performance {
  readonly task: Task
  readonly contestant: Contestant
  readonly sizes: Sizes
  readonly cores: number
  /** Is there, and is empty. */
  readonly directory: string
  /** Told each measurement when it is made. */
  measured?(measurement: Measurement): void
}

/** Rehearses the task if it is one of those, and then measures it. */
export async function perform({
  task,
  contestant,
  sizes,
  cores,
  directory,
  measured,
}: Performance): Promise<Measurement[]> {
  const measurements: Measurement[] = []
  const runIn = async (name: string, part: Pick<TaskRun, 'sizes' | 'cores'>, made: Made) => {
    const inside = join(directory, name)
    await mkdir(inside)
    await task.run({ contestant, ...part, place: places(contestant, inside), ...measuring(made) })
  }
  if (task.rehearsed) await runIn('rehearsal', { sizes: rehearsal, cores: REHEARSAL_CORES }, () => {})
  await runIn('measured', { sizes, cores }, (measurement) => {
    measurements.push(measurement)
    measured?.(measurement)
  })
  return measurements
}

type Made = (measurement: Measurement) => void

function places(contestant: Contestant, inside: string): TaskRun['place'] {
  let made = 0
  return async (): Promise<NewPlace> => {
    const directory = join(inside, String(made++))
    const makePlace = await contestant.load()
    return { directory, open: makePlace(directory).open }
  }
}

function measuring(made: Made): Pick<TaskRun, 'measure' | 'note'> {
  return {
    async measure(row, count, work) {
      globalThis.gc?.()
      const processorBefore = process.cpuUsage()
      const before = performance.now()
      const result = await work()
      const elapsed = performance.now() - before
      const { user, system } = process.cpuUsage(processorBefore)
      made({ row, value: (elapsed * 1000) / count, processor: (user + system) / count })
      return result
    },
    note(row, value) {
      made({ row, value, processor: null })
    },
  }
}
