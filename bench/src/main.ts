// The program that `npm run bench` starts.

import { BenchError } from './bench-error.js'
import { allRows, comparisons, comparisonTable } from './comparison.js'
import { amount } from './format.js'
import { type Options, readOptions, usage } from './options.js'
import { type Measure, type Results, readResults, writeResults } from './results.js'
import { type Progress, run } from './run.js'
import { textTable } from './text-table.js'

const args = process.argv.slice(2)
try {
  await main(readOptions(args))
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
  const results = options.from === null ? await measure(options) : readResults(options.from)
  show(results, options.by)
}

async function measure(options: Options): Promise<Results> {
  const interrupted = new AbortController()
  process.once('SIGINT', () => interrupted.abort())
  const { out } = options
  const results = await run({
    ...options,
    command: ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
    signal: interrupted.signal,
    progress,
    roundDone: (results) => {
      if (out !== null) writeResults(out, results)
    },
  })
  if (interrupted.signal.aborted) process.exitCode = 130
  if (results.failures.length > 0) process.exitCode = 1
  return results
}

function progress({ job, done, total, outcome }: Progress): void {
  const { task, contestant, cores, round } = job
  const what = `${task.id}${cores === null ? '' : ` (${cores} cores)`}, ${contestant.id}, round ${round + 1}`
  const told =
    outcome instanceof Error
      ? `FAILED: ${outcome.message}`
      : outcome.map(({ row, value }) => `${row} ${amount(value, unitOf(row))}`).join(', ')
  console.error(`${String(done).padStart(String(total).length)}/${total}  ${what}: ${told}`)
}

function unitOf(id: string): 'time' | 'bytes' {
  return allRows.find((row) => row.id === id)?.unit ?? 'time'
}

function show(results: Results, by: Measure): void {
  for (const comparison of comparisons) {
    const table = comparisonTable(results, comparison, by)
    if (table !== null) console.log(`\n${comparison.title}\n\n${textTable(table)}`)
  }
  for (const { task, contestant, round, message } of results.failures) {
    console.log(`FAILED ${task}, ${contestant}, round ${round + 1}: ${message}`)
  }
}
