// `coreyard clone`: downloads a core into a store.

import { download } from '../download.js'
import { CommandError, ExitCode } from '../errors.js'
import { hex, readKey } from '../key.js'
import { type Address, timeoutOption, withBootstrap } from '../network.js'
import { withNewStore } from '../opened.js'
import { Output } from '../output.js'
import { readMirrors, withMirrors } from '../placing/options.js'
import type { AddCommand } from '../run.js'
import { bytes, counted } from '../text.js'
import { checkShow, type ShowOptions, whileShowing, withShow } from '../window/showing.js'

interface CloneOptions extends ShowOptions {
  readonly bootstrap: readonly Address[]
  readonly mirrors?: readonly string[]
  readonly timeout: number
  readonly json?: boolean
}

export const addClone: AddCommand = (program, { io, action }) => {
  const command = program
    .command('clone')
    .description('downloads a core from its peers into a store; goes on where it was interrupted')
    .argument('<key>', 'the key of the core: hex or z32')
    .argument('<directory>', 'a store, or an empty directory')
    .addOption(timeoutOption('how long to wait for the first peer', 30))
    .option('--json', 'as JSON')
  withBootstrap(
    withMirrors(withShow(command), 'mirrors to ask as well, also those that do not announce it'),
  ).action(
    action(async (keyText: string, directory: string, options: CloneOptions) => {
      const output = new Output(io, options.json === true)
      checkShow(options, io)
      const key = readKey('the key', keyText)
      const sources = {
        bootstrap: options.bootstrap,
        mirrors: readMirrors(options.mirrors),
        timeout: options.timeout,
      }
      await withNewStore(directory, {}, async (store) => {
        const { length, byteLength } = await whileShowing(store, options, output, (shown) =>
          download(store, key, sources, shown, async (core) => {
            if (shown.io.signal.aborted && core.contiguousLength < core.length) throw left()
            const size = { length: core.length, byteLength: core.byteLength }
            // What a store tells its peers waits until it is synced, and is sent at the latest when it closes: here, that all has arrived.
            await store.close()
            return size
          }),
        )
        if (output.json) output.value({ directory, key: hex(key), length, byteLength })
        else if (!io.signal.aborted)
          output.line(`${counted(length, 'block')}, ${bytes(byteLength)} in ${directory}`)
      })
      return undefined
    }),
  )
}

function left(): CommandError {
  const message = 'It was ended before all blocks were here: run it again to go on'
  return new CommandError(ExitCode.interrupted, 'INTERRUPTED', message)
}
