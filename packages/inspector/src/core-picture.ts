// The picture of one open core. It is only remade when the core has changed: most cores of a store are idle.

import type { OpenCoreView } from '@coreyard/corestore'
import { blocksHere, blocksWanted, isEncrypted, rangesHere, requestMark } from '@coreyard/hypercore-port'
import type { Core, Peer } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import type { Name } from './names.js'
import { peerCorePicture } from './peer-core-picture.js'
import type { ConflictPicture, CorePicture, PeerCorePicture, Rates } from './picture.js'

export const NO_RATES: Rates = { up: 0, down: 0 }

/** The channel of a core to one of its peers. */
export interface Channel {
  readonly peer: Peer
  readonly picture: PeerCorePicture
}

/** An open core, and the last picture of it. */
export class SeenCore {
  readonly id: string
  readonly core: Core
  readonly #open: OpenCoreView
  #mark: number | null = null
  #name: Name | null = null
  #sent = 0
  #received = 0
  #lastActive: number | null = null
  #conflict: ConflictPicture | null = null
  picture: CorePicture | null = null
  channels: readonly Channel[] = []

  constructor(open: OpenCoreView) {
    this.id = open.id
    this.core = open.core
    this.#open = open
  }

  /**
   * Remakes the picture if the core has changed.
   *
   * @param seconds since the last look; `null` for the first
   * @returns whether the picture has changed
   */
  look(name: Name, conflict: ConflictPicture | null, time: number, seconds: number | null): boolean {
    const { picture } = this
    const mark = markOf(this.core, this.#open.active)
    const isSame = mark === this.#mark && name === this.#name && conflict === this.#conflict
    if (picture !== null && isSame && picture.rates === NO_RATES) return false
    if (this.#mark !== null && mark !== this.#mark) this.#lastActive = time
    this.#mark = mark
    this.#name = name
    this.#conflict = conflict
    this.#take(name, seconds)
    return true
  }

  #take(name: Name, seconds: number | null): void {
    const { core } = this
    const { state, header, replicator } = core
    const length = state?.length ?? 0
    const have = blocksHere(core)
    const { peers, stats } = replicator
    const { tx: sent, rx: received } = stats.wireData
    let total = length
    for (const peer of peers)
      if (peer.remoteFork >= (state?.fork ?? 0)) total = Math.max(total, peer.remoteLength)

    this.channels = peers.map((peer) => ({ peer, picture: peerCorePicture(peer, this.id, have) }))
    let wanted = 0
    for (const { picture } of this.channels) wanted += picture.progress.wanted
    const rates = seconds === null ? NO_RATES : ratesOf(sent - this.#sent, received - this.#received, seconds)
    this.#sent = sent
    this.#received = received
    const { ranges, hasMore: hasMoreRanges } = rangesHere(core)
    this.picture = {
      ...name,
      key: core.key && b4a.toString(core.key, 'hex'),
      discoveryKey: this.id,
      state: core.closing !== null ? 'closing' : core.opened ? 'open' : 'opening',
      writable: Boolean(header?.keyPair?.secretKey),
      active: this.#open.active,
      downloading: replicator.downloading,
      encrypted: isEncrypted(core),
      group: header?.group ? b4a.toString(header.group.key, 'hex') : null,
      length,
      byteLength: state?.byteLength ?? 0,
      fork: state?.fork ?? 0,
      contiguousLength: Math.min(header?.hints.contiguousLength ?? 0, length),
      ranges,
      hasMoreRanges,
      progress: { total, have, want: blocksWanted(core, total - have, total), wanted },
      sessions: core.activeSessions,
      peers: peers.length,
      sent,
      received,
      rates,
      lastWritten: header?.tree.timestamp || null,
      lastActive: this.#lastActive,
      errors: stats.invalidData + stats.invalidRequests,
      conflict: this.#conflict,
    }
  }
}

/** Per second. Without any traffic it is always the same object, by which an idle core is recognised. */
export function ratesOf(up: number, down: number, seconds: number): Rates {
  if ((up <= 0 && down <= 0) || seconds <= 0) return NO_RATES
  return { up: Math.max(0, up) / seconds, down: Math.max(0, down) / seconds }
}

/** A number that changes whenever a picture of the core would. It is computed for many cores at each look, so it creates no objects. */
function markOf(core: Core, active: boolean): number {
  const { state, header, replicator } = core
  const { peers, stats } = replicator
  const flags =
    (active ? 1 : 0) +
    (replicator.downloading ? 2 : 0) +
    (core.opened ? 4 : 0) +
    (core.closing === null ? 0 : 8)
  let mark = mixed(flags, core.activeSessions)
  if (state !== null) mark = mixed(mixed(mark, state.length), state.fork)
  if (header !== null) mark = mixed(mark, header.hints.contiguousLength)
  mark = mixed(mark, requestMark(core))
  mark = mixed(mixed(mark, stats.wireData.tx), stats.wireData.rx)
  mark = mixed(mark, stats.invalidData + stats.invalidRequests)
  for (let index = 0; index < peers.length; index++) mark = mixed(mark, markOfPeer(peers[index]))
  return mark
}

function markOfPeer(peer: Peer | undefined): number {
  if (peer === undefined) return 0
  const { stats } = peer
  let mark = mixed(peer.remoteLength, peer.remoteFork)
  mark = mixed(mark, peer.inflight)
  mark = mixed(mark, stats.wireRange.rx + stats.wireBitfield.rx + stats.wireSync.rx)
  return mixed(mark, stats.wireData.rx + stats.wireData.tx)
}

/** Another number for each other value, and in all likelihood for another mark. */
function mixed(mark: number, value: number): number {
  const product = Math.imul(mark ^ value, 0x9e3779b1)
  return product ^ (product >>> 15)
}
