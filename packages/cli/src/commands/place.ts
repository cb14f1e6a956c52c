// `coreyard place`: places cores on mirrors.

import type { Corestore } from '@coreyard/corestore'
import type { KeyPair } from '@coreyard/hypercore-types'
import { CommandError, ExitCode, usage } from '../errors.js'
import { hex, readNamespace } from '../key.js'
import { timeoutOption, withBootstrap } from '../network-options.js'
import { Output } from '../output.js'
import { whileAlone } from '../placing/alone.js'
import type { MirrorState, PlacedCore } from '../placing/core-placement.js'
import { type CopiesOptions, readCopies, readMirrors, withMirrors } from '../placing/options.js'
import { placeCores } from '../placing/place-cores.js'
import {
  keyOfSource,
  refuseSelection,
  type StoredCore,
  withDownloaded,
  withStoredCores,
} from '../placing/sources.js'
import type { AddCommand } from '../run.js'
import type { Column } from '../table.js'
import { counted } from '../text.js'

/** The name of the key pair by which mirrors know who places the cores of a store. */
const KEY_PAIR = '@coreyard/place'

export const addPlace: AddCommand = (program, { io, action }) => {
  const command = program
    .command('place')
    .description('places cores on mirrors, and waits until these have every block')
    .argument(
      '<source>',
      'the directory of a store, which is only read, or the key of a core that peers have',
    )
    .argument('[core...]', 'names, keys or discovery keys of cores in the directory. Default: all')
    .option('--copies <number>', 'on how many of the mirrors each core shall be', readCopies, 2)
    .option('--namespace <hex>', 'only cores of this namespace', readNamespace)
    .addOption(timeoutOption('after how long to give up a mirror that does nothing', 30))
    .option('--json', 'as JSON')
  withBootstrap(withMirrors(command, 'the keys of the mirrors: each writes its own when it starts')).action(
    action(async (source: string, names: string[], options: CopiesOptions) => {
      const output = new Output(io, options.json === true)
      const { copies, namespace, timeout, bootstrap } = options
      const mirrors = readMirrors(options.mirrors)
      if (mirrors.length === 0)
        throw usage('--mirrors is missing: `coreyard mirror` writes the key of a mirror')
      if (copies > mirrors.length) {
        throw usage(`--copies ${copies} needs as many mirrors, and --mirrors has ${mirrors.length}`)
      }
      const place = async (store: Corestore, cores: readonly StoredCore[], keyPair?: KeyPair) => {
        for (const core of cores.filter(({ have, length }) => have < length)) {
          output.note(
            `${hex(core.key)} is not whole here: mirrors get what there is of its ${core.length} blocks`,
          )
        }
        const onProgress = (count: number, sent: number) => {
          const whole = `${count} of ${counted(cores.length * copies, 'copy', 'copies')} on ${counted(mirrors.length, 'mirror')}`
          output.progress(sent === 0 ? whole : `${whole}, ${sent} blocks sent of the next`)
        }
        const { signal } = io
        const placement = { mirrors, copies, bootstrap, keyPair, timeout, signal, onProgress }
        return placeCores(store, cores, placement)
      }
      const key = await keyOfSource(source)
      if (key !== null) refuseSelection({ names, namespace })
      const placed =
        key === null
          ? await withStoredCores(source, { names, namespace }, async (store, cores) => {
              const keyPair = await store.createKeyPair(KEY_PAIR)
              const publicKey = hex(keyPair.publicKey)
              return whileAlone(`place-${publicKey}`, isPlacing(source), async () => {
                output.note(`placing as ${publicKey}`)
                return place(store, cores, keyPair)
              })
            })
          : await withDownloaded(key, { bootstrap, mirrors, timeout }, output, (store, cores) =>
              place(store, cores),
            )
      output.progressEnds()
      if (!io.signal.aborted) expectMirrors(placed)
      const isPlaced = placed.every((core) => core.copies >= copies)
      if (output.json) output.value({ copies, placed: isPlaced, cores: placed })
      else show(output, placed, copies)
      return isPlaced ? ExitCode.ok : ExitCode.found
    }),
  )
}

/** A mirror keeps one connection of a key pair, so that two processes would disconnect each other. */
function isPlacing(directory: string): () => CommandError {
  const message = `${directory} is being placed by another process: wait until that ends, or name all mirrors and cores in one call`
  return () => new CommandError(ExitCode.store, 'PLACING', message)
}

function expectMirrors(placed: readonly PlacedCore[]): void {
  const mirrors = placed.flatMap((core) => core.mirrors)
  if (mirrors.length === 0 || mirrors.some(({ state }) => state !== 'not-found')) return
  throw new CommandError(
    ExitCode.missing,
    'NO_MIRROR',
    'None of the mirrors was found: do they run, on the same network, with these keys?',
  )
}

const SENTENCES: { readonly [State in Exclude<MirrorState, 'whole'>]: string } = {
  partial: 'does not get on',
  refused:
    'closes the connection when it is asked: it is full, takes cores of others alone, or this store is placed from another machine, too',
  'not-found': 'was not found',
}

const COLUMNS: readonly Column[] = [
  { name: 'key' },
  { name: 'blocks', side: 'right' },
  { name: 'copies' },
  { name: 'on mirrors' },
]

function show(output: Output, placed: readonly PlacedCore[], copies: number): void {
  const rows = placed.map((core) => [
    core.key.slice(0, 16),
    String(core.length),
    `${core.copies} of ${copies}`,
    core.mirrors
      .flatMap(({ state, publicKey }) => (state === 'whole' ? publicKey.slice(0, 8) : []))
      .join(' '),
  ])
  output.table(COLUMNS, rows)
  const problems = new Set<string>()
  for (const { mirrors, key } of placed) {
    for (const { publicKey, state } of mirrors) {
      if (state === 'whole') continue
      const where = state === 'partial' ? ` with ${key.slice(0, 16)}` : ''
      problems.add(`mirror ${publicKey} ${SENTENCES[state]}${where}`)
    }
  }
  for (const problem of problems) output.note(problem)
}
