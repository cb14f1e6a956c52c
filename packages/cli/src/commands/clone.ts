// `coreyard clone`: downloads a core into a store.

import type { Corestore } from '@coreyard/corestore'
import type { Hypercore } from '@coreyard/hypercore-types'
import { inspect } from '@coreyard/inspector'
import crypto from 'hypercore-crypto'
import { download, type Sources } from '../download.js'
import { CommandError, ExitCode } from '../errors.js'
import { hex, readKey } from '../key.js'
import { type Address, timeoutOption, withBootstrap } from '../network-options.js'
import { withNewStore } from '../new-store.js'
import { Output } from '../output.js'
import { readMirrors, withMirrors } from '../placing/options.js'
import type { AddCommand } from '../run.js'
import { bytes, counted } from '../text.js'
import { mayHaveBlocks } from '../which-core.js'
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
        const cloned = await whileShowing(store, options, output, (shown) =>
          downloadOrForget(store, key, sources, shown, async (core) => {
            const isWhole = core.length > 0 && core.contiguousLength === core.length
            if (shown.io.signal.aborted && !isWhole) throw left()
            const size = { length: core.length, byteLength: core.byteLength }
            // What a store tells its peers waits until it is synced, and is sent at the latest when it closes: here, that all has arrived.
            await store.close()
            return size
          }),
        )
        const { length, byteLength } = cloned
        if (output.json) output.value({ directory, key: hex(key), length, byteLength })
        else if (!io.signal.aborted)
          output.line(`${counted(length, 'block')}, ${bytes(byteLength)} in ${directory}`)
      })
      return undefined
    }),
  )
}

/** Downloads a core. If that fails and no block of it has come, the store has no more cores than before. */
async function downloadOrForget<T>(
  store: Corestore,
  key: Uint8Array,
  sources: Sources,
  output: Output,
  use: (core: Hypercore) => Promise<T>,
): Promise<T> {
  const discoveryKey = crypto.discoveryKey(key)
  const isNew = !(await store.storage.hasCore(discoveryKey))
  try {
    return await download(store, key, sources, output, use)
  } catch (error) {
    if (isNew && !store.closing) await forgetEmpty(store, discoveryKey).catch(() => {}) // the first error says why
    throw error
  }
}

/** Deletes a core that is open, if it has no block. */
async function forgetEmpty(store: Corestore, discoveryKey: Uint8Array): Promise<void> {
  const { cores } = await inspect(store)
  const core = cores.find((one) => one.discoveryKey === hex(discoveryKey))
  if (core !== undefined && !mayHaveBlocks(core)) await store.delete({ discoveryKey }, { force: true })
}

function left(): CommandError {
  const message = 'It was ended before all blocks were here: run it again to go on'
  return new CommandError(ExitCode.interrupted, 'INTERRUPTED', message)
}
