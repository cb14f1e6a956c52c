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
        const { length, byteLength } = await withSwarm(store, bootstrap, async (swarm) => {
          await whileLooking(swarm, core.discoveryKey ?? key, () =>
            download(store, core, output, options.timeout),
          )
          const size = { length: core.length, byteLength: core.byteLength }
          // What a store tells its peers waits until it is synced, and is sent at the latest when it closes: here, that all has arrived.
          await store.close()
          return size
        })
        output.progressEnds()
        if (output.json) output.value({ directory, key: b4a.toString(key, 'hex'), length, byteLength })
        else if (!io.signal.aborted) output.line(`${length} blocks, ${bytes(byteLength)} in ${directory}`)
      } finally {
        await store.close()
      }
      return undefined
    }),
  )
}

/**
 * Until all blocks are here of the longest core that a peer had. Throws if no peer comes in time. A peer may come, give all that it has
 * and leave between two pictures, so what has arrived counts, too.
 */
async function download(store: Corestore, core: Hypercore, output: Output, timeout: number): Promise<void> {
  let isKnown = false
  core.on('append', () => {
    isKnown = true
  })
  core.download({ start: 0, end: -1 })
  const began = Date.now()
  const id = b4a.toString(core.discoveryKey ?? new Uint8Array(), 'hex')
  let hasPeer = false
  for await (const { picture } of watch(store, { interval: 100, signal: output.io.signal })) {
    const shown = picture.cores.find(({ discoveryKey }) => discoveryKey === id)
    const peers = picture.peers
      .flatMap(({ cores }) => cores)
      .filter((one) => one.discoveryKey === id && one.state === 'attached')
    const { have = 0, total = 0 } = shown?.progress ?? {}
    output.progress(`${have} of ${total} blocks, ${peers.length} peers`)
    isKnown ||= peers.some(({ length }) => length > 0 && length <= core.length)
    hasPeer ||= isKnown || peers.some(({ length }) => length > 0)
    if (isKnown && core.contiguousLength === core.length) return
    if (!hasPeer && Date.now() - began > timeout) {
      throw new CommandError(
        ExitCode.missing,
        'NO_PEER',
        `No peer had the core within ${timeout / 1000} seconds: see \`coreyard probe ${b4a.toString(core.key ?? new Uint8Array(), 'hex')}\``,
      )
    }
  }
}
