// `--window` and `--top`: a command that works with a store shows it meanwhile, in a browser or in its terminal.

import type { Corestore } from '@coreyard/corestore'
import { storeSource } from '@coreyard/window'
import { type Command, Option } from 'commander'
import { terminalOf } from '../commands/top.js'
import type { Io } from '../io.js'
import { readPort } from '../number.js'
import { Output } from '../output.js'
import { whileShown } from './serving.js'

export interface ShowOptions {
  readonly window?: number
  readonly top?: boolean
}

/** Adds both options to a command. */
export function withShow(command: Command): Command {
  const window = new Option('--window [port]', 'show the store as a web page on this machine, too')
  return command
    .addOption(window.argParser(readPort('--window')).preset('0'))
    .option('--top', 'show the store in this terminal, in place of messages; q ends the command')
}

/** Refuses options that cannot be, before anything is done. */
export function checkShow(options: ShowOptions, io: Io): void {
  if (options.top === true) terminalOf(io)
}

/** Shows a store for as long as `work` takes, which is given what to write to and when to end. */
export function whileShowing<T>(
  store: Corestore,
  options: ShowOptions,
  output: Output,
  work: (output: Output) => Promise<T>,
): Promise<T> {
  const inTerminal = () => (options.top === true ? whileInTerminal(store, output, work) : work(output))
  if (options.window === undefined) return inTerminal()
  return whileShown(storeSource(store), options.window, (address) => {
    output.note(`window at ${address}`)
    return inTerminal()
  })
}

async function whileInTerminal<T>(
  store: Corestore,
  { io, json }: Output,
  work: (output: Output) => Promise<T>,
): Promise<T> {
  const { showTop } = await import('@coreyard/window/terminal')
  const left = new AbortController()
  const done = new AbortController()
  const signal = AbortSignal.any([io.signal, left.signal])
  // Messages would stand in the picture.
  const quiet: Io = { ...io, err: () => {}, isTerminal: false, signal }
  const options = { color: io.color, signal: AbortSignal.any([signal, done.signal]) }
  const shown = showTop(storeSource(store), terminalOf(io), options).finally(() => left.abort())
  try {
    return await work(new Output(quiet, json))
  } finally {
    done.abort()
    await shown
  }
}
