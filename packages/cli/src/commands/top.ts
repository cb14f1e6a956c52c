// `coreyard top`: a store at work, in the terminal.

import { ExitCode, usage } from '../errors.js'
import type { Io } from '../io.js'
import { Output } from '../output.js'
import type { AddCommand } from '../run.js'
import { directorySource } from '../window/directory-source.js'
import { glance } from '../window/glance.js'

export const addTop: AddCommand = (program, { io, action }) => {
  program
    .command('top')
    .description('shows a store at work in the terminal, until q or Ctrl-C; the store is only read')
    .argument('<directory>', 'the directory of a store')
    .option('--json', 'what is seen in the first second, as JSON, and then end')
    .action(
      action(async (directory: string, { json }: { json?: boolean }) => {
        const leaving = new AbortController()
        try {
          const source = await directorySource(directory, AbortSignal.any([io.signal, leaving.signal]))
          if (json === true) {
            new Output(io, true).value({ directory, ...(await glance(source, io.signal)) })
            return undefined
          }
          const screen = terminalOf(io)
          const { showTop } = await import('@coreyard/window/terminal')
          const isInterrupted = await showTop(source, screen, io)
          return isInterrupted ? ExitCode.interrupted : ExitCode.ok
        } finally {
          leaving.abort()
        }
      }),
    )
}

/** The terminal to show a store in. Refuses what is none. */
export function terminalOf({ screen }: Io): NonNullable<Io['screen']> {
  if (screen !== null) return screen
  throw usage('It needs a terminal to show the store in: for a program, take top --json or ls --json')
}
