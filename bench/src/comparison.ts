// Coreyard and its peers, engine by engine: which of them stand in one table, and the cells of it.

import { contestants } from './contestants/all.js'
import type { Contestant, Engine } from './contestants/contestant.js'
import { amount, percent, ratio } from './format.js'
import { coresOf, type Measure, medianOf, type Results, valuesOf } from './results.js'
import { median, spread } from './statistics.js'
import { tasks } from './tasks/all.js'
import type { Row } from './tasks/task.js'

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
 * engine was measured. A ratio is how many times as much of the time, or of the bytes, the other one takes: above 1, ours is
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
    const cores = mainCores(results, row)
    const values = shown.map(({ id }) => valuesOf(results, { row: row.id, contestant: id, cores }, measure))
    if (values.every((each) => each === null)) return []
    const [ours = null] = all[0] === shown[0] ? values : []
    return [[row.title, ...values.map((each) => cell(row, each, each === ours ? null : ours))]]
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
  const cores = mainCores(results, { id: row })
  const mine = medianOf(results, { row, contestant: ours, cores }, measure)
  const theirs = medianOf(results, { row, contestant: other, cores }, measure)
  return mine === null || theirs === null ? null : theirs / mine
}

/** The number of cores that tables show: the one that the run was told first. */
export function mainCores(results: Results, { id }: Pick<Row, 'id'>): number | null {
  const measured = coresOf(results, id)
  const { cores, listed } = results.scale
  return [...cores, ...listed].find((each) => measured.includes(each)) ?? measured[0] ?? null
}

function cell(row: Row, values: readonly number[] | null, ours: readonly number[] | null): string {
  if (values === null) return '-'
  const shown = `${amount(median(values), row.unit)} ±${percent(spread(values))}`
  return ours === null ? shown : `${shown}  ${ratio(median(values) / median(ours)).padStart(6)}`
}

function comparison(engine: Engine, title: string, ...others: string[]): Comparison {
  const ids = [`coreyard-${engine}`, ...others]
  return { engine, title, contestants: contestants.filter(({ id }) => ids.includes(id)) }
}
