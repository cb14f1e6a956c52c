// The program that `npm run soak` starts.

import { tmpdir } from 'node:os'
import { parseArgs } from 'node:util'
import { BenchError } from '../bench-error.js'
import { attacks } from './attacks.js'
import { brokenIn, brokenOverAll } from './bounds.js'
import type { Minute } from './figures.js'
import { type SoakOptions, soak } from './soak.js'
import { head, rowOf } from './table.js'

const ENGINES = ['rocksdb', 'files', 'memory']

const usage = `Honest and hostile peers at one store over TCP, for a long time. Ends with 1 if a bound is broken.

  npm run soak -w bench -- --minutes 30

  --minutes N        how long (30)
  --engines NAMES    ${ENGINES.join(', ')}; each in processes of its own, side by side (rocksdb,files)
  --cores N          cores that are stored (200)
  --share N          how much of one processor all of it should take, in percent (30)
  --only NAMES       attacks: ${Object.keys(attacks).join(', ')}
  --seed N           the order of the attacks (1)
  --directory DIR    where stores are put (the system's for temporary files)
`

try {
  await main(process.argv.slice(2))
} catch (error) {
  if ((error as Error).name === 'AbortError') console.error('Interrupted')
  else if (error instanceof BenchError) console.error(`${error.message}\n\n${usage}`)
  else throw error
  process.exitCode = 1
}

async function main(args: string[]): Promise<void> {
  const { values } = parse(args)
  if (values.help) {
    console.log(usage)
    return
  }
  const engines = values.engines.split(',')
  for (const engine of engines) {
    if (!ENGINES.includes(engine))
      throw bad(`--engines knows ${ENGINES.join(', ')}, but not ${engine || 'nothing'}`)
  }
  const names = values.only.split(',')
  for (const name of names) {
    if (!(name in attacks)) throw bad(`--only knows no attack ${name || 'without a name'}`)
  }
  const minutes = positive('--minutes', values.minutes)
  console.log(head())
  const interrupted = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => interrupted.abort())
  const broken = await Promise.all(
    engines.map((engine, index) =>
      soakOne(engine, minutes, {
        directory: values.directory,
        cores: Math.ceil(positive('--cores', values.cores)),
        share: positive('--share', values.share) / 100 / engines.length,
        seed: positive('--seed', values.seed) + index,
        attacks: names,
        signal: interrupted.signal,
      }),
    ),
  )
  const count = broken.reduce((sum, each) => sum + each, 0)
  console.log(count === 0 ? 'No bound was broken.' : `Bounds were broken ${count} times.`)
  if (count > 0) process.exitCode = 1
}

/** Soaks one store, and gives how many bounds were broken. */
async function soakOne(
  engine: string,
  minutes: number,
  options: Pick<SoakOptions, 'directory' | 'cores' | 'share' | 'seed' | 'attacks' | 'signal'>,
): Promise<number> {
  const seen: Minute[] = []
  let broken = 0
  const tell = (what: string) => {
    broken++
    console.log(`BROKEN ${engine}: ${what}`)
  }
  const whole = Math.max(1, Math.round(minutes))
  await soak({
    ...options,
    engine,
    minutes: whole,
    minute: (minutes / whole) * 60_000,
    onminute(minute) {
      seen.push(minute)
      console.log(rowOf(minute))
      for (const what of brokenIn(minute)) tell(what)
    },
  })
  for (const what of brokenOverAll(seen)) tell(what)
  const made: Record<string, number> = {}
  for (const { peers } of seen)
    for (const [name, count] of Object.entries(peers.attacks)) made[name] = (made[name] ?? 0) + count
  console.log(
    `${engine}: ${Object.entries(made)
      .map(([name, count]) => `${count} x ${name}`)
      .join(', ')}`,
  )
  return broken
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        minutes: { type: 'string', default: '30' },
        engines: { type: 'string', default: 'rocksdb,files' },
        cores: { type: 'string', default: '200' },
        only: { type: 'string', default: Object.keys(attacks).join(',') },
        share: { type: 'string', default: '30' },
        seed: { type: 'string', default: '1' },
        directory: { type: 'string', default: tmpdir() },
      },
    })
  } catch (error) {
    throw bad((error as Error).message)
  }
}

function positive(option: string, text: string): number {
  const number = Number(text)
  if (!(/^\d+(\.\d+)?$/.test(text) && number > 0 && number < 1e6))
    throw bad(`${option} takes a number above 0, not ${text || 'nothing'}`)
  return number
}

function bad(message: string): BenchError {
  return new BenchError('BAD_OPTION', message)
}
