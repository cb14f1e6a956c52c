// Who has how much of a core, as peers say it. Nothing is asked of them but what they have.

import { Corestore, memoryStorage } from '@coreyard/corestore'
import type { Hypercore } from '@coreyard/hypercore-types'
import { type PeerPicture, type Picture, watch } from '@coreyard/inspector'
import type Hyperswarm from 'hyperswarm'
import { hex } from '../key.js'
import { whileLooking, withSwarm } from '../network.js'
import type { NetworkOptions } from '../network-options.js'
import { MirrorLink } from './mirror-link.js'

/** A core, and what length of it is known already. */
export interface WantedCore {
  readonly key: Uint8Array
  readonly length: number
}

export interface Search extends NetworkOptions {
  readonly mirrors: readonly Uint8Array[]
  /** Whether to look for peers that announce the cores, too. */
  readonly announced: boolean
  /** When to give up, in milliseconds. */
  readonly timeout: number
}

/** What a peer has of a core. */
export interface PeerCopy {
  readonly publicKey: string
  /** Whether it is one of the mirrors that were named. */
  readonly mirror: boolean
  /** In blocks: as long as the core is for the peer. */
  readonly length: number
  readonly have: number
  readonly whole: boolean
}

export interface CoreCopies {
  readonly key: string
  /** In blocks: as its writer has signed it. */
  readonly length: number
  /** How many peers have all of it. */
  readonly copies: number
  readonly peers: readonly PeerCopy[]
}

export interface Copies {
  readonly cores: readonly CoreCopies[]
  readonly mirrors: readonly { readonly publicKey: string; readonly connected: boolean }[]
}

/**
 * For how long nothing must change before all peers have said what they have, in milliseconds. A peer answers for each core that it is asked
 * for; after that, what it has of those that it has follows at once.
 */
const SETTLED = 1500
const ANSWERED = 300

/** Asks mirrors, and peers that announce the cores, what they have of them. */
export async function lookForCopies(wanted: readonly WantedCore[], search: Search): Promise<Copies> {
  const store = new Corestore(memoryStorage())
  try {
    const cores = wanted.map(({ key }) => store.get({ key }))
    await Promise.all(cores.map((core) => core.ready()))
    return await withSwarm(store, search, (swarm) => ask(store, swarm, cores, wanted, search))
  } finally {
    await store.close()
  }
}

async function ask(
  store: Corestore,
  swarm: Hyperswarm,
  cores: readonly Hypercore[],
  wanted: readonly WantedCore[],
  search: Search,
): Promise<Copies> {
  const links = search.mirrors.map((mirror) => new MirrorLink(mirror))
  const connect = (link: MirrorLink) => {
    if (link.isLost || swarm.destroyed) return
    const stream = swarm.dht.connect(link.key)
    link.watch(stream, () => connect(link))
    store.replicate(stream)
  }
  for (const link of links) connect(link)
  if (!search.announced) return settled(store, cores, wanted, links, async () => true, search)
  const topics = cores.flatMap(({ discoveryKey }) => discoveryKey ?? [])
  return whileLooking(swarm, topics, () => settled(store, cores, wanted, links, () => swarm.flush(), search))
}

/** What the peers have, once all of them have said it. */
async function settled(
  store: Corestore,
  cores: readonly Hypercore[],
  wanted: readonly WantedCore[],
  links: readonly MirrorLink[],
  lookUp: () => Promise<boolean>,
  { announced, timeout, signal }: Search,
): Promise<Copies> {
  const mirrors = new Set(links.map(({ publicKey }) => publicKey))
  // The length that a peer claims is not signed: the cores here get what is.
  for (const core of cores) core.update({ wait: true }).catch(() => {}) // the store closes before it comes
  const isAsked = new Set<Hypercore>()
  let isLookedUp = false
  lookUp().then(() => {
    isLookedUp = true
  })
  const began = Date.now()
  let [last, changed] = ['', began]
  let copies: readonly CoreCopies[] = []
  for await (const { picture } of watch(store, { interval: 100, signal })) {
    copies = readCopies(picture, cores, wanted, mirrors)
    askForPartial(copies, cores, isAsked)
    const now = Date.now()
    const seen = JSON.stringify(copies)
    if (seen !== last) [last, changed] = [seen, now]
    const isAnswered = links.every((link) => link.isOpen || link.isLost)
    const isFound = !announced || copies.every(({ peers }) => peers.length > 0)
    const quiet = picture.peers.some(isAsking) || announced ? SETTLED : ANSWERED
    if (now - began > timeout || (isAnswered && isLookedUp && isFound && now - changed > quiet)) break
  }
  return {
    cores: copies,
    mirrors: links.map(({ publicKey, isOpen }) => ({ publicKey, connected: isOpen })),
  }
}

/** Whether a peer has not said yet whether it has some core. */
function isAsking({ cores }: PeerPicture): boolean {
  return cores.some(({ state }) => state === 'asked')
}

function readCopies(
  { peers }: Picture,
  cores: readonly Hypercore[],
  wanted: readonly WantedCore[],
  mirrors: ReadonlySet<string>,
): readonly CoreCopies[] {
  // A mirror that is named and announces the core has two streams, and is one peer.
  const byCore = new Map<string, Map<string, Omit<PeerCopy, 'whole'>>>()
  for (const { publicKey, cores: ofPeer } of peers) {
    if (publicKey === null) continue
    for (const { discoveryKey, state, length, progress } of ofPeer) {
      if (state !== 'attached') continue
      const found = byCore.get(discoveryKey) ?? new Map()
      byCore.set(discoveryKey, found)
      const have = Math.max(progress.have, found.get(publicKey)?.have ?? 0)
      found.set(publicKey, { publicKey, mirror: mirrors.has(publicKey), length, have })
    }
  }
  return wanted.map(({ key, length: known }, index) => {
    const core = cores[index]
    const found = [...(byCore.get(hex(core?.discoveryKey ?? new Uint8Array()))?.values() ?? [])]
    const signed = Math.max(known, core?.length ?? 0)
    const length = signed > 0 ? signed : Math.max(0, ...found.map((peer) => peer.length))
    const peers = found.map((peer) => {
      const have = Math.min(peer.have, length)
      return { ...peer, have, whole: have === length }
    })
    return { key: hex(key), length, copies: peers.filter(({ whole }) => whole).length, peers }
  })
}

/**
 * A peer tells unasked how many blocks it has from the first one on. Which others it has, it tells when one that it may lack is asked for.
 * That block may come, from a peer that has it.
 */
function askForPartial(
  copies: readonly CoreCopies[],
  cores: readonly Hypercore[],
  isAsked: Set<Hypercore>,
): void {
  for (const [index, { length, peers }] of copies.entries()) {
    const core = cores[index]
    const partial = peers.filter((peer) => !peer.whole && peer.length > 0)
    if (core === undefined || isAsked.has(core) || partial.length === 0) continue
    isAsked.add(core)
    const first = Math.min(length - 1, ...partial.map(({ have }) => have))
    core.get(first).catch(() => {}) // the store closes before it comes
  }
}
