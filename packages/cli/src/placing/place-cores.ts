// Places cores on mirrors: asks as many of them as there shall be copies, waits until these have every block, and takes another one
// where a mirror fails.

import type { Corestore } from '@coreyard/corestore'
import type { NoiseSecretStream } from '@coreyard/hypercore-types'
import { type Picture, watch } from '@coreyard/inspector'
import { hex } from '../key.js'
import { sent } from '../network.js'
import { type NodeOptions, withNode } from '../node.js'
import { type CoreCopies, lookForCopies, type WantedCore } from './copies.js'
import { type Candidate, CorePlacement, type PlacedCore, type ProgressOf } from './core-placement.js'
import { MirrorLink } from './mirror-link.js'

/** `keyPair`: by which mirrors know and trust the one who places. */
export interface Placement extends NodeOptions {
  readonly mirrors: readonly Uint8Array[]
  readonly copies: number
  /** After how long a mirror that does nothing is given up, in milliseconds. */
  readonly timeout: number
  /** @param sent how many blocks were sent for copies that are not whole yet */
  readonly onProgress: (copies: number, sent: number) => void
}

/** How many cores are placed at once. Each of the mirrors holds so many open for one peer. */
const BATCH = 256

/** Places the cores of a store. Those that it did not come to before it was interrupted are on no mirror. */
export async function placeCores(
  store: Corestore,
  cores: readonly WantedCore[],
  placement: Placement,
): Promise<PlacedCore[]> {
  const placed: PlacedCore[] = []
  const missing = new Set<string>()
  for (let start = 0; start < cores.length && !placement.signal.aborted; start += BATCH) {
    const before = placed.reduce((sum, { copies }) => sum + copies, 0)
    const onProgress = (copies: number, sent: number) => placement.onProgress(before + copies, sent)
    // A mirror that was not found is not looked for again: that takes seconds.
    const mirrors = placement.mirrors.filter((mirror) => !missing.has(hex(mirror)))
    const batch = cores.slice(start, start + BATCH)
    placed.push(...(await placeBatch(store, batch, { ...placement, mirrors, onProgress })))
    for (const { publicKey, state } of placed.flatMap((core) => core.mirrors)) {
      if (state === 'not-found') missing.add(publicKey)
    }
  }
  const rest = cores.slice(placed.length)
  return [...placed, ...rest.map(({ key, length }) => ({ key: hex(key), length, copies: 0, mirrors: [] }))]
}

/** Places some of the cores at once: none, if it was interrupted before a mirror was asked. */
async function placeBatch(
  store: Corestore,
  batch: readonly WantedCore[],
  placement: Placement,
): Promise<PlacedCore[]> {
  const { mirrors, bootstrap, keyPair, timeout, signal } = placement
  const search = { mirrors, bootstrap, announced: false, timeout, signal }
  const { cores: found } = await lookForCopies(batch, search)
  if (signal.aborted) return []
  const { default: Peering } = await import('blind-peering')
  const links = new Map(mirrors.map((mirror) => [hex(mirror), new MirrorLink(mirror)]))
  return withNode({ bootstrap, signal, keyPair }, async (node, leave) => {
    const streams = new Set<NoiseSecretStream>()
    const peering = new Peering(node, {
      replicate(stream) {
        links.get(hex(stream.remotePublicKey ?? new Uint8Array()))?.watch(stream)
        streams.add(stream)
        stream.once('close', () => streams.delete(stream))
        store.replicate(stream)
      },
    })
    const jobs = batch.map(
      (core, index) => new CorePlacement(store, peering, core, candidates(core, links, found[index])),
    )
    try {
      await finished(store, jobs, [...links.values()], placement)
      // What was asked reaches the mirrors before the connections close.
      if (!signal.aborted) await Promise.all([...streams].map(sent))
      return jobs.map((job) => job.placed())
    } finally {
      leave()
      await Promise.all(jobs.map((job) => job.close()))
      await peering.close()
    }
  })
}

/** The mirrors for a core: first those that have it, then in an order that is the same each time, and another for each core. */
function candidates(
  { key }: WantedCore,
  links: ReadonlyMap<string, MirrorLink>,
  found: CoreCopies | undefined,
): Candidate[] {
  const distance = ({ link }: Candidate) => hex(link.key.map((byte, index) => byte ^ (key[index] ?? 0)))
  const all = [...links.values()].map((link) => {
    const peer = found?.peers.find(({ publicKey }) => publicKey === link.publicKey)
    return { link, had: peer?.have ?? 0 }
  })
  return all.sort((one, other) => other.had - one.had || (distance(one) < distance(other) ? -1 : 1))
}

/** Until each core has its copies, or no mirror is left for it. */
async function finished(
  store: Corestore,
  jobs: readonly CorePlacement[],
  links: readonly MirrorLink[],
  { copies, timeout, signal, onProgress }: Placement,
): Promise<void> {
  for await (const { picture } of watch(store, { interval: 100, signal })) {
    const progressOf = read(picture)
    for (const job of jobs) job.look(progressOf)
    for (const link of links) link.saw(jobs.reduce((sum, job) => sum + job.stepsOf(link), 0))
    const isLost = (link: MirrorLink) => link.isLost || link.isStalled(timeout)
    const busy = jobs.filter((job) => job.advance(copies, isLost))
    const sum = (count: (job: CorePlacement) => number) => jobs.reduce((all, job) => all + count(job), 0)
    onProgress(
      sum((job) => job.copies),
      sum((job) => job.sent),
    )
    if (busy.length === 0) return
  }
}

function read({ peers }: Picture): ProgressOf {
  const byPeer = new Map(
    peers.map(({ publicKey, cores }) => [
      publicKey,
      new Map(
        cores
          .filter(({ state }) => state === 'attached')
          .map(({ discoveryKey, progress: { have }, sent }) => [discoveryKey, { have, sent }]),
      ),
    ]),
  )
  return (publicKey, discoveryKey) => byPeer.get(publicKey)?.get(discoveryKey)
}
