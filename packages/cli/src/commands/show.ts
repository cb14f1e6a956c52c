// `coreyard show`: one core.

import type { Corestore } from '@coreyard/corestore'
import type { Core } from '@coreyard/hypercore-types'
import type { CorePicture } from '@coreyard/inspector'
import { inspect } from '@coreyard/inspector'
import b4a from 'b4a'
import { readNamespace } from '../key.js'
import { withCore } from '../opened-core.js'
import { readOrAsk } from '../other-process.js'
import { Output } from '../output.js'
import type { AddCommand } from '../run.js'
import { structureOf } from '../structure.js'
import { bytes, strip, time, visible } from '../text.js'
import { treeHashAt } from '../tree-hash.js'
import { findCore, pick } from '../which-core.js'
import { idOf, toJson } from './ls.js'

interface ShowOptions {
  readonly namespace?: string
  readonly json?: boolean
}

export const addShow: AddCommand = (program, { io, action }) => {
  program
    .command('show')
    .description('shows one core: its keys, signers, tree hash and which blocks are here')
    .argument('<directory>', 'the directory of a store')
    .argument('<core>', 'a name, a key, a discovery key, or how one begins')
    .option('--namespace <hex>', 'of the name', readNamespace)
    .option('--json', 'as JSON')
    .action(
      action(async (directory: string, core: string, options: ShowOptions) => {
        const output = new Output(io, options.json === true)
        const wanted = { core, namespace: options.namespace }
        const read = async (store: Corestore): Promise<Shown> => {
          const stored = await findCore(store, wanted)
          return withCore(store, stored, async (session) => {
            const { cores } = await inspect(store)
            const picture = cores.find(({ discoveryKey }) => discoveryKey === stored.discoveryKey) ?? stored
            const treeHash = picture.length === 0 ? null : await treeHashAt(session, picture.length)
            const structure = await structureOf(session)
            const manifest = session.core === null ? null : manifestOf(session.core)
            const inside = { treeHash, structure: structure ?? 'blocks', manifest }
            return { ...stored, ...picture, ...named(stored), ...inside }
          })
        }
        const shown = await readOrAsk(directory, io.signal, read, (cores) => ({
          ...pick(cores, wanted),
          ...UNREAD,
        }))
        if (output.json) {
          const { treeHash, structure, manifest, ranges, hasMoreRanges, progress } = shown
          output.value({
            ...toJson(shown),
            structure: structure === 'blocks' ? null : structure,
            treeHash,
            manifest,
            ranges,
            hasMoreRanges,
            progress,
          })
        } else show(output, shown)
        return undefined
      }),
    )
}

interface Manifest {
  readonly version: number
  readonly quorum: number
  /** Their public keys, in hex. */
  readonly signers: readonly string[]
}

type Shown = CorePicture & {
  readonly treeHash: string | null
  /** `null` if its blocks were not read. */
  readonly structure: string | null
  readonly manifest: Manifest | null
}

/** What is not known of a core of a store that another process has open. */
const UNREAD = { treeHash: null, structure: null, manifest: null }

/** The name is in the records, and not in an open core. */
function named({
  name,
  nameIsHex,
  namespace,
}: CorePicture): Pick<CorePicture, 'name' | 'nameIsHex' | 'namespace'> {
  return { name, nameIsHex, namespace }
}

function manifestOf({ manifest }: Core): Manifest | null {
  if (manifest === null) return null
  const signers = manifest.signers.map(({ publicKey }) => b4a.toString(publicKey, 'hex'))
  return { version: manifest.version, quorum: manifest.quorum, signers }
}

function show(output: Output, core: Shown): void {
  const { colors } = output
  const fields: [string, string][] = [
    ['name', core.name === null ? '-' : visible(core.name)],
    ['namespace', core.namespace ?? '-'],
    ['key', core.key ?? '-'],
    ['key in z32', idOf(core) ?? '-'],
    ['discovery key', core.discoveryKey],
    ['writable', core.writable ? 'yes' : 'no'],
    ['structure', core.structure ?? '-'],
    ['blocks', `${core.length}, ${bytes(core.byteLength)}`],
    ['here', `${core.progress.have} of ${core.length}`],
    ['fork', String(core.fork)],
    ['tree hash', core.treeHash ?? '-'],
    [
      'manifest',
      core.manifest === null ? '-' : `version ${core.manifest.version}, quorum ${core.manifest.quorum}`,
    ],
    ['written (UTC)', time(core.lastWritten)],
  ]
  for (const [name, value] of fields) output.line(`${colors.bold(name.padEnd(14))}${value}`)
  for (const signer of core.manifest?.signers ?? [])
    output.line(`${colors.bold('signer'.padEnd(14))}${signer}`)
  const width = Math.max(10, Math.min(output.io.columns, 100) - 2)
  output.line(`[${strip(core.ranges, core.length, width)}]`)
  const ranges = core.ranges.map(([start, end]) => (end - start === 1 ? `${start}` : `${start}..${end}`))
  if (ranges.length > 1) output.line(colors.dim(`${ranges.join(', ')}${core.hasMoreRanges ? ', …' : ''}`))
}
