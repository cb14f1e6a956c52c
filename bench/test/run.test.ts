import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { contestants } from '../src/contestants/all.js'
import { type Progress, plan, type RunOptions, run } from '../src/run.js'
import { tasks } from '../src/tasks/all.js'
import { temporaryDirectory } from './helpers/temporary.js'
import { tiny } from './helpers/tiny.js'

const scale = { sizes: tiny, cores: [10], listed: [10] }

test('a run measures every round, notes what fails and goes on, and leaves nothing behind', async () => {
  const directory = temporaryDirectory()
  const progress: Progress[] = []
  const soFar: number[] = []
  const results = await run({
    ...options('coreyard-memory'),
    contestants: [{ ...contestant('hypercore-memory'), id: 'nobody' }, contestant('coreyard-memory')],
    directory,
    progress: (done) => progress.push(done),
    soFar: ({ series }) => soFar.push(series[0]?.values.length ?? 0),
  })
  expect(results.series).toHaveLength(4)
  expect(results.series[0]).toMatchObject({ row: 'append', contestant: 'coreyard-memory', cores: null })
  expect(results.series[0]?.values).toHaveLength(2)
  const message = 'TypeError: There is no task blocks, or no contestant nobody'
  const failure = { task: 'blocks', contestant: 'nobody', cores: null, message }
  expect(results.failures).toEqual([
    { ...failure, round: 0 },
    { ...failure, round: 1 },
  ])
  expect(progress.map(({ done, total }) => `${done}/${total}`)).toEqual(['1/4', '2/4', '3/4', '4/4'])
  expect(soFar).toEqual([0, 1, 2, 2])
  expect(readdirSync(directory)).toEqual([])
})

test('a run keeps what was measured before a process ended', async () => {
  const nodeOptions = ['--import', new URL('fixtures/crashes-late.js', import.meta.url).href]
  const { tasks, ...others } = options('coreyard-memory')
  const results = await run({
    ...others,
    tasks: tasks.map((task) => ({ ...task, nodeOptions })),
    rounds: 1,
  })
  expect(results.series).toMatchObject([{ row: 'append', values: [expect.any(Number)] }])
  expect(results.failures).toMatchObject([{ message: 'The process ended with 1.' }])
})

test('a run that is interrupted ends, and leaves nothing behind', async () => {
  const directory = temporaryDirectory()
  const abort = new AbortController()
  const results = await run({
    ...options('coreyard-memory'),
    rounds: 100,
    directory,
    signal: abort.signal,
    progress: () => abort.abort(),
  })
  expect(results.series[0]?.values).toHaveLength(1)
  expect(readdirSync(directory)).toEqual([])
})

test('contestants take turns at being first', () => {
  const jobs = plan({ ...options('coreyard-memory', 'hypercore-memory'), rounds: 3 })
  expect(jobs.map(({ contestant, round }) => `${round} ${contestant.id}`)).toEqual([
    '0 coreyard-memory',
    '0 hypercore-memory',
    '1 hypercore-memory',
    '1 coreyard-memory',
    '2 coreyard-memory',
    '2 hypercore-memory',
  ])
})

test('nobody is given more cores than there is memory for, or a task that it has no call for', () => {
  const all = plan({ tasks, contestants, rounds: 1, scale: { ...scale, cores: [10, 100_000] } })
  const jobsOf = (id: string) => all.filter((job) => job.contestant.id === id)
  expect(jobsOf('corestore-6-memory').filter(({ cores }) => cores === 100_000)).toEqual([])
  expect(jobsOf('corestore-6-memory').filter(({ task }) => task.id === 'list')).toEqual([])
  expect(jobsOf('corestore-7').filter(({ task }) => task.id === 'list')).toHaveLength(1)
  expect(jobsOf('coreyard-files').filter(({ cores }) => cores === 100_000)).not.toEqual([])
})

test('many cores are measured once', () => {
  const jobs = plan({
    ...options('coreyard-memory'),
    tasks: tasks.filter(({ id }) => id === 'cores'),
    rounds: 5,
    scale: { ...scale, cores: [1000, 10_000, 100_000] },
  })
  const rounds = (wanted: number) => jobs.filter(({ cores }) => cores === wanted).length
  expect([1000, 10_000, 100_000].map(rounds)).toEqual([5, 1, 1])
})

function options(...ids: string[]): RunOptions {
  return {
    tasks: tasks.filter(({ id }) => id === 'blocks'),
    contestants: ids.map(contestant),
    scale,
    rounds: 2,
    limit: 600, // more than it takes on any machine
    directory: temporaryDirectory(),
    command: 'npm run bench',
    progress: () => {},
  }
}

function contestant(id: string): RunOptions['contestants'][number] {
  const found = contestants.find((each) => each.id === id)
  if (found === undefined) throw new Error(`no contestant ${id}`)
  return found
}
