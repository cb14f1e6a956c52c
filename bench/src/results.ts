// What a run has measured: the shape of the file of results, reading and writing it, and looking things up in it.

import { readFileSync, writeFileSync } from 'node:fs'
import { BenchError } from './bench-error.js'
import type { Machine } from './machine.js'
import type { Scale } from './sizes.js'
import { median } from './statistics.js'

/** Raised when the shape changes. */
const FORMAT = 1

/** All rounds of one row with one contestant and one number of cores. */
export interface Series {
  readonly row: string
  readonly contestant: string
  /** `null` for a task that has no number of cores. */
  readonly cores: number | null
  /** One for each round, in order: microseconds or bytes, of one of what the row counts. */
  readonly values: number[]
  /** Microseconds of processor time; empty for what was noted, as bytes are. */
  readonly processor: number[]
}

/** A measurement that came to nothing. */
export interface Failure {
  readonly task: string
  readonly contestant: string
  readonly cores: number | null
  /** From 0. */
  readonly round: number
  readonly message: string
}

export interface Results {
  readonly format: typeof FORMAT
  /** The command that made them. */
  readonly command: string
  /** An ISO date and time. */
  readonly startedAt: string
  /** How long the run took. */
  seconds: number
  readonly machine: Machine
  readonly rounds: number
  readonly scale: Scale
  readonly series: Series[]
  readonly failures: Failure[]
}

/** Results to which a run adds. */
export function newResults(about: Pick<Results, 'command' | 'machine' | 'rounds' | 'scale'>): Results {
  return {
    format: FORMAT,
    startedAt: new Date().toISOString(),
    seconds: 0,
    ...about,
    series: [],
    failures: [],
  }
}

/** Adds the value of one round. */
export function addValue(
  { series }: Results,
  id: Pick<Series, 'row' | 'contestant' | 'cores'>,
  value: number,
  processor: number | null,
): void {
  let found = series.find((each) => isSame(each, id))
  if (found === undefined) {
    found = { ...id, values: [], processor: [] }
    series.push(found)
  }
  found.values.push(rounded(value))
  if (processor !== null) found.processor.push(rounded(processor))
}

/** Which of the numbers that were measured counts. */
export type Measure = 'wall' | 'processor'

/** The values of all rounds; `null` if nothing was measured. */
export function valuesOf(
  { series }: Results,
  id: Pick<Series, 'row' | 'contestant' | 'cores'>,
  measure: Measure = 'wall',
): readonly number[] | null {
  const found = series.find((each) => isSame(each, id))
  if (found === undefined) return null
  // What was noted has no processor time.
  const values = measure === 'wall' || found.processor.length === 0 ? found.values : found.processor
  return values.length > 0 ? values : null
}

/** The median of all rounds; `null` if nothing was measured. */
export function medianOf(...of: Parameters<typeof valuesOf>): number | null {
  const values = valuesOf(...of)
  return values && median(values)
}

/** The numbers of cores that a row was measured with, ascending; `[null]` for one that has none. */
export function coresOf({ series }: Results, row: string): (number | null)[] {
  const all = new Set(series.filter((each) => each.row === row).map(({ cores }) => cores))
  return [...all].sort((a, b) => (a ?? 0) - (b ?? 0))
}

/** @throws BenchError `BAD_FILE` */
export function readResults(file: string): Results {
  let results: Results
  try {
    results = JSON.parse(readFileSync(file, 'utf8')) as Results
  } catch (error) {
    throw new BenchError('BAD_FILE', `${file} is no file of results: ${(error as Error).message}`)
  }
  if (results?.format === FORMAT) return results
  throw new BenchError(
    'BAD_FILE',
    `${file} has the format ${results?.format}, and not ${FORMAT}: run the benchmarks again`,
  )
}

export function writeResults(file: string, results: Results): void {
  const { series, failures, ...about } = results
  const lines = (all: readonly object[]) => all.map((each) => `\n    ${JSON.stringify(each)}`).join(',')
  const head = JSON.stringify(about, null, 2).slice(0, -2)
  // A series a line, so that a difference of two files can be read.
  writeFileSync(
    file,
    `${head},\n  "series": [${lines(series)}\n  ],\n  "failures": [${lines(failures)}\n  ]\n}\n`,
  )
}

function isSame(one: Pick<Series, 'row' | 'contestant' | 'cores'>, other: typeof one): boolean {
  return one.row === other.row && one.contestant === other.contestant && one.cores === other.cores
}

/** To four digits: more say nothing. */
function rounded(value: number): number {
  return Number(value.toPrecision(4))
}
