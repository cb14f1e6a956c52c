// `coreyard window`: a store as a web page.

import { interruption } from '../io.js'
import { readPort } from '../number.js'
import { Output } from '../output.js'
import type { AddCommand } from '../run.js'
import { directorySource } from '../window/directory-source.js'
import { whileShown } from '../window/serving.js'

interface WindowCommandOptions {
  readonly port: number
  readonly json?: boolean
}

export const addWindow: AddCommand = (program, { io, action }) => {
  program
    .command('window')
    .description('shows a store at work as a web page on this machine, until Ctrl-C; the store is only read')
    .argument('<directory>', 'the directory of a store')
    .option('--port <port>', 'of 127.0.0.1. Default: any that is free', readPort('--port'), 0)
    .option('--json', 'the address as JSON')
    .action(
      action(async (directory: string, { port, json }: WindowCommandOptions) => {
        const output = new Output(io, json === true)
        const source = await directorySource(directory, io.signal)
        await whileShown(source, port, async (address) => {
          if (output.json) output.value({ directory, address })
          else output.line(address)
          output.note(
            'Open the address in a browser of this machine. Who has it sees the store. Ctrl-C ends it.',
          )
          await interruption(io.signal)
        })
        return undefined
      }),
    )
}
