// A run: every contestant does every task, in rounds, one process after another. Contestants take turns within a task, so that
// a machine that is busy for a while is as busy for each of them.

import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { measureInChild } from './child.js'
import type { Contestant } from './contestants/contestant.js'
import { describeMachine } from './machine.js'
import type { Measurement } from './perform.js'
import { addValue, newResults, type Results } from './results.js'
import type { Scale } from './sizes.js'
import type { Task } from './tasks/task.js'

export interface RunOptions {
  readonly tasks: readonly Task[]
  readonly contestants: readonly Contestant[]
  readonly scale: Scale
  readonly rounds: number
  /** Seconds that a measurement may take. */
  readonly limit: number
  /** In which a directory for the run is made, and removed. */
  readonly directory: string
  /** What was typed, for the results. */
  readonly command: string
  /** Ends the run, and the process that measures. */
  readonly signal?: AbortSignal | undefined
  /** Told about every measurement. */
  progress(done: Progress): void
  /** Told the results so far after every measurement. */
  soFar?(results: Results): void
}

/** One measurement of a run. */
export interface Job {
  readonly task: Task
  readonly contestant: Contestant
  readonly cores: number | null
  /** From 0. */
  readonly round: number
}

export interface Progress {
  readonly job: Job
  /** How many jobs are done, with this one. */
  readonly done: number
  readonly total: number
  /** What was measured, or why nothing was. */
  readonly outcome: Measurement[] | Error
  /** How long it took, with what was not measured. */
  readonly seconds: number
}

/** Runs everything. What fails is noted in the results, with what was measured before, and the run goes on. */
export async function run(options: RunOptions): Promise<Results> {
  const { scale, rounds, command, signal } = options
  const directory = await mkdtemp(join(options.directory, 'coreyard-bench-'))
  const started = performance.now()
  const results = newResults({ command, machine: describeMachine(), rounds, scale })
  const jobs = plan(options)
  try {
    for (const [index, job] of jobs.entries()) {
      if (signal?.aborted) break
      const began = performance.now()
      const measurements: Measurement[] = []
      const failure = await measure(job, options, join(directory, String(index)), measurements)
      if (signal?.aborted) break
      note(results, job, measurements, failure)
      results.seconds = Math.round((performance.now() - started) / 1000)
      const seconds = (performance.now() - began) / 1000
      options.progress({
        job,
        done: index + 1,
        total: jobs.length,
        outcome: failure ?? measurements,
        seconds,
      })
      options.soFar?.(results)
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
  return results
}

/** All measurements of a run, in their order. */
export function plan({
  tasks,
  contestants,
  scale,
  rounds,
}: Pick<RunOptions, 'tasks' | 'contestants' | 'scale' | 'rounds'>): Job[] {
  const jobs: Job[] = []
  for (let round = 0; round < rounds; round++) {
    for (const task of tasks) {
      for (const cores of task.scales === null ? [null] : scale[task.scales]) {
        if (round > 0 && (cores ?? 0) > MOST_CORES_REPEATED) continue
        const able = contestants.filter((contestant) => isAble(contestant, task, cores))
        // Another one begins in every round.
        for (let i = 0; i < able.length; i++) {
          const contestant = able[(i + round) % able.length]
          if (contestant) jobs.push({ task, contestant, cores, round })
        }
      }
    }
  }
  return jobs
}

/** With more cores than this, a task is measured once: that takes minutes, and what takes long scatters little. */
const MOST_CORES_REPEATED = 5000

function isAble({ kind, lacks, maxCores }: Contestant, { rows, kinds }: Task, cores: number | null): boolean {
  if (kinds?.includes(kind) === false) return false
  return (cores ?? 0) <= maxCores && !rows.every(({ id }) => lacks.includes(id))
}

/** Adds what is measured to `into`. Returns why that is not everything; `null` if it is. */
async function measure(
  job: Job,
  options: RunOptions,
  directory: string,
  into: Measurement[],
): Promise<Error | null> {
  const { task, contestant, cores } = job
  const { scale, limit, signal } = options
  await mkdir(directory)
  try {
    const ids = { task: task.id, contestant: contestant.id }
    await measureInChild(
      { ...ids, sizes: scale.sizes, cores: cores ?? 0, directory },
      { limit, signal, nodeOptions: task.nodeOptions, measured: (measurement) => into.push(measurement) },
    )
    return null
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

function note(
  results: Results,
  { task, contestant, cores, round }: Job,
  measurements: readonly Measurement[],
  failure: Error | null,
): void {
  for (const { row, value, processor } of measurements) {
    addValue(results, { row, contestant: contestant.id, cores }, value, processor)
  }
  if (failure === null) return
  // What follows the first line is where in the code it was, which progress tells.
  const [message = ''] = failure.message.split('\n')
  results.failures.push({ task: task.id, contestant: contestant.id, cores, round, message })
}
