// `coreyard coverage`: who has how much of a core.

import { ExitCode, usage } from '../errors.js'
import { readNamespace } from '../key.js'
import { timeoutOption, withBootstrap } from '../network-options.js'
import { Output } from '../output.js'
import { type Copies, lookForCopies, type WantedCore } from '../placing/copies.js'
import { type CopiesOptions, readCopies, readMirrors, withMirrors } from '../placing/options.js'
import { keyOfSource, refuseSelection, type Selection, withStoredCores } from '../placing/sources.js'
import type { AddCommand } from '../run.js'
import type { Column } from '../table.js'
import { counted } from '../text.js'

/** More are not looked for by one command. */
const MOST = 1000

export const addCoverage: AddCommand = (program, { io, action }) => {
  const command = program
    .command('coverage')
    .description('asks mirrors, and peers that announce a core, who has how much of it')
    .argument('<source>', 'the key of a core, or the directory of a store, which is only read')
    .argument('[core...]', 'names, keys or discovery keys of cores in the directory. Default: all')
    .option('--copies <number>', 'how many peers shall have each core as a whole', readCopies, 1)
    .option('--namespace <hex>', 'only cores of this namespace', readNamespace)
    .addOption(timeoutOption('when to give up', 10))
    .option('--json', 'as JSON')
  withBootstrap(withMirrors(command, 'mirrors to ask as well, also those that do not announce it')).action(
    action(async (source: string, names: string[], options: CopiesOptions) => {
      const output = new Output(io, options.json === true)
      const { copies, namespace, timeout, bootstrap } = options
      const mirrors = readMirrors(options.mirrors)
      const wanted = await wantedCores(source, { names, namespace })
      if (wanted.length > MOST) throw usage(`${wanted.length} cores are too many: name at most ${MOST}`)
      const search = { mirrors, bootstrap, announced: true, timeout, signal: io.signal }
      const found = await lookForCopies(wanted, search)
      io.signal.throwIfAborted()
      const isCovered = found.cores.every((core) => core.copies >= copies)
      if (output.json) output.value({ copies, covered: isCovered, ...found })
      else show(output, found)
      return isCovered ? ExitCode.ok : ExitCode.found
    }),
  )
}

async function wantedCores(source: string, selection: Selection): Promise<readonly WantedCore[]> {
  const key = await keyOfSource(source)
  if (key === null) return withStoredCores(source, selection, async (_store, cores) => cores)
  refuseSelection(selection)
  return [{ key, length: 0 }]
}

const COLUMNS: readonly Column[] = [
  { name: 'core' },
  { name: 'who' },
  { name: 'blocks', side: 'right' },
  { name: 'how much' },
]

function show(output: Output, { cores, mirrors }: Copies): void {
  const rows = cores.flatMap(({ key, length, copies, peers }) => [
    [key.slice(0, 16), '', String(length), counted(copies, 'copy', 'copies')],
    ...peers.map(({ publicKey, mirror, have, whole }) => [
      '',
      `${mirror ? 'mirror' : 'peer'} ${publicKey.slice(0, 16)}`,
      String(have),
      whole ? 'all' : percent(have, length),
    ]),
  ])
  output.table(COLUMNS, rows)
  for (const { publicKey, connected } of mirrors) {
    if (!connected) output.note(`mirror ${publicKey} was not found`)
  }
}

function percent(have: number, length: number): string {
  return `${Math.floor((have / length) * 100)}%`
}
