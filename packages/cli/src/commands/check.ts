// `coreyard check`: whether what is stored is right.

import b4a from 'b4a'
import { ExitCode } from '../errors.js'
import { withStore } from '../opened.js'
import { Output } from '../output.js'
import type { AddCommand } from '../run.js'
import { counted } from '../text.js'

interface Damage {
  readonly discoveryKey: string
  readonly key: string | null
  readonly what: string
}

export const addCheck: AddCommand = (program, { io, action }) => {
  program
    .command('check')
    .description('checks every core of a store against its Merkle tree; changes nothing')
    .argument('<directory>', 'the directory of a store')
    .option('--json', 'as JSON')
    .action(
      action(async (directory: string, options: { readonly json?: boolean }) => {
        const output = new Output(io, options.json === true)
        let cores = 0
        let complete = true
        const damaged: Damage[] = []
        await withStore(directory, {}, async (store) => {
          for await (const { discoveryKey, key, audit } of store.audit({ dryRun: true })) {
            if (io.signal.aborted) {
              complete = false
              break
            }
            output.progress(`${counted(++cores, 'core')} checked`)
            const what = describe(audit)
            if (what === null) continue
            damaged.push({
              discoveryKey: b4a.toString(discoveryKey, 'hex'),
              key: key && b4a.toString(key, 'hex'),
              what,
            })
          }
        })
        output.progressEnds()
        if (output.json) output.value({ directory, cores, complete, damaged })
        else {
          for (const { discoveryKey, what } of damaged) output.line(`${discoveryKey}  ${what}`)
          const found =
            damaged.length === 0
              ? `${counted(cores, 'core')}, all well`
              : `${damaged.length} of ${counted(cores, 'core')} ${damaged.length === 1 ? 'is' : 'are'} damaged`
          output.line(complete ? found : `interrupted: ${found} so far`)
        }
        return damaged.length === 0 ? ExitCode.ok : ExitCode.found
      }),
    )
}

/** What is wrong; `null` for nothing. */
function describe(audit: Audit | null): string | null {
  if (audit === null || audit.corrupt)
    return 'the keys, the head or a root of the tree are missing or damaged'
  const { droppedBlocks, droppedTreeNodes, droppedBits } = audit
  if (droppedBlocks + droppedTreeNodes + droppedBits === 0) return null
  return `${droppedBlocks} blocks, ${droppedTreeNodes} nodes of the tree and ${droppedBits} bits of the bitfield are wrong`
}

interface Audit {
  readonly corrupt: boolean
  readonly droppedBlocks: number
  readonly droppedTreeNodes: number
  readonly droppedBits: number
}
