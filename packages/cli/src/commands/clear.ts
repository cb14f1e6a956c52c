// `coreyard clear`: frees the space of blocks, which a peer can send again.

import { confirm } from '../confirm.js'
import { readNamespace } from '../key.js'
import { withStore } from '../opened.js'
import { withCore } from '../opened-core.js'
import { Output } from '../output.js'
import { readRange } from '../range.js'
import type { AddCommand } from '../run.js'
import { counted } from '../text.js'
import { findCore } from '../which-core.js'

interface ClearOptions {
  readonly namespace?: string
  readonly yes?: boolean
  readonly writable?: boolean
  readonly json?: boolean
}

export const addClear: AddCommand = (program, { io, action }) => {
  program
    .command('clear')
    .description('removes blocks of a core; the core stays, and its peers can send them again')
    .argument('<directory>', 'the directory of a store')
    .argument('<core>', 'a name, a key, a discovery key, or how one begins')
    .argument('[range]', 'from..to, without to. Default: all')
    .option('--namespace <hex>', 'of the name', readNamespace)
    .option('--yes', 'remove them')
    .option('--writable', 'also of a core that this store writes: perhaps no peer has its blocks')
    .option('--json', 'as JSON')
    .action(
      action(async (directory: string, name: string, range: string | undefined, options: ClearOptions) => {
        const output = new Output(io, options.json === true)
        const wanted = { core: name, namespace: options.namespace }
        const core = await withStore(directory, {}, (store) => findCore(store, wanted))
        const { start, end } = readRange(range, core.length)
        const blocks = `the blocks ${start}..${end} of ${core.discoveryKey.slice(0, 16)}`
        if (!output.json) output.line(`${options.yes ? 'clear' : 'would clear'} ${blocks}`)
        await confirm(output, {
          yes: options.yes === true,
          dangerous: core.writable && options.writable !== true,
          danger: 'The core is writable here, and perhaps no peer has its blocks: give --writable, too',
          question: `Clear ${blocks}${core.writable ? ', of which this store may be the only one to have them' : ''}?`,
        })
        await withStore(directory, { write: true }, (store) =>
          withCore(store, core, (session) => session.clear(start, end)),
        )
        if (output.json) output.value({ directory, discoveryKey: core.discoveryKey, start, end })
        else output.line(`${counted(end - start, 'block')} cleared`)
        return undefined
      }),
    )
}
