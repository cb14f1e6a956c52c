// `coreyard probe`: what a stranger with the key sees of a core. Found? Handshake? Core? First block? And how long each took.

import { Corestore, memoryStorage } from '@coreyard/corestore'
import { watch } from '@coreyard/inspector'
import b4a from 'b4a'
import type Hyperswarm from 'hyperswarm'
import { ExitCode } from '../errors.js'
import { readKey } from '../key.js'
import { hasAnswered, SILENCE_ADVICE, whileLooking, withSwarm } from '../network.js'
import { type Address, type NetworkOptions, timeoutOption, withBootstrap } from '../network-options.js'
import { Output } from '../output.js'
import type { AddCommand } from '../run.js'
import { counted } from '../text.js'

interface ProbeOptions {
  readonly bootstrap: readonly Address[]
  readonly timeout: number
  readonly json?: boolean
}

/** How long each step took from the start, in milliseconds; `null` for one that was not reached. */
interface Steps {
  /** A peer that has joined the topic was connected to. */
  connected: number | null
  /** A peer has opened a channel for the core. */
  core: number | null
  /** Its length is known. */
  length: number | null
  firstBlock: number | null
}

export const addProbe: AddCommand = (program, { io, action }) => {
  withBootstrap(
    program
      .command('probe')
      .description('looks for a core from outside: is it found, does a peer serve it, how long does it take?')
      .argument('<key>', 'the key of the core: hex or z32')
      .addOption(timeoutOption('when to give up', 30))
      .option('--json', 'as JSON'),
  ).action(
    action(async (keyText: string, options: ProbeOptions) => {
      const output = new Output(io, options.json === true)
      const key = readKey('the key', keyText)
      const store = new Corestore(memoryStorage())
      try {
        const found = await probe(store, key, options.timeout, {
          bootstrap: options.bootstrap,
          signal: io.signal,
        })
        io.signal.throwIfAborted()
        const isServed = found.steps.firstBlock !== null || (found.steps.core !== null && found.length === 0)
        if (output.json) output.value({ key: b4a.toString(key, 'hex'), served: isServed, ...found })
        else show(output, found)
        return isServed ? ExitCode.ok : ExitCode.found
      } finally {
        await store.close()
      }
    }),
  )
}

/** How exact the times of the steps are, in milliseconds. */
const LOOK_INTERVAL = 20

interface Found {
  /** Whether any node of the network has answered. */
  readonly network: boolean
  readonly steps: Steps
  readonly peers: number
  readonly length: number
}

async function probe(
  store: Corestore,
  key: Uint8Array,
  timeout: number,
  network: NetworkOptions,
): Promise<Found> {
  const core = store.get({ key })
  await core.ready()
  const climb = async (swarm: Hyperswarm): Promise<Found> => {
    const steps: Steps = { connected: null, core: null, length: null, firstBlock: null }
    const began = Date.now()
    const since = () => Date.now() - began
    core.get(0, { timeout }).then(
      () => {
        steps.firstBlock ??= since()
      },
      () => {}, // it does not come: the steps say how far it got
    )
    let peers = 0
    for await (const { picture } of watch(store, { interval: LOOK_INTERVAL, signal: network.signal })) {
      peers = Math.max(peers, picture.peers.length)
      const channels = picture.peers.flatMap(({ cores }) => cores).filter(({ state }) => state === 'attached')
      if (picture.peers.length > 0) steps.connected ??= since()
      if (channels.length > 0) steps.core ??= since()
      if (core.length > 0) steps.length ??= since()
      if (steps.firstBlock !== null || since() >= timeout) break
    }
    if (steps.firstBlock !== null) {
      for (const step of ['connected', 'core', 'length'] as const) steps[step] ??= steps.firstBlock
      peers = Math.max(peers, swarm.connections.size)
    }
    return { network: hasAnswered(swarm), steps, peers, length: core.length }
  }
  return withSwarm(store, network, (swarm) =>
    whileLooking(swarm, [core.discoveryKey ?? key], () => climb(swarm)),
  )
}

const SENTENCES: readonly (readonly [step: keyof Steps, well: string, not: string])[] = [
  [
    'connected',
    'a peer was found and connected to',
    'no peer was found: nobody announces the core, or it cannot be reached',
  ],
  ['core', 'the peer opened the core', 'no peer opened the core: it is not stored there, or is refused'],
  ['length', 'the length of the core came', 'no length came: the core is empty there, or the peer is behind'],
  ['firstBlock', 'the first block came', 'the first block did not come: no peer has it'],
]

function show(output: Output, { network, steps, peers, length }: Found): void {
  const { green, red } = output.colors
  if (!network) {
    output.line(`${red('no')}    no node of the network has answered: ${SILENCE_ADVICE}`)
    return
  }
  for (const [step, well, not] of SENTENCES) {
    const time = steps[step]
    if (time !== null) output.line(`${green('ok')}    ${well} (${time} ms)`)
    else {
      output.line(`${red('no')}    ${not}`)
      break
    }
  }
  output.line(output.colors.dim(`${counted(peers, 'peer')}, ${counted(length, 'block')}`))
}
