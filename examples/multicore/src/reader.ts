// The reader: is given the key of the writer's main core, finds the other keys in it, and shows every block of those as
// it arrives.

import type { Hypercore } from '@coreyard/hypercore-types'
import { type App, exitWithUsage, readArguments, runApp } from './app.js'
import { Arrivals } from './arrivals.js'
import { hex, known, reportCores } from './core-report.js'
import { type ReaderGoal, tell } from './messages.js'

const USAGE = `Usage: reader [--storage DIRECTORY] [--bootstrap HOST:PORT] KEY

Shows the lines that a writer shares. KEY is the main core key that the writer prints.

  --storage DIRECTORY    where the cores are kept (default: ./reader-storage)
  --bootstrap HOST:PORT  a DHT node of another network than the public one`

/** How often progress is told, in milliseconds. */
const PROGRESS_INTERVAL = 50

/** The first block of the main core. */
interface MainBlock {
  /** Hex. */
  readonly otherKeys: readonly string[]
}

const args = readArguments(USAGE, './reader-storage')
const [key] = args.positionals
if (key === undefined || args.positionals.length > 1) exitWithUsage(USAGE, 'reader takes one key')
await runApp(args, (app) => read(app, key))

async function read({ store, swarm }: App, key: string): Promise<void> {
  const goal = new Promise<ReaderGoal>((resolve) => process.once('message', resolve))
  const arrivals = new Arrivals()
  const main = store.get<MainBlock>({ key, valueEncoding: 'json' })
  await arrivals.watch(main)
  swarm.join(known(main.discoveryKey), { server: false, client: true })
  console.log('Looking for the writer ...')

  const { otherKeys } = await main.get(0) // waits until a peer has sent it
  const cores = otherKeys.map((key) => store.get({ key, valueEncoding: 'utf-8' }))
  for (const core of cores) await arrivals.watch(core)

  setInterval(() => tellProgress(arrivals), PROGRESS_INTERVAL)
  const report = goal.then((wanted) => reportWhenHere(store, wanted, [main, ...cores], arrivals))
  await Promise.all([report, ...cores.map((core) => show(core))])
}

/** Waits until all is here that the demo wants, and tells it what that is. */
async function reportWhenHere(
  store: App['store'],
  wanted: ReaderGoal,
  cores: readonly Hypercore<unknown>[],
  arrivals: Arrivals,
): Promise<void> {
  await Promise.all(wanted.cores.map(({ key, length }) => downloaded(store, key, length)))
  await arrivals.settled()
  tellProgress(arrivals)
  tell({ type: 'done', cores: await reportCores(cores) })
}

function tellProgress({ blocks, bytes }: Arrivals): void {
  tell({ type: 'progress', blocks, bytes })
}

/** Shows the blocks of a core that are not here yet, in order, as they arrive; never ends, for a core may always grow. */
async function show(core: Hypercore<string>): Promise<void> {
  await core.ready()
  const start = core.contiguousLength
  core.download({ start, end: -1 }) // in parallel: the stream alone would ask for one block at a time
  for await (const line of core.createReadStream({ start, live: true })) {
    console.log(`${hex(core.key).slice(0, 8)}: ${line}`)
  }
}

/** Settles when this store has the first `length` blocks of a core. */
async function downloaded(store: App['store'], key: string, length: number): Promise<void> {
  const core = store.get(key)
  if (length > 0) await core.download({ start: 0, end: length }).done()
  await core.close()
}
