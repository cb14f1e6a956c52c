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
/** What Node.js writes when the heap is full. */
const OUT_OF_MEMORY = 'heap out of memory'

const ENDED = 'The process ended with'
const RAN_OUT = 'The process ran out of memory and ended with'

export interface ChildOptions {
  /** After so many seconds the process is ended. */
  readonly limit: number
  /** Ends the process when it is aborted. */
  readonly signal?: AbortSignal | undefined
  /** Options of Node.js for it, beside those that every measurement has. */
  readonly nodeOptions?: readonly string[] | undefined
  /** Told each measurement when it is made. Those that precede a failure count, too. */
  readonly measured: (measurement: Measurement) => void
  /** The program to run. */
  readonly program?: string | undefined
}

/** @throws BenchError `MEASUREMENT_FAILED` with what the process reported, or how it ended */
export async function measureInChild(
  wanted: MeasurementWanted,
  { limit, signal, nodeOptions = [], measured, program = PROGRAM }: ChildOptions,
): Promise<void> {
  const execArgv = ['--expose-gc', ...nodeOptions, ...(wanted.cores > MANY_CORES ? [HEAP_OPTION] : [])]
  const child = fork(program, { execArgv, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  let errors = ''
  let ranOut = false
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-2000)
    ranOut ||= errors.includes(OUT_OF_MEMORY)
  })
  return new Promise((resolve, reject) => {
    let last: MeasurementReport | null = null
    let tookTooLong = false
    const end = () => child.kill('SIGKILL')
    const timer = setTimeout(() => {
      tookTooLong = true
      end()
    }, limit * 1000)
    signal?.addEventListener('abort', end)
    child.on('error', ({ message }) => reject(failed(message)))
    child.on('message', (message) => {
      last = message as MeasurementReport
      if ('measurement' in last) measured(last.measurement)
    })
    child.on('close', (code, endedBy) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      if (last !== null && 'ended' in last) resolve()
      else if (last !== null && 'error' in last) reject(failed(last.error))
      else if (tookTooLong) reject(failed(`It took longer than ${limit} seconds and was ended. ${errors}`))
      else reject(failed(`${ranOut ? RAN_OUT : ENDED} ${endedBy ?? code}. ${errors}`))
    })
    child.send(wanted, () => {}) // if it cannot be sent, the process has ended
  })
}

function failed(message: string): BenchError {
  return new BenchError('MEASUREMENT_FAILED', message.trim())
}
