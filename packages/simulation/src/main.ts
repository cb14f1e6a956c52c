// `npm run simulate`: runs many seeds, or shows one.

import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { describe } from './operations/operation.js'
import { PROFILES, type ProfileName } from './options.js'
import { drawPlan, type Outcome, type Plan } from './plan.js'
import { Runner } from './runner.js'
import { shrink } from './shrink.js'

const HELP = `npm run simulate -- [options]

  --seeds N, --seeds A..B  the seeds to run: 1 to N, or A to B (default: 200)
  --seed N                 one seed
  --minutes N              stop after so many minutes of real time (default: 30)
  --profile NAME           ${Object.keys(PROFILES).join(', ')} (default: safe)
  --log                    print the log of each run; --details adds every message and every call of a disk
  --no-shrink              do not look for the shortest plan that fails
  --save FILE              write the plan that failed first, as short as it could be made
  --plan FILE              run a plan that was saved
`

/** How much of the log is shown of a run that fails. */
const TAIL = 40
/** How long shrinking may take, in milliseconds. */
const SHRINK_FOR = 60_000

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    seed: { type: 'string' },
    minutes: { type: 'string', default: '30' },
    profile: { type: 'string', default: 'safe' },
    log: { type: 'boolean', default: false },
    details: { type: 'boolean', default: false },
    'no-shrink': { type: 'boolean', default: false },
    save: { type: 'string' },
    plan: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

// A reader such as `head` may stop before the end.
process.stdout.on('error', () => process.exit(1))
if (values.help) process.stdout.write(HELP)
else process.exitCode = await main()

async function main(): Promise<number> {
  const profile = readProfile(values.profile)
  const deadline = performance.now() + readNumber('minutes', values.minutes) * 60_000
  const runner = new Runner()
  const failures: { plan: Plan; outcome: Outcome }[] = []
  const totals = new Map<string, number>()
  let runs = 0
  let virtual = 0
  const started = performance.now()
  try {
    for (const plan of plans(profile)) {
      if (performance.now() > deadline) break
      const outcome = await runner.run(plan, values.details)
      runs++
      virtual += outcome.duration
      for (const [what, count] of Object.entries(outcome.counts))
        totals.set(what, (totals.get(what) ?? 0) + count)
      if (values.log || values.details) process.stdout.write(`${outcome.log.join('\n')}\n`)
      if (outcome.failure === null) continue
      failures.push({ plan, outcome })
      const { kind, message } = outcome.failure
      process.stdout.write(`seed ${plan.options.seed}: ${kind}: ${message}\n`)
    }
    const [first] = failures
    if (first !== undefined) await explain(runner, first.plan, first.outcome)
  } finally {
    runner.close()
  }
  report(runs, virtual, performance.now() - started, totals, failures)
  return failures.length === 0 ? 0 : 1
}

function* plans(profile: ProfileName): Generator<Plan> {
  if (values.plan !== undefined) {
    yield JSON.parse(readFileSync(values.plan, 'utf8')) as Plan
    return
  }
  const [from, to] = readSeeds()
  for (let seed = from; seed <= to; seed++) yield drawPlan(seed, profile)
}

/** Prints how a run failed: its options, the operations that it takes, the end of its log, and how to see it again. */
async function explain(runner: Runner, plan: Plan, outcome: Outcome): Promise<void> {
  const { seed, profile } = plan.options
  let shortest = plan
  let shown = outcome
  if (!values['no-shrink']) {
    const until = performance.now() + SHRINK_FOR
    shortest = await shrink(
      plan,
      async (candidate) => {
        const found = await runner.run(candidate)
        const fails = found.failure?.kind === outcome.failure?.kind
        if (fails) shown = found
        return fails
      },
      () => performance.now() < until,
    )
  }
  if (values.save !== undefined) writeFileSync(values.save, `${JSON.stringify(shortest, null, 2)}\n`)
  const lines = [
    '',
    `Seed ${seed} with ${shortest.operations.length} of its ${plan.operations.length} operations: ${shown.failure?.kind}: ${shown.failure?.message}`,
    '',
    `Options: ${JSON.stringify(plan.options)}`,
    '',
    ...(values['no-shrink'] ? [] : shortest.operations).map(
      (operation) => `  after ${operation.wait} ms: ${describe(operation)}`,
    ),
    '',
    ...shown.log.slice(-TAIL),
    '',
    `Again, with its whole log: npm run simulate -- --profile ${profile} --seed ${seed} --log`,
    '',
  ]
  process.stdout.write(lines.join('\n'))
}

function report(
  runs: number,
  virtual: number,
  real: number,
  totals: ReadonlyMap<string, number>,
  failures: readonly { outcome: Outcome }[],
): void {
  const kinds = new Map<string, number>()
  for (const { outcome } of failures) {
    const kind = outcome.failure?.kind ?? ''
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  }
  const rows: [string, string | number][] = [
    ['runs', runs],
    ['failed', failures.length],
    ...[...kinds].map(([kind, count]): [string, number] => [`  ${kind}`, count]),
    ['minutes of virtual time', (virtual / 60_000).toFixed(0)],
    ['seconds of real time', (real / 1000).toFixed(0)],
    ...[...totals].sort(([one], [other]) => (one < other ? -1 : 1)),
  ]
  process.stdout.write(
    `\n${rows.map(([what, value]) => `${what.padEnd(28)}${String(value).padStart(10)}`).join('\n')}\n`,
  )
}

function readProfile(name: string): ProfileName {
  if (name in PROFILES) return name as ProfileName
  throw new RangeError(`--profile is one of ${Object.keys(PROFILES).join(', ')}, not ${name}`)
}

function readSeeds(): [number, number] {
  if (values.seed !== undefined) {
    const seed = readNumber('seed', values.seed)
    return [seed, seed]
  }
  const [from = '', to] = values.seeds.split('..')
  return to === undefined
    ? [1, readNumber('seeds', from)]
    : [readNumber('seeds', from), readNumber('seeds', to)]
}

function readNumber(option: string, text: string): number {
  const number = Number(text)
  if (/^\d+(\.\d+)?$/.test(text)) return number
  throw new RangeError(`--${option} takes a number from 0, not '${text}'`)
}
