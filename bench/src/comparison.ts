// Coreyard and its peers, engine by engine: which of them stand in one table, and the cells of it.

import { contestants } from './contestants/all.js'
import type { Contestant, Engine } from './contestants/contestant.js'
import { amount, percent, ratio } from './format.js'
import { type Measure, medianOf, type Results, valuesOf } from './results.js'
import { median, spread } from './statistics.js'
import { tasks } from './tasks/all.js'
import type { Row, Task } from './tasks/task.js'

export interface Comparison {
  readonly engine: Engine
  readonly title: string
  /** The first is ours. */
  readonly contestants: readonly Contestant[]
}

export const comparisons: readonly Comparison[] = [
  comparison('rocksdb', 'Coreyard on RocksDB', 'corestore-7', 'hypercore-rocksdb'),
  comparison('files', 'Coreyard on files', 'corestore-7', 'corestore-6-files', 'hypercore-files'),
  comparison('memory', 'Coreyard in memory', 'corestore-6-memory', 'hypercore-memory'),
]

/** Every row of every task. */
export const allRows: readonly Row[] = tasks.flatMap(({ rows }) => rows)

/**
 * The table of one comparison: a line for each row, with the number of cores that the run was told first; `null` if nobody of that
 * engine was measured. What was tried and came to nothing has `failed`. A ratio is how many times as much of the time, or of the bytes, the other one takes: above 1, ours is
 * better.
 */
export function comparisonTable(
  results: Results,
  { engine, contestants: all }: Comparison,
  measure: Measure,
): string[][] | null {
  const shown = all.filter(({ id }) => results.series.some(({ contestant }) => contestant === id))
  if (!shown.some((contestant) => contestant.engine === engine)) return null
  const lines = allRows.flatMap((row) => {
    const cores = mainCores(results, row.id)
    const measured = shown.map(({ id: contestant }) => {
      const values = valuesOf(results, { row: row.id, contestant, cores }, measure)
      return values ?? (hasFailed(results, row.id, contestant, cores) ? 'failed' : '-')
    })
    if (measured.every((each) => each === '-')) return []
    const ours = all[0] === shown[0] && Array.isArray(measured[0]) ? measured[0] : null
    return [
      [
        row.title,
        ...measured.map((each) =>
          typeof each === 'string' ? each : cell(row, each, each === ours ? null : ours),
        ),
      ],
    ]
  })
  return [['', ...shown.map(({ title }) => title)], ...lines]
}

/** How many times as much the other takes; `null` if one of the two was not measured. */
export function ratioOf(
  results: Results,
  row: string,
  ours: string,
  other: string,
  measure: Measure = 'wall',
): number | null {
  const cores = mainCores(results, row)
  const mine = medianOf(results, { row, contestant: ours, cores }, measure)
  const theirs = medianOf(results, { row, contestant: other, cores }, measure)
  return mine === null || theirs === null ? null : theirs / mine
}

/** The number of cores that tables show: the one that the run was told first. */
function mainCores({ scale }: Results, row: string): number | null {
  const { scales } = taskOf(row)
  return scales === null ? null : (scale[scales][0] ?? null)
}

/** Whether a row that has no values should have some. */
function hasFailed({ failures }: Results, row: string, contestant: string, cores: number | null): boolean {
  const { id } = taskOf(row)
  return failures.some((each) => each.task === id && each.contestant === contestant && each.cores === cores)
}

function taskOf(row: string): Task {
  const task = tasks.find(({ rows }) => rows.some(({ id }) => id === row))
  if (task === undefined) throw new TypeError(`No task has the row ${row}`)
  return task
}

function cell({ unit }: Row, values: readonly number[], ours: readonly number[] | null): string {
  const shown = `${amount(median(values), unit)} ±${percent(spread(values))}`
  return ours === null ? shown : `${shown}  ${ratio(median(values) / median(ours)).padStart(6)}`
}

function comparison(engine: Engine, title: string, ...others: string[]): Comparison {
  const ids = [`coreyard-${engine}`, ...others]
  return { engine, title, contestants: contestants.filter(({ id }) => ids.includes(id)) }
}
