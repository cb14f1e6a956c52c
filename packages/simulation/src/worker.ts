// A process that performs runs, one after the other. Its time is virtual from the first import on, so the parent watches over
// real time.

import './platform/install.js'
import type { Outcome, Plan } from './plan.js'
import { simulate } from './simulation.js'

/** A run to perform. */
export interface Job {
  readonly plan: Plan
  /** Whether the log has every message and every call of a disk. */
  readonly verbose: boolean
}

/** Of a run and the process. */
export interface Answer {
  readonly outcome: Outcome
  /** Bytes of memory in use after the run. */
  readonly heap: number
}

process.on('message', ({ plan, verbose }: Job) => {
  void simulate(plan, verbose).then((outcome) => {
    globalThis.gc?.()
    process.send?.({ outcome, heap: process.memoryUsage().heapUsed } satisfies Answer)
  })
})
