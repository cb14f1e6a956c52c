import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { comparisons, comparisonTable, ratioOf } from '../src/comparison.js'
import { contestants } from '../src/contestants/all.js'
import { goalsReached } from '../src/goals.js'
import { addValue, readResults, writeResults } from '../src/results.js'
import { growthOf, scalingTable } from '../src/scaling.js'
import { median, spread } from '../src/statistics.js'
import { markdownTable, textTable } from '../src/text-table.js'
import { resultsOf } from './helpers/results.js'
import { temporaryDirectory } from './helpers/temporary.js'

describe('statistics', () => {
  test('the median is the middle, however far the rest is away', () => {
    expect(median([1000, 1, 3])).toBe(3)
    expect(median([4, 1, 2, 100])).toBe(3)
    expect(median([7])).toBe(7)
  })

  test('the spread is half of the range, as a part of the median', () => {
    expect(spread([90, 100, 130])).toBeCloseTo(0.2)
    expect(spread([5])).toBe(0)
  })
})

describe('a file of results', () => {
  test('is read as it was written', () => {
    const file = join(temporaryDirectory(), 'results.json')
    const results = resultsOf(['create', 'corestore-7', 1000, 1, 2])
    results.failures.push({ task: 'create', contestant: 'x', cores: null, round: 0, message: 'why\nwhere' })
    writeResults(file, results)
    expect(readResults(file)).toEqual(results)
  })

  test('keeps values of rounds together, to four digits', () => {
    const results = resultsOf()
    for (const value of [1.23456, 98765.4]) {
      addValue(results, { row: 'create', contestant: 'corestore-7', cores: 1000 }, value, null)
    }
    addValue(results, { row: 'create', contestant: 'corestore-7', cores: 10 }, 1, 2)
    expect(results.series).toEqual([
      { row: 'create', contestant: 'corestore-7', cores: 1000, values: [1.235, 98_770], processor: [] },
      { row: 'create', contestant: 'corestore-7', cores: 10, values: [1], processor: [2] },
    ])
  })

  test.each([
    ['{', /is no file of results/],
    ['{"format":99}', /has the format 99, and not 1: run the benchmarks again/],
  ])('that holds %j is refused', (content, message) => {
    const file = join(temporaryDirectory(), 'results.json')
    writeFileSync(file, content)
    expect(() => readResults(file)).toThrow(expect.objectContaining({ code: 'BAD_FILE' }))
    expect(() => readResults(file)).toThrow(message)
  })
})

describe('a comparison', () => {
  const results = resultsOf(
    ['create', 'coreyard-rocksdb', 1000, 90, 100, 400],
    ['create', 'corestore-7', 1000, 250],
    ['create', 'coreyard-rocksdb', 100_000, 120],
    ['memory-end', 'coreyard-rocksdb', 1000, 2e8],
  )

  test('says how many times as much the other takes, with the number of cores that came first', () => {
    expect(ratioOf(results, 'create', 'coreyard-rocksdb', 'corestore-7')).toBe(2.5)
    expect(ratioOf(results, 'create', 'coreyard-rocksdb', 'hypercore-rocksdb')).toBeNull()
  })

  test('shows ours with its spread, and the others with their ratio', () => {
    const [rocksdb, files] = comparisons.map((each) => comparisonTable(results, each, 'wall'))
    expect(rocksdb).toEqual([
      ['', 'Coreyard, RocksDB', 'Corestore 7, RocksDB'],
      ['create named cores, one after another', '100 µs ±155%', '250 µs ±0%   2.50x'],
      ['resident memory of the process at the end', '200 MB ±0%', '-'],
    ])
    expect(files).toBeNull()
  })

  test('says what has failed', () => {
    const failed = resultsOf(['append', 'coreyard-memory', null, 1])
    const failure = { task: 'blocks', cores: null, round: 0, message: 'why' }
    failed.failures.push({ ...failure, contestant: 'corestore-6-memory' })
    failed.series.push({
      row: 'create',
      contestant: 'corestore-6-memory',
      cores: 1000,
      values: [5],
      processor: [],
    })
    const memory = comparisons.find(({ engine }) => engine === 'memory')
    expect(memory && comparisonTable(failed, memory, 'wall')).toEqual([
      ['', 'Coreyard, memory', 'Corestore 6, memory'],
      ['create named cores, one after another', '-', '5.00 µs ±0%'],
      ['append to one core, a block at a time', '1.00 µs ±0%', 'failed'],
      ['append to one core, 1000 blocks at a time', '-', 'failed'],
      ['read blocks of one core at random', '-', 'failed'],
      ['read blocks of one core in order', '-', 'failed'],
    ])
  })

  test('can be one of processor time', () => {
    const [, create] = comparisons.map((each) => comparisonTable(results, each, 'processor'))[0] ?? []
    expect(create?.slice(1)).toEqual(['50.0 µs ±155%', '125 µs ±0%   2.50x'])
  })
})

