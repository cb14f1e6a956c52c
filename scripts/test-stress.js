// `npm run test:stress`: runs all tests again and again, the last runs beside other work. docs/architecture.md, "Tools", has the options.

import { parseOptions, USAGE } from './stress/options.js'
import { runsTable } from './stress/report.js'
import { stress } from './stress/stress.js'

const INTERRUPTED = 130

const options = readOptions()
const aborting = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => aborting.abort())

const args = ['turbo', 'run', 'test', '--force', '--continue', '--concurrency=1', '--output-logs=full']
if (options.only !== null) args.push(`--filter=./${options.only}`)
const env = { ...process.env, ...(options.all ? { TEST_ALL: '1' } : {}) }

const runs = []
for await (const run of stress({ ...options, command: 'npx', args, env, signal: aborting.signal })) {
  runs.push(run)
  console.log(`run ${runs.length} of ${options.runs}: ${run.result}, ${Math.round(run.seconds)} s`)
  for (const failure of run.failures) console.log(`  ${failure}`)
}
console.log(`\n${runsTable(runs)}`)
if (aborting.signal.aborted) process.exitCode = INTERRUPTED
else if (runs.some(({ result }) => result !== 'passed')) process.exitCode = 1

function readOptions() {
  try {
    const options = parseOptions(process.argv.slice(2))
    if (!options.help) return options
    console.log(USAGE)
    process.exit(0)
  } catch (error) {
    console.error(`${error.message}\n\n${USAGE}`)
    process.exit(2)
  }
}
