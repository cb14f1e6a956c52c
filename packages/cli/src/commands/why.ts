// `coreyard why`: why a core of a store does not replicate.

import type { Corestore } from '@coreyard/corestore'
import { type Explanation, explain, type Finding, watch } from '@coreyard/inspector'
import b4a from 'b4a'
import { ExitCode } from '../errors.js'
import { readKey, readNamespace } from '../key.js'
import { withSwarm } from '../network.js'
import { type Address, timeoutOption, withBootstrap } from '../network-options.js'
import { withStore } from '../opened.js'
import { explanationOf } from '../other-process.js'
import { Output } from '../output.js'
import type { AddCommand } from '../run.js'
import { visible } from '../text.js'
import { keyFor, storedCores } from '../which-core.js'

interface WhyOptions {
  readonly bootstrap: readonly Address[]
  readonly peer?: string
  readonly namespace?: string
  readonly timeout: number
  readonly json?: boolean
}

export const addWhy: AddCommand = (program, { io, action }) => {
  withBootstrap(
    program
      .command('why')
      .description('joins the network with a store, and says why a core of it does not replicate')
      .argument('<directory>', 'the directory of a store, which is only read')
      .argument('<core>', 'a key, also of a core that is not there, a name, or how a key begins')
      .option('--namespace <hex>', 'of the name', readNamespace)
      .option('--peer <key>', 'the public key of a peer. Default: every peer')
      .addOption(timeoutOption('how long to wait until it replicates', 10))
      .option('--json', 'as JSON'),
  ).action(
    action(async (directory: string, core: string, options: WhyOptions) => {
      const output = new Output(io, options.json === true)
      const { bootstrap, namespace } = options
      const peer = options.peer === undefined ? null : readKey('--peer', options.peer)
      const wanted = { core, namespace }
      const served = await explanationOf(directory, wanted, options.peer ?? null, io.signal)
      const explanation =
        served ??
        (await withStore(directory, {}, async (store) => {
          const key = readKey('the key', await keyFor(wanted, () => storedCores(store)))
          const first = await explain(store, key, peer)
          // Without the core there is nothing to look for.
          if (first.problem !== null && first.problem.code !== 'NO_CONNECTION') return first
          return withSwarm(store, { bootstrap, signal: io.signal }, async (swarm) => {
            const session = store.get({ key })
            await session.ready()
            swarm.join(b4a.from(first.discoveryKey, 'hex'))
            return settled(store, key, peer, options.timeout, io.signal)
          })
        }))
      io.signal.throwIfAborted()
      if (output.json) output.value(explanation)
      else show(output, explanation)
      return explanation.problem === null ? ExitCode.ok : ExitCode.found
    }),
  )
}

/** The explanation once there is no problem, or when the time is over. */
async function settled(
  store: Corestore,
  key: Uint8Array,
  peer: Uint8Array | null,
  timeout: number,
  signal: AbortSignal,
): Promise<Explanation> {
  const end = Date.now() + timeout
  for await (const _ of watch(store, { interval: LOOK_INTERVAL, signal })) {
    const explanation = await explain(store, key, peer)
    if (explanation.problem === null || Date.now() > end) return explanation
  }
  return explain(store, key, peer)
}

/** Milliseconds between two explanations. */
const LOOK_INTERVAL = 50

const SIGNS: { readonly [Status in Finding['status']]: string } = { ok: 'ok', note: '--', problem: 'NO' }

function show(output: Output, { findings, problem }: Explanation): void {
  const { green, yellow, red, dim } = output.colors
  const paint = { ok: green, note: yellow, problem: red }
  for (const { code, status, sentence } of findings) {
    output.line(`${paint[status](SIGNS[status])}  ${visible(sentence)} ${dim(code)}`)
  }
  const remedies = findings.filter(({ remedy }) => remedy !== null)
  if (remedies.length > 0) output.line()
  for (const { remedy } of remedies) output.line(`What to do: ${remedy}`)
  if (problem === null && remedies.length === 0) output.line(dim('Nothing stands in the way.'))
}
