// The writer: keeps three named cores, announces one of them, and appends the lines of its standard input to the other
// two. A reader that is given the key of the first one finds the keys of the others in it.

import { type App, exitWithUsage, readArguments, runApp } from './app.js'
import { hex, known, reportCores } from './core-report.js'
import { tell } from './messages.js'

const USAGE = `Usage: writer [--storage DIRECTORY] [--bootstrap HOST:PORT] < lines

Shares the lines of standard input. Prints the key that the reader is to be given.

  --storage DIRECTORY    where the cores are kept (default: ./writer-storage)
  --bootstrap HOST:PORT  a DHT node of another network than the public one`

/** Lines shorter than this, in bytes, go to the second core, all others to the third. */
const SHORT_LINE = 40

const args = readArguments(USAGE, './writer-storage')
if (args.positionals.length > 0) exitWithUsage(USAGE, `writer takes no ${args.positionals[0]}`)

await runApp(args, share)

async function share({ store, swarm }: App): Promise<void> {
  // A name is local: it derives the key pair, so these are writable. Readers know the cores by their keys.
  const main = store.get({ name: 'main', valueEncoding: 'json' })
  const shortLines = store.get({ name: 'short-lines', valueEncoding: 'utf-8' })
  const longLines = store.get({ name: 'long-lines', valueEncoding: 'utf-8' })
  await Promise.all([main.ready(), shortLines.ready(), longLines.ready()])

  // Replication sends no keys, so they travel in the first block of the core that the reader knows.
  if (main.length === 0) await main.append({ otherKeys: [hex(shortLines.key), hex(longLines.key)] })

  // One announced core is enough: a connection replicates all cores that both sides have.
  const discovery = swarm.join(known(main.discoveryKey), { server: true, client: false })
  await discovery.flushed()

  console.log(`main core key: ${hex(main.key)}`)
  tell({ type: 'ready', key: hex(main.key), lines: shortLines.length + longLines.length })

  for await (const lines of linesOf(process.stdin)) {
    // One after the other, in the order of the input: what is stored is then always the first so many lines of it.
    for (const run of runsOf(lines)) await (run.short ? shortLines : longLines).append(run.lines)
    console.log(`lines appended: ${lines.length}`)
  }
  tell({ type: 'done', cores: await reportCores([main, shortLines, longLines]) })
  console.log('End of input. Sharing until Ctrl-C.')
}

/** Lines that go to the same core, one after the other. */
interface Run {
  readonly short: boolean
  readonly lines: string[]
}

function runsOf(lines: readonly string[]): Run[] {
  const runs: Run[] = []
  for (const line of lines) {
    const short = Buffer.byteLength(line) < SHORT_LINE
    const last = runs.at(-1)
    if (last?.short === short) last.lines.push(line)
    else runs.push({ short, lines: [line] })
  }
  return runs
}

/** The lines of a stream, as many at a time as arrive together. */
async function* linesOf(input: NodeJS.ReadStream): AsyncGenerator<string[]> {
  let rest = ''
  for await (const text of input.setEncoding('utf8')) {
    const lines = (rest + text).split(/\r?\n/)
    rest = lines.pop() ?? ''
    if (lines.length > 0) yield lines
  }
  if (rest !== '') yield [rest]
}
