// `coreyard compact`: gives the space of what was deleted back to the disk.

import { inspect } from '@coreyard/inspector'
import { withStore } from '../opened.js'
import { Output } from '../output.js'
import type { AddCommand } from '../run.js'
import { bytes } from '../text.js'

interface CompactOptions {
  readonly yes?: boolean
  readonly json?: boolean
}

export const addCompact: AddCommand = (program, { io, action }) => {
  program
    .command('compact')
    .description(
      'gives the space of what was deleted back to the disk. Without --yes it says how large the store is',
    )
    .argument('<directory>', 'the directory of a store')
    .option('--yes', 'do it')
    .option('--json', 'as JSON')
    .action(
      action(async (directory: string, options: CompactOptions) => {
        const output = new Output(io, options.json === true)
        const before = await withStore(directory, { write: false }, sizeOf)
        const isDone = options.yes === true
        if (isDone) await withStore(directory, { write: true }, (store) => store.storage.compact())
        const after = isDone ? await withStore(directory, {}, sizeOf) : null
        if (output.json) output.value({ directory, before, after })
        else if (after !== null) output.line(`${bytes(before)} before, ${bytes(after)} now`)
        else output.line(`${bytes(before)} in files: compact them with --yes`)
        return undefined
      }),
    )
}

async function sizeOf(store: Parameters<typeof inspect>[0]): Promise<number> {
  const { store: own } = await inspect(store)
  return own.disk?.used ?? 0
}
