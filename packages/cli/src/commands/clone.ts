// `coreyard clone`: downloads a core into a store.

import { resolve } from 'node:path'
import { Corestore } from '@coreyard/corestore'
import type { Hypercore } from '@coreyard/hypercore-types'
import { watch } from '@coreyard/inspector'
import b4a from 'b4a'
import { CommandError, ExitCode } from '../errors.js'
import { readKey } from '../key.js'
import { readAddresses, readSeconds, whileLooking, withBootstrap, withSwarm } from '../network.js'
import { Output } from '../output.js'
import type { AddCommand } from '../run.js'
import { bytes } from '../text.js'

interface CloneOptions {
  readonly bootstrap?: readonly string[]
  readonly timeout: number
  readonly json?: boolean
}

export const addClone: AddCommand = (program, { io, action }) => {
  withBootstrap(
    program
      .command('clone')
      .description('downloads a core from its peers into a store; goes on where it was interrupted')
      .argument('<key>', 'the key of the core: hex or z32')
      .argument('<directory>', 'a store, or an empty directory')
      .option('--timeout <seconds>', 'how long to wait for the first peer', readSeconds, 30_000)
      .option('--json', 'as JSON'),
  ).action(
    action(async (keyText: string, directory: string, options: CloneOptions) => {
      const output = new Output(io, options.json === true)
      const key = readKey('the key', keyText)
      const bootstrap = readAddresses(options.bootstrap)
      const store = new Corestore(resolve(directory))
      try {
        await store.ready()
        const core = store.get({ key })
        await core.ready()
        await withSwarm(store, bootstrap, async (swarm) => {
          await whileLooking(swarm, core.discoveryKey ?? key, () =>
            download(store, core, output, options.timeout),
          )
          // The peers are told that all is here.
          await Promise.all([...swarm.connections].map((connection) => connection.flush()))
        })
        output.progressEnds()
        const { length, byteLength } = core
        if (output.json) output.value({ directory, key: b4a.toString(key, 'hex'), length, byteLength })
        else if (!io.signal.aborted) output.line(`${length} blocks, ${bytes(byteLength)} in ${directory}`)
      } finally {
        await store.close()
      }
      return undefined
    }),
  )
}

/** Until all blocks that the peers have are here. Throws if no peer comes in time. */
async function download(store: Corestore, core: Hypercore, output: Output, timeout: number): Promise<void> {
  core.download({ start: 0, end: -1 })
  const began = Date.now()
  const id = b4a.toString(core.discoveryKey ?? new Uint8Array(), 'hex')
  for await (const { picture } of watch(store, { interval: 100, signal: output.io.signal })) {
    const shown = picture.cores.find(({ discoveryKey }) => discoveryKey === id)
    const peers = picture.peers
      .flatMap(({ cores }) => cores)
      .filter((one) => one.discoveryKey === id && one.state === 'attached')
    const { have = 0, total = 0 } = shown?.progress ?? {}
    output.progress(`${have} of ${total} blocks, ${peers.length} peers`)
    const isKnown = peers.some(({ length }) => length > 0 && length <= core.length)
    if (isKnown && have >= total) return
    if (!isKnown && total === 0 && Date.now() - began > timeout) {
      throw new CommandError(
        ExitCode.missing,
        'NO_PEER',
        `No peer had the core within ${timeout / 1000} seconds: see \`coreyard probe ${b4a.toString(core.key ?? new Uint8Array(), 'hex')}\``,
      )
    }
  }
}
