// `npm run test:stress`, with small programs in the place of the tests.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { startLoad } from './load.js'
import { parseOptions } from './options.js'
import { failuresIn, runsTable } from './report.js'
import { stress } from './stress.js'

const MAIN = fileURLToPath(new URL('../test-stress.js', import.meta.url))

test('the options have defaults: ten runs, five of them beside the load, of all packages', () => {
  assert.deepEqual(parseOptions([]), { runs: 10, loaded: 5, only: null, all: false, help: false })
  assert.deepEqual(parseOptions(['--runs', '1', '--only', 'sessions']), {
    runs: 1,
    loaded: 0,
    only: 'packages/sessions',
    all: false,
    help: false,
  })
  assert.equal(parseOptions(['--runs=3', '--loaded=3', '--all']).loaded, 3)
  assert.equal(parseOptions(['--only', 'bench']).only, 'bench')
})

for (const [args, message] of [
  [['--runs', '0'], '--runs takes a number from 1 to 1000, not 0'],
  [['--runs', 'many'], '--runs takes a number from 1 to 1000, not many'],
  [['--runs='], '--runs takes a number from 1 to 1000, not nothing'],
  [['--runs', '2', '--loaded', '3'], '--loaded takes a number from 0 to 2, not 3'],
  [
    ['--only', 'nothing'],
    '--only takes the folder of a package that has tests, such as corestore, not nothing',
  ],
  [['--only', '../x'], '--only takes the folder of a package'],
  [['--fast'], "Unknown option '--fast'"],
  [['corestore'], 'Unexpected argument'],
]) {
  test(`${args.join(' ')} is refused with status 2, the reason and the usage`, async () => {
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
    let errors = ''
    child.stderr.on('data', (text) => {
      errors += text
    })
    const [code] = await once(child, 'close')
    assert.equal(code, 2)
    assert.ok(errors.includes(message), errors)
    assert.ok(errors.includes('Usage: npm run test:stress'), errors)
  })
}

test('failures are named by package, file and test, each once', () => {
  const output = [
    '@coreyard/sessions:test:  \x1b[31m FAIL \x1b[39m test/idle.test.ts > a name',
    '@coreyard/sessions:test:  FAIL  test/idle.test.ts > a name',
    '@coreyard/corestore:test:  FAIL  |memory| test/spec/list.test.ts > list > another',
    ' FAIL  test/alone.test.ts > without Turborepo',
    '@coreyard/corestore:test:  ✓ test/spec/FAIL.test.ts',
  ].join('\n')
  assert.deepEqual(failuresIn(output), [
    '@coreyard/sessions test/idle.test.ts > a name',
    '@coreyard/corestore |memory| test/spec/list.test.ts > list > another',
    'test/alone.test.ts > without Turborepo',
  ])
})

test('the table has a line for each run, and what failed below it', () => {
  const runs = [
    { isLoaded: false, result: 'passed', seconds: 61.4, failures: [], log: null },
    { isLoaded: true, result: 'failed', seconds: 100, failures: ['a test'], log: '/tmp/output.txt' },
  ]
  assert.equal(
    runsTable(runs),
    `run  load  result       seconds
  1  no    passed            61
  2  yes   failed           100
       a test
       output: /tmp/output.txt
1 of 2 runs passed`,
  )
})

test('each run is told, the last ones beside the load, and the output of one that failed is kept', async () => {
  const program = "console.log(' FAIL  test/a.test.ts > fails'); process.exit(1)"
  const runs = await allRuns(stressOf(program, { runs: 2, loaded: 1 }))
  assert.deepEqual(
    runs.map(({ isLoaded, result, failures }) => [isLoaded, result, failures]),
    [false, true].map((isLoaded) => [isLoaded, 'failed', ['test/a.test.ts > fails']]),
  )
  for (const { log } of runs) {
    assert.match(readFileSync(log, 'utf8'), /FAIL/)
    rmSync(dirname(log), { recursive: true })
  }
  const [passed] = await allRuns(stressOf('', { runs: 1, loaded: 0 }))
  assert.equal(passed.result, 'passed')
})

test('an abort ends the run that goes on, and no other begins', async () => {
  const aborting = new AbortController()
  const runs = allRuns(
    stressOf('setInterval(() => {}, 1000)', { runs: 3, loaded: 3, signal: aborting.signal }),
  )
  setImmediate(() => aborting.abort())
  assert.deepEqual(
    (await runs).map(({ result }) => result),
    ['interrupted'],
  )
})

test('the load works until it is ended, and leaves neither a process nor a file', async () => {
  const load = startLoad()
  for (const pid of load.pids) assert.equal(isRunning(pid), true)
  while (!existsSync(`${load.directory}/written`)) await new Promise(setImmediate)
  await load.end()
  for (const pid of load.pids) assert.equal(isRunning(pid), false)
  assert.equal(existsSync(load.directory), false)
})

function stressOf(program, { runs, loaded, signal = new AbortController().signal }) {
  return stress({ runs, loaded, command: process.execPath, args: ['-e', program], env: process.env, signal })
}

async function allRuns(stressing) {
  const runs = []
  for await (const run of stressing) runs.push(run)
  return runs
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
