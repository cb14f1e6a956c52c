// A core downloaded as a whole from those who have it.

import type { Corestore } from '@coreyard/corestore'
import type { Hypercore } from '@coreyard/hypercore-types'
import { watch } from '@coreyard/inspector'
import type Hyperswarm from 'hyperswarm'
import { CommandError, ExitCode } from './errors.js'
import { hex } from './key.js'
import { hasAnswered, SILENCE_ADVICE, whileLooking, withSwarm } from './network.js'
import type { Address } from './network-options.js'
import type { Output } from './output.js'
import { counted } from './text.js'

export interface Sources {
  readonly bootstrap: readonly Address[]
  /** The keys of mirrors that are asked as well as the peers that announce the core. */
  readonly mirrors: readonly Uint8Array[]
  /** How long to wait for the first peer, in milliseconds. */
  readonly timeout: number
}

/**
 * Downloads all blocks that the peers of a core have, then calls `use` while these are still connected.
 *
 * @throws CommandError if nothing comes in time: `NO_PEER` without a peer, `NO_BLOCK` if the core is empty at its peers, `NO_NETWORK` if no
 *   node of the network answers
 */
export async function download<T>(
  store: Corestore,
  key: Uint8Array,
  { bootstrap, mirrors, timeout }: Sources,
  output: Output,
  use: (core: Hypercore) => Promise<T>,
): Promise<T> {
  const core = store.get({ key })
  await core.ready()
  return withSwarm(store, { bootstrap, signal: output.io.signal }, async (swarm) => {
    for (const mirror of mirrors) swarm.joinPeer(mirror)
    await whileLooking(swarm, [core.discoveryKey ?? key], () => complete(store, core, swarm, output, timeout))
    output.progressEnds()
    return use(core)
  })
}

/**
 * Until all blocks are here of the longest core that a peer had. Throws if no peer comes in time. A peer may come, give all that it has
 * and leave between two pictures, so what has arrived counts, too.
 */
async function complete(
  store: Corestore,
  core: Hypercore,
  swarm: Hyperswarm,
  output: Output,
  timeout: number,
): Promise<void> {
  let isKnown = false
  core.on('append', () => {
    isKnown = true
  })
  core.download({ start: 0, end: -1 })
  const began = Date.now()
  const id = hex(core.discoveryKey ?? new Uint8Array())
  let hasPeer = false
  let isServed = false
  for await (const { picture } of watch(store, { interval: 100, signal: output.io.signal })) {
    const shown = picture.cores.find(({ discoveryKey }) => discoveryKey === id)
    const peers = picture.peers
      .flatMap(({ cores }) => cores)
      .filter((one) => one.discoveryKey === id && one.state === 'attached')
    const { have = 0, total = 0 } = shown?.progress ?? {}
    output.progress(`${have} of ${counted(total, 'block')}, ${counted(peers.length, 'peer')}`)
    isKnown ||= peers.some(({ length }) => length > 0 && length <= core.length)
    hasPeer ||= isKnown || peers.some(({ length }) => length > 0)
    if (isKnown && core.contiguousLength === core.length) return
    isServed ||= peers.length > 0
    if (!hasPeer && Date.now() - began > timeout) throw nothingCame(core, swarm, isServed, timeout)
  }
}

function nothingCame(core: Hypercore, swarm: Hyperswarm, isServed: boolean, timeout: number): CommandError {
  const within = `within ${timeout / 1000} seconds`
  if (isServed) {
    const message = `Peers have the core, and none had a block of it ${within}: it is empty there`
    return new CommandError(ExitCode.missing, 'NO_BLOCK', message)
  }
  if (!hasAnswered(swarm)) {
    const message = `No node of the network has answered ${within}: ${SILENCE_ADVICE}`
    return new CommandError(ExitCode.missing, 'NO_NETWORK', message)
  }
  const message = `No peer had the core ${within}: see \`coreyard probe ${hex(core.key ?? new Uint8Array())}\``
  return new CommandError(ExitCode.missing, 'NO_PEER', message)
}
