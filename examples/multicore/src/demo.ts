// The demo: a writer and a reader, two processes with a directory each, on a DHT of this machine's own. Feeds the writer
// text, shows the blocks arrive at the reader, and checks that both sides hold the same. Run again, it goes on.

import { mkdir, readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import createTestnet from '@hyperswarm/testnet'
import { Child } from './child.js'
import { feedFiles, feedText } from './feed.js'
import type { CoreReport, ReaderMessage, WriterMessage } from './messages.js'
import { formatBytes, Progress } from './progress.js'

const USAGE = `Usage: demo [--directory DIRECTORY] [FILE ... | -]

Replicates the lines of text files (default: every Markdown file below this folder), or of standard input (-), from a
writer to a reader over a local Hyperswarm.

  --directory DIRECTORY  where the two stores are kept (default: ./.demo); run again on it to go on`

const { directory, files } = readArguments()
const aborted = new AbortController()
process.once('SIGINT', () => aborted.abort())
process.once('SIGTERM', () => aborted.abort())

const cleanups: (() => Promise<unknown>)[] = []
let status = 1
try {
  const same = await Promise.race([run(), interruption(aborted.signal)])
  status = same ? 0 : 1
} catch (error) {
  if (!aborted.signal.aborted) console.error(error instanceof Error ? error.message : error)
  else console.log('\nInterrupted: closing. Run it again to go on.')
  status = aborted.signal.aborted ? 130 : 1
}
for (const cleanup of cleanups.reverse()) await cleanup()
process.exit(status)

/** Whether both sides hold the same in the end. Rejects, and prints nothing more, once it is aborted. */
async function run(): Promise<boolean> {
  await mkdir(directory, { recursive: true })
  console.log('Starting a local DHT, a writer and a reader ...')
  const testnet = await createTestnet(3)
  cleanups.push(() => testnet.destroy())
  aborted.signal.throwIfAborted()
  const bootstrap = testnet.bootstrap.map(({ host, port }) => `${host}:${port}`).slice(0, 1)
  const network = ['--bootstrap', ...bootstrap, '--storage']

  const writer = new Child<WriterMessage>('./writer.js', [...network, join(directory, 'writer')])
  cleanups.push(() => writer.end())
  const { key, lines: held } = await writer.next('ready')
  aborted.signal.throwIfAborted()

  const started = performance.now()
  const reader = new Child<ReaderMessage>('./reader.js', [...network, join(directory, 'reader'), key])
  cleanups.push(() => reader.end())

  const lines = await readFeed(held)
  aborted.signal.throwIfAborted()
  console.log(`Feeding ${lines.length} lines; the writer has ${held} already.`)
  const progress = new Progress(process.stdout)
  let arrived = { blocks: 0, bytes: 0 }
  reader.on('progress', (message) => {
    if (aborted.signal.aborted) return
    arrived = message
    progress.show(message.blocks, Math.max(message.blocks, lines.length), message.bytes)
  })

  const written = writer.next('done')
  writer.input.end(lines.map((line) => `${line}\n`).join(''))
  const { cores: wanted } = await written
  aborted.signal.throwIfAborted()
  const replicated = reader.next('done')
  reader.send({ type: 'goal', cores: wanted })
  const { cores: got } = await replicated
  aborted.signal.throwIfAborted()
  progress.end(arrived.blocks, arrived.blocks, arrived.bytes)

  const seconds = (performance.now() - started) / 1000
  const total = wanted.reduce((sum, core) => sum + core.length, 0)
  const bytes = wanted.reduce((sum, core) => sum + core.byteLength, 0)
  console.log(`
Cores          ${wanted.length}
Blocks         ${total} (${arrived.blocks} new)
Bytes          ${formatBytes(bytes)} (${formatBytes(arrived.bytes)} new)
Time           ${seconds.toFixed(2)} s, connecting included
Blocks/second  ${Math.round(arrived.blocks / seconds)}`)
  const same = compare(wanted, got)
  const [one, other] = ['writer', 'reader'].map((side) => join(directory, side))
  console.log(`
Look at what it made:
  npx coreyard window ${other}
  npx coreyard ls ${other}
  npx coreyard diff ${one} ${other}`)
  return same
}

/** The lines to feed: of the files that were named, of standard input, or of all Markdown files. */
async function readFeed(held: number): Promise<readonly string[]> {
  const journal = join(directory, 'fed.json')
  if (files[0] === '-') return feedText(journal, await text(process.stdin), held)
  return feedFiles(journal, files.length > 0 ? files : await markdownFiles('.'), held)
}

async function markdownFiles(folder: string): Promise<string[]> {
  const all = await readdir(folder, { recursive: true })
  const skipped = (path: string) =>
    path.split(sep).some((part) => part === 'node_modules' || part.startsWith('.'))
  return all.filter((path) => path.endsWith('.md') && !skipped(path)).sort()
}

/** Says for each core whether the reader has the writer's length and tree hash. */
function compare(wanted: readonly CoreReport[], got: readonly CoreReport[]): boolean {
  let same = wanted.length === got.length
  for (const core of wanted) {
    const copy = got.find(({ key }) => key === core.key)
    const equal =
      copy !== undefined &&
      copy.length === core.length &&
      copy.contiguousLength === core.length &&
      copy.treeHash === core.treeHash
    same &&= equal
    const verdict = equal ? 'same length and tree hash' : 'DIFFERENT'
    console.log(`  ${core.key.slice(0, 16)}  ${String(core.length).padStart(7)} blocks  ${verdict}`)
  }
  console.log(same ? 'Both sides hold the same.' : 'The two sides differ.')
  return same
}

function interruption(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
  })
}

function readArguments(): { directory: string; files: readonly string[] } {
  try {
    const { values, positionals } = parseArgs({
      options: { directory: { type: 'string', default: '.demo' } },
      allowPositionals: true,
    })
    if (positionals.includes('-') && positionals.length > 1) {
      throw new Error('- is standard input, and stands alone: give it, or files')
    }
    return { directory: relative('.', values.directory) || '.', files: positionals }
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`)
    process.exit(2)
  }
}
