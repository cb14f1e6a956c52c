// One measurement in a process of its own, which is ended when it takes too long.

import { fork } from 'node:child_process'
import { createRequire } from 'node:module'
import { BenchError } from './bench-error.js'
import type { MeasurementReport, MeasurementWanted } from './measure.js'
import type { Measurement } from './perform.js'

const PROGRAM = createRequire(import.meta.url).resolve('@coreyard/bench/measure')

/** With more cores than this, their objects do not fit into the heap that Node.js allows by itself. */
const MANY_CORES = 10_000
const HEAP_OPTION = '--max-old-space-size=8192'

export interface ChildOptions {
  /** After so many seconds the process is ended. */
  readonly limit: number
  /** Ends the process when it is aborted. */
  readonly signal?: AbortSignal | undefined
  /** Options of Node.js for it, beside those that every measurement has. */
  readonly nodeOptions?: readonly string[] | undefined
  /** The program to run. */
  readonly program?: string | undefined
}

/** @throws BenchError `MEASUREMENT_FAILED` with what the process reported, or how it ended */
export async function measureInChild(
  wanted: MeasurementWanted,
  { limit, signal, nodeOptions = [], program = PROGRAM }: ChildOptions,
): Promise<Measurement[]> {
  const execArgv = ['--expose-gc', ...nodeOptions, ...(wanted.cores > MANY_CORES ? [HEAP_OPTION] : [])]
  const child = fork(program, { execArgv, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  let errors = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-2000)
  })
  return new Promise((resolve, reject) => {
    let report: MeasurementReport | null = null
    let tookTooLong = false
    const end = () => child.kill('SIGKILL')
    const timer = setTimeout(() => {
      tookTooLong = true
      end()
    }, limit * 1000)
    signal?.addEventListener('abort', end)
    child.on('error', ({ message }) => reject(failed(message)))
    child.on('message', (message) => {
      report = message as MeasurementReport
    })
    child.on('close', (code, endedBy) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      if (report !== null && 'measurements' in report) resolve(report.measurements)
      else if (report !== null) reject(failed(report.error))
      else if (tookTooLong) reject(failed(`It took longer than ${limit} seconds and was ended. ${errors}`))
      else reject(failed(`The process ended with ${endedBy ?? code}. ${errors}`))
    })
    child.send(wanted, () => {}) // if it cannot be sent, the process has ended
  })
}

function failed(message: string): BenchError {
  return new BenchError('MEASUREMENT_FAILED', message.trim())
}
