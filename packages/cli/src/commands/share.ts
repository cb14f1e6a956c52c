// `coreyard share`: announces cores and serves them.

import type { Corestore } from '@coreyard/corestore'
import type { Hypercore } from '@coreyard/hypercore-types'
import { watch } from '@coreyard/inspector'
import b4a from 'b4a'
import { usage } from '../errors.js'
import { whileMeasured } from '../metrics-server.js'
import { readAddresses, withBootstrap, withSwarm } from '../network.js'
import { withStore } from '../opened.js'
import { Output } from '../output.js'
import { readPort } from '../port.js'
import type { AddCommand } from '../run.js'
import { bytes, counted } from '../text.js'
import { pick, storedCores } from '../which-core.js'
import { checkShow, type ShowOptions, whileShowing, withShow } from '../window/showing.js'

interface ShareOptions extends ShowOptions {
  readonly bootstrap?: readonly string[]
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
      const bootstrap = readAddresses(options.bootstrap)
      const result = await withStore(directory, {}, async (store) => {
        const stored = await storedCores(store)
        const cores = names.length === 0 ? stored : names.map((core) => pick(stored, { core }))
        if (cores.length === 0) throw usage(`${directory} has no cores to share`)
        if (cores.length > MOST)
          throw usage(`${cores.length} cores are too many to announce: name at most ${MOST}`)
        return withSwarm(store, bootstrap, async (swarm) => {
          const sessions = cores.map(({ discoveryKey }) =>
            store.get({ discoveryKey: b4a.from(discoveryKey, 'hex') }),
          )
          await Promise.all(sessions.map((session) => session.ready()))
          const joined = cores.map(({ discoveryKey }) =>
            swarm.join(b4a.from(discoveryKey, 'hex'), { client: false }),
          )
          await Promise.all(joined.map((discovery) => discovery.flushed()))
          for (const { key } of cores) output.note(`sharing ${key}`)
          const work = () =>
            whileShowing(store, options, output, (shown) =>
              serve(store, sessions, shown, options.untilSynced === true),
            )
          if (options.metrics === undefined) return work()
          return whileMeasured(store, options.metrics, (address) => {
            output.note(`metrics at ${address}`)
            return work()
          })
        })
      })
      output.progressEnds()
      if (output.json) output.value({ directory, ...result })
      return undefined
    }),
  )
}

interface Served {
  readonly cores: number
  readonly synced: number
  readonly sent: number
}

/** Until it is interrupted, or each core is at a peer. */
async function serve(
  store: Corestore,
  sessions: readonly Hypercore[],
  output: Output,
  untilSynced: boolean,
): Promise<Served> {
  const cores = sessions.length
  let synced = 0
  let sent = 0
  for await (const { picture } of watch(store, { interval: 250, signal: output.io.signal })) {
    synced = sessions.filter((session) => session.remoteContiguousLength >= session.length).length
    const streams = picture.peers.flatMap((peer) => peer.streams)
    sent = Math.max(
      sent,
      streams.reduce((sum, stream) => sum + stream.sent, 0),
    )
    output.progress(
      `${counted(picture.peers.length, 'peer')}, ${synced} of ${cores} cores are whole at a peer, ${bytes(sent)} sent`,
    )
    if (untilSynced && synced === cores) break
  }
  return { cores, synced, sent }
}
