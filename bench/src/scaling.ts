// What one core costs among more and more of them.

import type { Contestant } from './contestants/contestant.js'
import { amount, count, ratio } from './format.js'
import { coresOf, type Measure, medianOf, type Results } from './results.js'
import { tasks } from './tasks/all.js'
import type { Row } from './tasks/task.js'

/** What a row costs with the most cores, as a multiple of what it costs with the fewest. */
export interface Growth {
  readonly fewest: number
  readonly most: number
  readonly factor: number
}

/** The rows that are measured with several numbers of cores. What a whole process takes grows with them, of course. */
export const scaledRows: readonly Row[] = tasks
  .filter(({ scales }) => scales !== null)
  .flatMap(({ rows }) => rows)
  .filter(({ per }) => per !== 'process')

/** `null` if it was measured with one number of cores only. */
export function growthOf(
  results: Results,
  row: string,
  contestant: string,
  measure: Measure = 'wall',
): Growth | null {
  const measured = coresOf(results, row).flatMap((cores) => {
    const value = medianOf(results, { row, contestant, cores }, measure)
    return value === null || cores === null ? [] : [{ cores, value }]
  })
  const [few, ...more] = measured
  const many = more.at(-1)
  if (few === undefined || many === undefined) return null
  return { fewest: few.cores, most: many.cores, factor: many.value / few.value }
}

/** A line for each row that the contestant was measured in with several numbers of cores; `null` if there is none. */
export function scalingTable(
  results: Results,
  { id: contestant }: Contestant,
  measure: Measure,
): string[][] | null {
  const rows = scaledRows.filter(({ id }) => growthOf(results, id, contestant) !== null)
  if (rows.length === 0) return null
  const numbers = [...new Set(rows.flatMap(({ id }) => coresOf(results, id)))].sort(
    (a, b) => (a ?? 0) - (b ?? 0),
  )
  const lines = rows.map((row) => {
    const values = numbers.map((cores) => medianOf(results, { row: row.id, contestant, cores }, measure))
    const least = values.find((value) => value !== null) ?? null
    return [`${row.title}, a ${row.per}`, ...values.map((value) => cell(value, least, row))]
  })
  return [['', ...numbers.map((cores) => `${count(cores ?? 0)} cores`)], ...lines]
}

function cell(value: number | null, least: number | null, { unit }: Row): string {
  if (value === null || least === null) return '-'
  return value === least ? amount(value, unit) : `${amount(value, unit)}  ${ratio(value / least).padStart(6)}`
}
