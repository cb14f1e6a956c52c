// `coreyard mirror`: keeps cores for others.

import { resolve } from 'node:path'
import { usage } from '../errors.js'
import { interruption } from '../io.js'
import { hex, readKey } from '../key.js'
import { whileMeasured } from '../metrics-server.js'
import type { Refusal } from '../mirror/admission.js'
import { readByteSize } from '../mirror/byte-size.js'
import { type Mirror, withMirror, withMirrorStore } from '../mirror/mirror.js'
import { mirrorMetrics } from '../mirror/mirror-metrics.js'
import { noteSilence } from '../network.js'
import { type Address, withBootstrap } from '../network-options.js'
import { readPort } from '../number.js'
import { Output } from '../output.js'
import type { AddCommand } from '../run.js'
import { bytes, counted, visible } from '../text.js'
import { checkShow, type ShowOptions, whileShowing, withShow } from '../window/showing.js'

interface MirrorCommandOptions extends ShowOptions {
  readonly maxBytes: number
  readonly trustedPeers?: readonly string[]
  readonly onlyTrusted?: boolean
  readonly bootstrap: readonly Address[]
  readonly metrics?: number
  readonly json?: boolean
}

/** As blind-peer has it. */
const DEFAULT_MAX_BYTES = '100GB'

/** A peer that is refused again and again fills no log: this long, in milliseconds, the same kind of message is not written again. */
const QUIET = 10_000

function nowAndThen(output: Output): (kind: string, text: string) => void {
  const last = new Map<string, number>()
  return (kind, text) => {
    const time = Date.now()
    if (time - (last.get(kind) ?? Number.NEGATIVE_INFINITY) < QUIET) return
    last.set(kind, time)
    output.note(text)
  }
}

/** How often the line of progress is written, in milliseconds. */
const INTERVAL = 250

export const addMirror: AddCommand = (program, { io, action }) => {
  const command = program
    .command('mirror')
    .description('runs a mirror, until Ctrl-C: it keeps cores that others place there, and serves them')
    .argument('<directory>', 'a directory for the mirror alone: new, empty, or of this mirror before')
    .option(
      '--max-bytes <size>',
      'how many bytes of blocks are kept, as 10GB or 500MB',
      readByteSize,
      readByteSize(DEFAULT_MAX_BYTES),
    )
    .option('--trusted-peers <key...>', 'whose cores are announced and never cleared: see `coreyard place`')
    .option('--only-trusted', 'keep no cores for other peers')
    .option('--metrics <port>', 'serve OpenMetrics on 127.0.0.1, at /metrics', readPort('--metrics'))
    .option('--json', 'as JSON, when it ends')
  withBootstrap(withShow(command)).action(
    action(async (directory: string, options: MirrorCommandOptions) => {
      const output = new Output(io, options.json === true)
      checkShow(options, io)
      const trusted = (options.trustedPeers ?? []).map((key) => readKey('--trusted-peers', key))
      if (options.onlyTrusted === true && trusted.length === 0) {
        throw usage('--only-trusted needs --trusted-peers: nobody else may place cores')
      }
      const now = nowAndThen(output)
      const mirrorOptions = {
        bootstrap: options.bootstrap,
        maxBytes: options.maxBytes,
        trusted,
        onlyTrusted: options.onlyTrusted === true,
        onRefusal: (reason: Refusal, core: string | null) =>
          now(reason, `refused${core === null ? '' : ` ${core}`}: ${SENTENCES[reason]}`),
        onProblem: ({ message }: Error) =>
          now('records', `the records of the mirror cannot be written: ${visible(message)}`),
      }
      const result = await withMirrorStore(directory, (store, keepStore) =>
        // The servers start first, so that a port in use is reported before the mirror joins the network.
        whileMeasured(store, options.metrics, output, (setSeries) =>
          whileShowing(store, options, output, (shown) =>
            withMirror(store, directory, { ...mirrorOptions, signal: shown.io.signal }, async (mirror) => {
              if (options.metrics !== undefined) setSeries(await mirrorMetrics(mirror.peer))
              return keep(mirror, shown, keepStore)
            }),
          ),
        ),
      )
      output.progressEnds()
      if (output.json) output.value({ directory: resolve(directory), ...result })
      return undefined
    }),
  )
}

const SENTENCES: { readonly [Reason in Refusal]: string } = {
  'too-many-open': 'peers have too many cores open here',
  'too-many-cores': 'the mirror keeps as many cores as --max-bytes has space for',
  'announced-full': 'the announced cores take all of --max-bytes',
  'too-large': 'the core is larger than --max-bytes',
}

interface Kept {
  readonly publicKey: string
  readonly cores: number
  readonly bytes: number
}

/** Until it is interrupted. Calls `keepStore` before it writes the key, which others then use. */
async function keep(
  { publicKey, peer, swarm }: Mirror,
  output: Output,
  keepStore: () => void,
): Promise<Kept> {
  if (!output.io.signal.aborted) {
    keepStore()
    output.note(`mirror ${hex(publicKey)}`)
    noteSilence(swarm, output)
  }
  let last = ''
  const timer = setInterval(() => {
    const { cores, bytesAllocated } = peer.digest
    const text = `${counted(cores, 'core')}, ${bytes(bytesAllocated)}`
    if (text !== last || output.io.isTerminal) output.progress(text)
    last = text
  }, INTERVAL)
  await interruption(output.io.signal)
  clearInterval(timer)
  await peer.flush()
  const { cores, bytesAllocated } = peer.digest
  return { publicKey: hex(publicKey), cores, bytes: bytesAllocated }
}
