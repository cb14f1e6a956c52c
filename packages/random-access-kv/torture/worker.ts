// A process that runs seeds, as told by the one that began it (main.ts).

import { install } from './platform.js'
import type { Counts } from './recorder.js'
import { Failure } from './round.js'
import { EFFORT, runSeed } from './seed.js'

export interface Job {
  readonly seed: number
}

export interface Answer {
  readonly seed: number
  readonly counts: [string, number][]
  readonly failure: Failed | null
}

/** What a worker says before it answers. */
export interface Progress {
  /** Where it is now. */
  readonly at: string
}

export interface Failed {
  readonly message: string
  /** The disk on which it failed, in base 64. */
  readonly disk: string | null
}

install()
process.on('message', (job: Job) => void run(job.seed))

async function run(seed: number): Promise<void> {
  const counts: Counts = new Map()
  let failure: Failed | null = null
  try {
    await runSeed(seed, EFFORT, counts, (at) => process.send?.({ at } satisfies Progress))
  } catch (error) {
    failure = describe(error)
  }
  process.send?.({ seed, counts: [...counts], failure } satisfies Answer)
}

function describe(error: unknown): Failed {
  const lines: string[] = []
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    lines.push(at instanceof Failure ? at.message : (at.stack ?? at.message))
  const disk =
    error instanceof Failure && error.disk !== null ? Buffer.from(error.disk).toString('base64') : null
  return { message: lines.join('\n'), disk }
}