describe('many cores', () => {
  const results = resultsOf(
    ['create', 'coreyard-rocksdb', 1000, 100],
    ['create', 'coreyard-rocksdb', 100_000, 130],
    ['memory-end', 'coreyard-rocksdb', 1000, 1],
    ['memory-end', 'coreyard-rocksdb', 100_000, 100],
  )

  test('are measured against few', () => {
    expect(growthOf(results, 'create', 'coreyard-rocksdb')).toEqual({
      fewest: 1000,
      most: 100_000,
      factor: 1.3,
    })
    expect(growthOf(results, 'create', 'corestore-7')).toBeNull()
  })

  test('are shown for what is counted by core, not for what a process takes', () => {
    const ours = contestants.find(({ id }) => id === 'coreyard-rocksdb')
    expect(ours && scalingTable(results, ours, 'wall')).toEqual([
      ['', '1,000 cores', '100,000 cores'],
      ['create named cores, one after another, a core', '100 µs', '130 µs   1.30x'],
    ])
  })
})

describe('a goal', () => {
  const goal = (title: string, results: ReturnType<typeof resultsOf>) =>
    goalsReached(results).find((each) => each.title.startsWith(title))

  test.each([
    [310, 'met', '3.10x'],
    [290, 'missed', '2.90x'],
  ])('of a factor is met from that factor on: %i', (theirs, state, measured) => {
    const results = resultsOf(
      ['session-name', 'coreyard-rocksdb', 1000, 100],
      ['session-name', 'corestore-7', 1000, theirs],
    )
    expect(goal('RocksDB against Corestore 7: a session by name', results)).toMatchObject({ state, measured })
  })

  test('of many rows shows the worst, and is met by all only', () => {
    const results = resultsOf(
      ['create', 'coreyard-files', 1000, 100],
      ['create', 'corestore-7', 1000, 300],
      ['reopen', 'coreyard-files', 1000, 100],
      ['reopen', 'corestore-7', 1000, 150],
    )
    expect(goal('Files against Corestore 7: create and reopen', results)).toMatchObject({
      state: 'missed',
      measured: 'at worst 1.50x: reopen cores by name, one after another; 1 of 2 reach it',
    })
  })

  test.each([
    [96, 'met'],
    [94, 'missed'],
  ])('to be no slower allows for scatter: %i', (theirs, state) => {
    const results = resultsOf(
      ['append-batches', 'coreyard-files', null, 100],
      ['append-batches', 'corestore-7', null, theirs],
    )
    expect(goal('Files against Corestore 7: bulk appends', results)?.state).toBe(state)
  })

  test.each([
    [104, 'met', 'at worst 4% more'],
    [106, 'missed', 'at worst 6% more'],
    [90, 'met', 'at worst 10% less'],
  ])('of the facade is about what it adds to bare Hypercore: %i', (ours, state, measured) => {
    const results = resultsOf(
      ['read-order', 'coreyard-memory', null, ours],
      ['read-order', 'hypercore-memory', null, 100],
    )
    const reached = goal('Facade on memory: adds at most 5% to reading', results)
    expect(reached?.state).toBe(state)
    expect(reached?.measured).toMatch(new RegExp(`^${measured}: `))
  })

  test.each([
    [119, 'met'],
    [121, 'missed'],
  ])('of many cores is about what one costs more among them: %i', (many, state) => {
    const results = resultsOf(
      ['list', 'coreyard-files', 1000, 100],
      ['list', 'coreyard-files', 100_000, many],
    )
    expect(goal('Many cores on files', results)?.state).toBe(state)
  })

  test('that was not measured is neither met nor missed', () => {
    expect(new Set(goalsReached(resultsOf()).map(({ state }) => state))).toEqual(new Set(['not measured']))
  })
})

describe('a table', () => {
  const rows = [
    ['', 'one'],
    ['a row', '1'],
  ]

  test('is aligned on the terminal', () => {
    expect(textTable(rows)).toBe('       one\na row    1\n')
    expect(textTable(rows, 'left')).toBe('       one\na row  1\n')
  })

  test('is aligned in Markdown', () => {
    expect(markdownTable(rows)).toBe('|       | one |\n| ----- | --: |\n| a row |   1 |\n')
  })
})
