// Every contestant does every task. The tasks themselves check that it was done.

import { describe, expect, test } from 'vitest'
import { contestants } from '../src/contestants/all.js'
import { perform } from '../src/perform.js'
import { plan } from '../src/run.js'
import { tasks } from '../src/tasks/all.js'
import { temporaryDirectory } from './helpers/temporary.js'
import { tiny } from './helpers/tiny.js'

const CORES = 12

describe.each(tasks.map((task) => ({ task, id: task.id })))('the task $id', ({ task, id }) => {
  const scale = { sizes: tiny, cores: [CORES], listed: [CORES] }
  const jobs = plan({ tasks: [task], contestants, scale, rounds: 1 })

  test.each(jobs.map((job) => ({ ...job, who: job.contestant.title })))(
    'is done by $who',
    async ({ contestant, cores }) => {
      const directory = temporaryDirectory()
      // What a rehearsal does, the measurement does as well.
      const once = { ...task, rehearsed: false }
      const measurements = await perform({
        task: once,
        contestant,
        sizes: tiny,
        cores: cores ?? 0,
        directory,
      })
      const rows = task.rows.map(({ id }) => id).filter((id) => !contestant.lacks.includes(id))
      expect(measurements.map(({ row }) => row)).toEqual(rows)
      for (const { row, value, processor } of measurements) {
        const { unit } = task.rows.find(({ id }) => id === row) ?? {}
        // A difference between two sizes of the process, which can have shrunk: so few cores are lost in its noise.
        if (row === 'memory-core') expect(value).toSatisfy(Number.isFinite)
        else expect(value).toBeGreaterThan(0)
        if (unit === 'bytes' || id === 'hostile') expect(processor).toBeNull()
        else expect(processor).toBeGreaterThanOrEqual(0) // so little work may be less than the system counts
      }
    },
  )
})
