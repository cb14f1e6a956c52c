// What a mirror takes on. blind-peer itself bounds the bytes of blocks alone: here are the bounds of what else peers can make grow, the
// number of cores that are kept and that are open, and the size of one core.
//
// blind-peer emits its events before it acts on a request. An exception of a listener fails the request: of blind-peering that closes the
// stream, and of older clients, who ask for one core a request, it is the answer.

import type { Corestore } from '@coreyard/corestore'
import type { Hypercore, NoiseSecretStream } from '@coreyard/hypercore-types'
import type BlindPeer from 'blind-peer'
import type { AddCoresRequest } from 'blind-peer'
import { hex } from '../key.js'

/** What a stored core takes at least beside its blocks, in bytes. */
const BYTES_OF_A_CORE = 8192

/** How many cores are open for those who place them: for one peer, and for all. About 24 kB of memory each. */
const OPEN_FOR_A_PEER = 512
const OPEN_FOR_ALL = 8192

export type Refusal = 'too-many-open' | 'too-many-cores' | 'announced-full' | 'too-large'

/** Told of each refusal. `core` is the key, if it was for one. */
export type OnRefusal = (reason: Refusal, core: string | null) => void

/** Cores of one stream, or of all. */
interface Asked {
  /** As many were asked for, together with others. */
  asked: number
  /** As many were opened. */
  opened: number
}

/** What fails a request. */
class Refused extends Error {}

export class Admission {
  readonly #peer: BlindPeer
  readonly #store: Corestore
  readonly #maxBytes: number
  readonly #onRefusal: OnRefusal
  readonly #streams = new Map<NoiseSecretStream, Asked>()
  readonly #all: Asked = { asked: 0, opened: 0 }
  /** The requests that are being worked on: their cores are in no record yet. */
  readonly #pending = new Map<AddCoresRequest, NoiseSecretStream>()
  #pendingCores = 0
  /** The keys of the cores that are being removed. */
  readonly #removing = new Set<string>()

  constructor(peer: BlindPeer, store: Corestore, maxBytes: number, onRefusal: OnRefusal) {
    this.#peer = peer
    this.#store = store
    this.#maxBytes = maxBytes
    this.#onRefusal = onRefusal
    peer.on('add-cores-received', (stream, request) => {
      this.#count(stream, { asked: request.cores.length, opened: 0 })
      this.#pending.set(request, stream)
      this.#pendingCores += request.cores.length
      this.#expectSpace(stream, request)
    })
    peer.on('add-cores-done', (_stream, request) => this.#done(request))
    peer.on('muxer-error', (error, stream) => {
      if (error instanceof Refused) return
      for (const [request, from] of this.#pending) if (from === stream) this.#done(request)
    })
    peer.on('add-new-core', (_record, _isAdded, stream) => this.#expectSpace(stream))
    peer.on('add-core', (_record, _isAdded, stream) => {
      this.#count(stream, { asked: 0, opened: 1 })
      this.#expectSpace(stream)
    })
    store.on('core-open', (core) => core.on('append', () => this.#measure(core)))
  }

  #count(stream: NoiseSecretStream, more: Asked): void {
    if (stream.destroying || stream.destroyed) throw new Error('The peer is gone')
    let mine = this.#streams.get(stream)
    if (mine === undefined) {
      mine = { asked: 0, opened: 0 }
      this.#streams.set(stream, mine)
      stream.once('close', () => this.#forget(stream))
    }
    for (const sum of [mine, this.#all]) {
      sum.asked += more.asked
      sum.opened += more.opened
    }
  }

  #forget(stream: NoiseSecretStream): void {
    const { asked = 0, opened = 0 } = this.#streams.get(stream) ?? {}
    this.#streams.delete(stream)
    this.#all.asked -= asked
    this.#all.opened -= opened
  }

  #done(request: AddCoresRequest): void {
    if (this.#pending.delete(request)) this.#pendingCores -= request.cores.length
  }

  /** Fails what a stream asks for, and closes it, if it or all of them ask for too much. */
  #expectSpace(stream: NoiseSecretStream, request: AddCoresRequest | null = null): void {
    const reason = this.#reasonAgainst(stream, request?.announce === true)
    if (reason === null) return
    if (request !== null) this.#done(request)
    this.#onRefusal(reason, null)
    stream.destroy()
    throw new Refused(`This mirror is full: ${reason}`)
  }

  #reasonAgainst(stream: NoiseSecretStream, announce: boolean): Refusal | null {
    const { asked = 0, opened = 0 } = this.#streams.get(stream) ?? {}
    if (Math.max(asked, opened) > OPEN_FOR_A_PEER) return 'too-many-open'
    if (Math.max(this.#all.asked, this.#all.opened) > OPEN_FOR_ALL) return 'too-many-open'
    const { digest, announcedCores } = this.#peer
    if (digest.cores + this.#pendingCores > Math.ceil(this.#maxBytes / BYTES_OF_A_CORE))
      return 'too-many-cores'
    if (!announce) return null
    // Blocks of announced cores are never cleared.
    let bytes = 0
    for (const core of announcedCores.values()) bytes += core.byteLength
    return bytes >= this.#maxBytes ? 'announced-full' : null
  }

  /** A core that can never be here as a whole would displace all others. It is removed, and its peers are disconnected. */
  #measure(core: Hypercore): void {
    if (core.byteLength <= this.#maxBytes || core.key === null || core.discoveryKey === null) return
    const key = core.key
    const id = hex(key)
    if (this.#removing.has(id)) return
    this.#removing.add(id)
    this.#onRefusal('too-large', id)
    if (this.#peer.activeReplication.get(hex(core.discoveryKey))?.record) this.#peer.db.deleteCore(key)
    for (const { stream } of core.peers) stream.destroy()
    this.#remove(key).finally(() => this.#removing.delete(id))
  }

  async #remove(key: Uint8Array): Promise<void> {
    await this.#peer.flush()
    // The store may close meanwhile.
    await this.#store.delete({ key }, { force: true }).catch(() => {})
  }
}
