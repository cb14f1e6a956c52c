// The options of `npm run torture`.

import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'

export const HELP = `npm run torture -- [options]

  --cuts N        go on until N power cuts are made (default: 10000)
  --faults N      go on until N calls of storages have failed, too (default: 0)
  --seed N        the first seed (default: drawn at random)
  --seeds N       run N seeds, however many cuts and faults that makes
  --processes N   run so many seeds at the same time, from 1 to ${availableParallelism()} (default: 1)
  --limit N       a seed that takes longer than N seconds hangs (default: 600)
  --keep-going    go on when a seed fails
  --save FILE     write the disk on which the first failing seed failed
  --help          print this
`

export interface Options {
  readonly cuts: number
  readonly faults: number
  readonly seed: number
  readonly seeds: number
  readonly processes: number
  /** Seconds that a seed may take. */
  readonly limit: number
  readonly keepGoing: boolean
  readonly save: string | null
}

/** Says what is wrong with the options. */
export class OptionError extends Error {}

/** The options, or null if help is asked for. Throws an `OptionError` if one of them is none. */
export function readOptions(args: readonly string[]): Options | null {
  const values = parse(args)
  if (values.help) return null
  const seeds = values.seeds === undefined ? Number.POSITIVE_INFINITY : readNumber('seeds', values.seeds, 1)
  const counts = values.seeds === undefined ? 10_000 : Number.POSITIVE_INFINITY
  if (values.seeds !== undefined && (values.cuts !== undefined || values.faults !== undefined))
    throw new OptionError('--seeds says how many seeds to run: give it without --cuts and --faults')
  return {
    cuts: values.cuts === undefined ? counts : readNumber('cuts', values.cuts, 1),
    faults: values.faults === undefined ? 0 : readNumber('faults', values.faults, 0),
    seed:
      values.seed === undefined
        ? Math.floor(Math.random() * 0x7fff_ffff)
        : readNumber('seed', values.seed, 0, 0x7fff_ffff),
    seeds,
    processes: readNumber('processes', values.processes ?? '1', 1, availableParallelism()),
    limit: readNumber('limit', values.limit ?? '600', 1, 1_000_000),
    keepGoing: values['keep-going'] ?? false,
    save: values.save ?? null,
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        cuts: { type: 'string' },
        faults: { type: 'string' },
        seed: { type: 'string' },
        seeds: { type: 'string' },
        processes: { type: 'string' },
        limit: { type: 'string' },
        'keep-going': { type: 'boolean' },
        save: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values
  } catch (error) {
    throw new OptionError((error as Error).message)
  }
}

function readNumber(name: string, text: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && number >= least && number <= most) return number
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`
  throw new OptionError(`--${name} takes a whole number ${range}, not '${text}'`)
}
