// The program that `npm run bench` starts.

import { BenchError } from './bench-error.js'
import { allRows, comparisons, comparisonTable } from './comparison.js'
import { contestants } from './contestants/all.js'
import { RESULTS, save } from './files.js'
import { amount } from './format.js'
import { goalsTable } from './goals.js'
import { type Options, readOptions, usage } from './options.js'
import { type Measure, type Results, readResults, writeResults } from './results.js'
import { type Progress, run } from './run.js'
import { scalingTable } from './scaling.js'
import { textTable } from './text-table.js'

try {
  await main(readOptions(process.argv.slice(2)))
} catch (error) {
  if (!(error instanceof BenchError)) throw error
  console.error(
    error.code === 'BAD_OPTION' ? `${error.message}\nnpm run bench -- --help tells more.` : error.message,
  )
  process.exitCode = 1
}

async function main(options: Options): Promise<void> {
  if (options.help) {
    console.log(usage)
    return
  }
  const { from, goals } = options
  const results = from === null && !goals ? await measure(options) : readResults(from ?? RESULTS)
  if (!goals) showTables(results, options.by)
  console.log(textTable(goalsTable(results, options.by), 'left'))
  if (options.save) save(results)
}

async function measure(options: Options): Promise<Results> {
  const interrupted = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => interrupted.abort())
  const { out } = options
  const results = await run({
    ...options,
    signal: interrupted.signal,
    progress,
    soFar: (results) => {
      if (out !== null) writeResults(out, results)
    },
  })
  if (interrupted.signal.aborted) throw new BenchError('MEASUREMENT_FAILED', 'Interrupted')
  if (results.failures.length > 0) process.exitCode = 1
  return results
}

function progress({ job, done, total, outcome, seconds }: Progress): void {
  const { task, contestant, cores, round } = job
  const what = `${task.id}${cores === null ? '' : ` (${cores} cores)`}, ${contestant.id}, round ${round + 1}`
  const told =
    outcome instanceof Error
      ? `FAILED: ${outcome.message}`
      : outcome.map(({ row, value }) => `${row} ${amount(value, unitOf(row))}`).join(', ')
  const position = `${String(done).padStart(String(total).length)}/${total}`
  console.error(`${position} ${seconds.toFixed(1).padStart(6)} s  ${what}: ${told}`)
}

function unitOf(id: string): 'time' | 'bytes' {
  return allRows.find((row) => row.id === id)?.unit ?? 'time'
}

function showTables(results: Results, by: Measure): void {
  for (const comparison of comparisons) {
    const table = comparisonTable(results, comparison, by)
    if (table !== null) console.log(`\n${comparison.title}\n\n${textTable(table)}`)
  }
  for (const contestant of contestants) {
    const table = scalingTable(results, contestant, by)
    if (table !== null) console.log(`${contestant.title}, with more and more cores\n\n${textTable(table)}`)
  }
  for (const { task, contestant, round, message } of results.failures) {
    console.log(`FAILED ${task}, ${contestant}, round ${round + 1}: ${message}`)
  }
}
