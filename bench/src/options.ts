// The command line: what it accepts, and what it says when it does not.

import { statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { BenchError } from './bench-error.js'
import { contestants } from './contestants/all.js'
import type { Contestant } from './contestants/contestant.js'
import type { Measure } from './results.js'
import { full, type Scale, type Sizes, usual } from './sizes.js'
import { tasks } from './tasks/all.js'
import type { Task } from './tasks/task.js'

export interface Options {
  readonly help: boolean
  readonly tasks: readonly Task[]
  readonly contestants: readonly Contestant[]
  readonly scale: Scale
  readonly rounds: number
  /** Seconds that a measurement may take. */
  readonly limit: number
  /** For the stores that are measured. */
  readonly directory: string
  /** Where results are written; `null` for nowhere. */
  readonly out: string | null
  /** A file of results to show, instead of measuring. */
  readonly from: string | null
  /** Show the goals of results that are there, and nothing else. */
  readonly goals: boolean
  /** Write results, charts and `docs/performance.md`. */
  readonly save: boolean
  readonly by: Measure
  /** The command, without what has no influence on the results. */
  readonly command: string
}

const OPTIONS = {
  help: { type: 'boolean', short: 'h', default: false },
  full: { type: 'boolean', default: false },
  only: { type: 'string', multiple: true },
  contestants: { type: 'string', multiple: true },
  rounds: { type: 'string' },
  cores: { type: 'string' },
  listed: { type: 'string' },
  size: { type: 'string', multiple: true },
  limit: { type: 'string' },
  directory: { type: 'string' },
  out: { type: 'string' },
  from: { type: 'string' },
  goals: { type: 'boolean', default: false },
  save: { type: 'boolean', default: false },
  by: { type: 'string', default: 'wall' },
} as const

const ROUNDS = 3
const FULL_ROUNDS = 5
const LIMIT = 120
const FULL_LIMIT = 1800

export const usage = `Compares Coreyard with Corestore 6 and 7 and with bare Hypercore 11.

  npm run bench                       measure, and show the results; takes under ten minutes
  npm run bench -- --full             with up to 100,000 cores; takes hours
  npm run bench -- --full --save      measure, and write bench/results, the charts and docs/performance.md
  npm run bench -- --goals            show which goals the results in bench/results have reached
  npm run bench -- --only cores,blocks --contestants coreyard-rocksdb,corestore-7 --rounds 5

  --only TASKS          ${list(tasks)}
  --contestants IDS     ${list(contestants)}
  --rounds N            how often everything is measured (${ROUNDS}; with --full ${FULL_ROUNDS}; once with many cores)
  --cores N,N           numbers of cores (${usual.cores}; with --full ${full.cores})
  --listed N,N          numbers of cores for the task list (${usual.listed}; with --full ${full.listed})
  --size NAME=N         how much work: ${Object.entries(usual.sizes)
    .map(([name, size]) => `${name}=${size}`)
    .join(' ')}
  --limit SECONDS       a measurement that takes longer has failed (${LIMIT}; with --full ${FULL_LIMIT})
  --directory DIR       where stores are put while they are measured (the system's for temporary files)
  --by wall|processor   which time the tables show (wall)
  --out FILE            write the results to FILE as well
  --from FILE           show the results in FILE instead of measuring; with --goals, those in bench/results
  --goals               show which goals those results have reached, and no more
  --save                write the results, the charts and docs/performance.md
`

/**
 * @param args what follows the program's name
 * @throws BenchError `BAD_OPTION` that says what would be right
 */
export function readOptions(args: readonly string[]): Options {
  const { values, tokens } = parse(args)
  const base = values.full ? full : usual
  if (values.by !== 'wall' && values.by !== 'processor') {
    throw bad(`--by takes wall or processor, not ${values.by}`)
  }
  return {
    help: values.help,
    tasks: choose('--only', values.only, tasks),
    contestants: choose('--contestants', values.contestants, contestants),
    scale: {
      sizes: readSizes(values.size, base.sizes),
      cores: numbers('--cores', values.cores) ?? base.cores,
      listed: numbers('--listed', values.listed) ?? base.listed,
    },
    rounds: number('--rounds', values.rounds) ?? (values.full ? FULL_ROUNDS : ROUNDS),
    limit: number('--limit', values.limit) ?? (values.full ? FULL_LIMIT : LIMIT),
    directory: directoryThatIs('--directory', values.directory ?? tmpdir()),
    out:
      values.out === undefined
        ? null
        : join(directoryThatIs('--out', dirname(values.out)), basename(values.out)),
    from: values.from ?? null,
    goals: values.goals,
    save: values.save,
    by: values.by,
    command: commandOf(tokens),
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: false, tokens: true })
  } catch (error) {
    throw bad((error as Error).message)
  }
}

/** Where the results and the stores are says nothing about them, and is nobody's business. */
const PRIVATE: readonly string[] = ['out', 'directory']

function commandOf(tokens: ReturnType<typeof parse>['tokens']): string {
  const words = tokens.flatMap((token) => {
    if (token.kind !== 'option' || PRIVATE.includes(token.name)) return []
    return token.value === undefined ? [token.rawName] : [token.rawName, token.value]
  })
  return ['npm run bench', ...(words.length > 0 ? ['--', ...words] : [])].join(' ')
}

/** Those of `all` that were named, in the order of `all`; all of them if none was. */
function choose<T extends { readonly id: string }>(
  option: string,
  named: readonly string[] | undefined,
  all: readonly T[],
): readonly T[] {
  if (named === undefined) return all
  const ids = new Set(named.flatMap((each) => each.split(',')))
  for (const id of ids) {
    if (!all.some((each) => each.id === id))
      throw bad(`${option} knows ${list(all)}, but not ${id || 'nothing'}`)
  }
  return all.filter(({ id }) => ids.has(id))
}

function readSizes(given: readonly string[] | undefined, sizes: Sizes): Sizes {
  let changed = sizes
  for (const each of given ?? []) {
    const [name = '', size] = each.split('=')
    if (!isSize(name, sizes)) {
      throw bad(`--size takes NAME=N, where NAME is one of ${Object.keys(sizes).join(', ')}; it is ${each}`)
    }
    changed = { ...changed, [name]: number(`--size ${name}`, size ?? '') ?? 0 }
  }
  return changed
}

function isSize(name: string, sizes: Sizes): name is keyof Sizes {
  return Object.hasOwn(sizes, name)
}

function numbers(option: string, text: string | undefined): number[] | null {
  return text === undefined ? null : text.split(',').map((each) => number(option, each) ?? 0)
}

function number(option: string, text: string | undefined): number | null {
  if (text === undefined) return null
  if (!/^[1-9]\d{0,8}$/.test(text)) throw bad(`${option} takes a number from 1 on, not ${text || 'nothing'}`)
  return Number(text)
}

function directoryThatIs(option: string, directory: string): string {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw bad(`${option} needs a directory that is there, and ${directory} is none`)
  }
  return directory
}

function list(all: readonly { readonly id: string }[]): string {
  return all.map(({ id }) => id).join(', ')
}

function bad(message: string): BenchError {
  return new BenchError('BAD_OPTION', message)
}
