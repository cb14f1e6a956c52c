// `coreyard share`: announces cores and serves them.

import type { Corestore } from '@coreyard/corestore'
import type { Hypercore } from '@coreyard/hypercore-types'
import { type CorePicture, watch } from '@coreyard/inspector'
import b4a from 'b4a'
import type Hyperswarm from 'hyperswarm'
import { usage } from '../errors.js'
import { whileMeasured } from '../metrics-server.js'
import { noteSilence, withSwarm } from '../network.js'
import { type Address, withBootstrap } from '../network-options.js'
import { readPort } from '../number.js'
import { withStore } from '../opened.js'
import { Output } from '../output.js'
import type { AddCommand } from '../run.js'
import { bytes, counted } from '../text.js'
import { pickAll, storedCores } from '../which-core.js'
import { checkShow, type ShowOptions, whileShowing, withShow } from '../window/showing.js'

interface ShareOptions extends ShowOptions {
  readonly bootstrap: readonly Address[]
  readonly untilSynced?: boolean
  readonly metrics?: number
  readonly json?: boolean
}

/** More than these are not announced by one command: each is announced again every ten minutes. */
const MOST = 1000

export const addShare: AddCommand = (program, { io, action }) => {
  const command = program
    .command('share')
    .description('announces cores on the network and serves them, until Ctrl-C; the store is only read')
    .argument('<directory>', 'the directory of a store')
    .argument('[core...]', 'names, keys or discovery keys. Default: all')
    .option('--until-synced', 'end when each core is at a peer as a whole')
    .option('--metrics <port>', 'serve OpenMetrics on 127.0.0.1, at /metrics', readPort('--metrics'))
    .option('--json', 'as JSON, when it ends')
  withBootstrap(withShow(command)).action(
    action(async (directory: string, names: string[], options: ShareOptions) => {
      const output = new Output(io, options.json === true)
      checkShow(options, io)
      const result = await withStore(directory, {}, async (store) => {
        const stored = await storedCores(store)
        const cores = names.length === 0 ? stored : pickAll(stored, names)
        expectShareable(directory, cores, options)
        // The servers start first, so that a port in use is reported before anything is announced.
        return whileMeasured(store, options.metrics, output, () =>
          whileShowing(store, options, output, (shown) =>
            withSwarm(store, { bootstrap: options.bootstrap, signal: shown.io.signal }, async (swarm) => {
              const sessions = await announce(store, swarm, cores, shown)
              return serve(store, sessions, shown, options.untilSynced === true)
            }),
          ),
        )
      })
      output.progressEnds()
      if (output.json) output.value({ directory, ...result })
      return undefined
    }),
  )
}

function expectShareable(
  directory: string,
  cores: readonly CorePicture[],
  { untilSynced }: ShareOptions,
): void {
  if (cores.length === 0) throw usage(`${directory} has no cores to share`)
  if (cores.length > MOST) {
    throw usage(`${cores.length} cores are too many to announce: name at most ${MOST}`)
  }
  if (untilSynced === true && cores.every(({ length }) => length === 0)) {
    throw usage('--until-synced waits until peers have all blocks, and the cores have none')
  }
}

/** Announces the cores, and says so. */
async function announce(
  store: Corestore,
  swarm: Hyperswarm,
  cores: readonly CorePicture[],
  output: Output,
): Promise<readonly Hypercore[]> {
  const topics = cores.map(({ discoveryKey }) => b4a.from(discoveryKey, 'hex'))
  const sessions = topics.map((discoveryKey) => store.get({ discoveryKey }))
  await Promise.all(sessions.map((session) => session.ready()))
  const joined = topics.map((topic) => swarm.join(topic, { client: false }))
  await Promise.all(joined.map((discovery) => discovery.flushed()))
  if (output.io.signal.aborted) return sessions
  for (const { key, discoveryKey } of cores) output.note(`sharing ${key ?? discoveryKey}`)
  noteSilence(swarm, output)
  return sessions
}

interface Served {
  readonly cores: number
  /** How many of them have no block. These need not come to a peer. */
  readonly empty: number
  /** How many of the others are whole at a peer. */
  readonly synced: number
  readonly sent: number
}

/** Until it is interrupted, or each core with blocks is at a peer. */
async function serve(
  store: Corestore,
  sessions: readonly Hypercore[],
  output: Output,
  untilSynced: boolean,
): Promise<Served> {
  const cores = sessions.length
  const filled = sessions.filter(({ length }) => length > 0)
  let synced = 0
  let sent = 0
  for await (const { picture } of watch(store, { interval: 250, signal: output.io.signal })) {
    synced = filled.filter((session) => session.remoteContiguousLength >= session.length).length
    const streams = picture.peers.flatMap((peer) => peer.streams)
    sent = Math.max(
      sent,
      streams.reduce((sum, stream) => sum + stream.sent, 0),
    )
    output.progress(
      `${counted(picture.peers.length, 'peer')}, ${synced} of ${counted(filled.length, 'core')} at a peer, ${bytes(sent)} sent`,
    )
    if (untilSynced && synced === filled.length) break
  }
  return { cores, empty: cores - filled.length, synced, sent }
}
