// `coreyard rm`: removes cores. Says first what it would remove.

import type { CorePicture } from '@coreyard/inspector'
import b4a from 'b4a'
import { confirm } from '../confirm.js'
import { readNamespace } from '../key.js'
import { withStore } from '../opened.js'
import { Output } from '../output.js'
import type { AddCommand } from '../run.js'
import { bytes, counted, visible } from '../text.js'
import { pickAll, storedCores } from '../which-core.js'

interface RmOptions {
  readonly namespace?: string
  readonly yes?: boolean
  readonly writable?: boolean
  readonly json?: boolean
}

export const addRm: AddCommand = (program, { io, action }) => {
  program
    .command('rm')
    .description(
      'removes cores with their blocks, names and keys. Without --yes it says what it would remove',
    )
    .argument('<directory>', 'the directory of a store')
    .argument('<core...>', 'names, keys or discovery keys')
    .option('--namespace <hex>', 'of the names', readNamespace)
    .option('--yes', 'remove them')
    .option(
      '--writable',
      'also those that this store can write: without their keys nobody can write them again',
    )
    .option('--json', 'as JSON')
    .action(
      action(async (directory: string, wanted: string[], options: RmOptions) => {
        const output = new Output(io, options.json === true)
        const cores = await withStore(directory, {}, async (store) =>
          pickAll(await storedCores(store), wanted, options.namespace),
        )
        if (!output.json)
          for (const core of cores)
            output.line(`${options.yes ? 'remove' : 'would remove'} ${describe(core)}`)
        const isWritable = cores.some(({ writable }) => writable)
        await confirm(output, {
          yes: options.yes === true,
          dangerous: isWritable && options.writable !== true,
          danger:
            'Some of these are writable here, and removing them removes their secret keys: give --writable, too',
          question: `Remove ${counted(cores.length, 'core')}${isWritable ? ', with their secret keys' : ''}?`,
        })
        const removed: string[] = []
        await withStore(directory, { write: true }, async (store) => {
          for (const { discoveryKey } of cores) {
            if (io.signal.aborted) break
            await store.delete({ discoveryKey: b4a.from(discoveryKey, 'hex') })
            removed.push(discoveryKey)
          }
        })
        if (output.json) output.value({ directory, removed })
        else output.line(`${counted(removed.length, 'core')} removed`)
        return undefined
      }),
    )
}

function describe({ name, discoveryKey, length, byteLength, writable }: CorePicture): string {
  const kind = writable ? 'writable' : 'a copy'
  return `${name === null ? '-' : visible(name)}  ${discoveryKey.slice(0, 16)}  ${counted(length, 'block')}, ${bytes(byteLength)}, ${kind}`
}
