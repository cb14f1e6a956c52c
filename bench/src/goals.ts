// The goals that Coreyard has set itself, and how far they are reached.

import { allRows, ratioOf } from './comparison.js'
import { percent, ratio } from './format.js'
import type { Measure, Results } from './results.js'
import { growthOf, scaledRows } from './scaling.js'

/** What a goal asks for, in words, and a score of every row: 1 or more is reached. */
interface Goal {
  readonly title: string
  readonly rows: readonly string[]
  /** `null` if the row was not measured. */
  score(results: Results, row: string, measure: Measure): number | null
  /** The score as readers think of it. */
  show(score: number): string
}

export interface GoalReached {
  readonly title: string
  /** The worst of its rows, in words. */
  readonly measured: string
  readonly state: 'met' | 'missed' | 'not measured'
}

/** "No slower" allows for this part: two runs of the same code differ by as much. */
const SCATTER = 0.05
/** What a facade may add to bare Hypercore. */
const OVERHEAD = 0.05
/** What a core may cost more among many than among few. */
const GROWTH = 0.2
/** What an append may cost more than with bare Hypercore, which syncs nothing before it tells a peer. */
const SYNCING = 0.2

const ENGINES = { rocksdb: 'RocksDB', files: 'files', memory: 'memory' } as const

const OPENING = ['create', 'reopen', 'reopen-at-once']
const READING = ['read-random', 'read-order']
const APPENDING = ['append', 'append-turns', 'append-batches']
const REPLICATING = ['replicate-cores', 'sync-cores', 'replicate-blocks', 'replicate-large', 'serve']
/** Corestore tells its peers of what is not synced, so it is not compared with. */
const FOLLOWED = ['append-followed']
const MEMORY = ['memory-core', 'memory-end']

const goals: readonly Goal[] = [
  noWorse('RocksDB against Corestore 7: no task slower', 'coreyard-rocksdb', 'corestore-7', timed()),
  better(
    'RocksDB against Corestore 7: a session by name 3x',
    'coreyard-rocksdb',
    'corestore-7',
    ['session-name'],
    3,
  ),
  better('RocksDB against Corestore 7: less memory', 'coreyard-rocksdb', 'corestore-7', MEMORY, 1),
  better(
    'Files against Corestore 7: single appends 2x',
    'coreyard-files',
    'corestore-7',
    ['append', 'append-turns'],
    2,
  ),
  better('Files against Corestore 7: random reads 8x', 'coreyard-files', 'corestore-7', ['read-random'], 8),
  better('Files against Corestore 7: create and reopen 2x', 'coreyard-files', 'corestore-7', OPENING, 2),
  noWorse('Files against Corestore 7: bulk appends no slower', 'coreyard-files', 'corestore-7', [
    'append-batches',
  ]),
  noWorse('Files against Corestore 7: replication no slower', 'coreyard-files', 'corestore-7', REPLICATING),
  better(
    'Memory against Corestore 6: create and reopen 10x',
    'coreyard-memory',
    'corestore-6-memory',
    OPENING,
    10,
  ),
  better('Memory against Corestore 6: reads 3x', 'coreyard-memory', 'corestore-6-memory', READING, 3),
  better(
    'Memory against Corestore 6: replicate many cores 5x',
    'coreyard-memory',
    'corestore-6-memory',
    ['replicate-cores'],
    5,
  ),
  better(
    'Memory against Corestore 6: an eighth of the memory',
    'coreyard-memory',
    'corestore-6-memory',
    MEMORY,
    8,
  ),
  noWorse(
    'Memory against Corestore 6: appends no slower',
    'coreyard-memory',
    'corestore-6-memory',
    APPENDING,
  ),
  better('Files against Corestore 6: create 3x', 'coreyard-files', 'corestore-6-files', ['create'], 3),
  better(
    'Files against Corestore 6: single appends 1.5x',
    'coreyard-files',
    'corestore-6-files',
    ['append', 'append-turns'],
    1.5,
  ),
  better(
    'Files against Corestore 6: replicate the blocks of one core 4x',
    'coreyard-files',
    'corestore-6-files',
    ['replicate-blocks'],
    4,
  ),
  ...Object.entries(ENGINES).flatMap(([engine, where]) =>
    Object.entries({
      opening: OPENING,
      reading: READING,
      appending: APPENDING,
      replicating: REPLICATING,
    }).map(([what, rows]) =>
      floor(`Facade on ${where}: adds at most ${percent(OVERHEAD)} to ${what}`, engine, rows),
    ),
  ),
  floor(`Files: a peer that follows costs an append at most ${percent(SYNCING)}`, 'files', FOLLOWED, SYNCING),
  ...Object.entries(ENGINES).map(([engine, where]) =>
    flat(`Many cores on ${where}: a core costs at most ${percent(GROWTH)} more than with few`, engine),
  ),
]

/** Every goal, and whether it is met. */
export function goalsReached(results: Results, measure: Measure = 'wall'): GoalReached[] {
  return goals.map(({ title, rows, score, show }) => {
    const scores = rows.flatMap((row) => {
      const found = score(results, row, measure)
      return found === null ? [] : [{ row, score: found }]
    })
    const [worst] = scores.sort((one, other) => one.score - other.score)
    if (worst === undefined) return { title, measured: '-', state: 'not measured' }
    const reached = scores.filter((each) => each.score >= 1).length
    const among = rows.length > 1 ? `: ${titleOf(worst.row)}; ${reached} of ${scores.length} reach it` : ''
    return {
      title,
      measured: `${rows.length > 1 ? 'at worst ' : ''}${show(worst.score)}${among}`,
      state: worst.score >= 1 ? 'met' : 'missed',
    }
  })
}

export function goalsTable(results: Results, measure: Measure): string[][] {
  return [
    ['goal', 'measured', 'met'],
    ...goalsReached(results, measure).map(({ title, measured, state }) => [title, measured, state]),
  ]
}

/** At least so many times as good. */
function better(title: string, ours: string, other: string, rows: readonly string[], times: number): Goal {
  return {
    title,
    rows,
    score: (results, row, measure) => divided(ratioOf(results, row, ours, other, measure), times),
    show: (score) => ratio(score * times),
  }
}

function noWorse(title: string, ours: string, other: string, rows: readonly string[]): Goal {
  return better(title, ours, other, rows, 1 - SCATTER)
}

function floor(title: string, engine: string, rows: readonly string[], overhead = OVERHEAD): Goal {
  return {
    title,
    rows,
    score: (results, row, measure) =>
      divided(
        ratioOf(results, row, `coreyard-${engine}`, `hypercore-${engine}`, measure),
        1 / (1 + overhead),
      ),
    show: (score) => more((1 + overhead) / score),
  }
}

function flat(title: string, engine: string): Goal {
  return {
    title,
    rows: scaledRows.map(({ id }) => id),
    score(results, row, measure) {
      const growth = growthOf(results, row, `coreyard-${engine}`, measure)
      return growth && (1 + GROWTH) / growth.factor
    },
    show: (score) => more((1 + GROWTH) / score),
  }
}

/** As `12% more`. */
function more(factor: number): string {
  return factor < 1 ? `${percent(1 - factor)} less` : `${percent(factor - 1)} more`
}

function divided(value: number | null, by: number): number | null {
  return value === null ? null : value / by
}

function timed(): string[] {
  return allRows.filter(({ id, unit }) => unit === 'time' && !FOLLOWED.includes(id)).map(({ id }) => id)
}

function titleOf(row: string): string {
  return allRows.find(({ id }) => id === row)?.title ?? row
}
