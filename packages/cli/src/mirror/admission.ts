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
import { Removal } from './removal.js'

/** What a stored core takes at least beside its blocks, in bytes. */
const BYTES_OF_A_CORE = 8192

/** How many cores are open for those who place them, at about 24 kB of memory each: for one peer, for one address, and for all. */
const OPEN_FOR_A_PEER = 512
const OPEN_FOR_AN_ADDRESS = 2048
const OPEN_FOR_ALL = 8192

export type Refusal = 'too-many-open' | 'too-many-cores' | 'announced-full' | 'too-large'

/** Told of each refusal. `core` is the key, if it was for one. */
export type OnRefusal = (reason: Refusal, core: string | null) => void

/** Cores of a stream. */
interface Asked {
  readonly address: string
  /** As many were asked for, together with others. */
  asked: number
  /** As many were opened. */
  opened: number
}

/** What fails a request before anything is done about it. */
class Refused extends Error {}

export class Admission {
  readonly #peer: BlindPeer
  readonly #maxBytes: number
  readonly #isTrusted: (stream: NoiseSecretStream) => boolean
  readonly #onRefusal: OnRefusal
  readonly #removal: Removal
  /** Those of trusted peers are bounded one by one, and not in the sum of all. */
  readonly #streams = new Map<NoiseSecretStream, Asked>()
  /** The requests that are being worked on: their cores may be in no record yet. */
  readonly #pending = new Map<AddCoresRequest, NoiseSecretStream>()

  constructor(
    peer: BlindPeer,
    store: Corestore,
    maxBytes: number,
    isTrusted: (stream: NoiseSecretStream) => boolean,
    onRefusal: OnRefusal,
  ) {
    this.#peer = peer
    this.#maxBytes = maxBytes
    this.#isTrusted = isTrusted
    this.#onRefusal = onRefusal
    this.#removal = new Removal(peer, store)
    peer.on('add-cores-received', (stream, request) => {
      this.#count(stream, { asked: request.cores.length, opened: 0 })
      const reason = this.#reasonAgainst(stream, request.announce, this.#coresWith(request))
      if (reason !== null) throw this.#refused(stream, reason)
      this.#pending.set(request, stream)
    })
    peer.on('add-cores-done', (_stream, request) => this.#pending.delete(request))
    peer.on('muxer-error', (error, stream) => {
      // What is refused was never worked on.
      if (error instanceof Refused) return
      for (const [request, from] of this.#pending) if (from === stream) this.#pending.delete(request)
    })
    const expectSpace = (stream: NoiseSecretStream) => {
      const reason = this.#reasonAgainst(stream, false, peer.digest.cores)
      if (reason !== null) throw new Error(this.#refused(stream, reason).message)
    }
    peer.on('add-new-core', (_record, _isAdded, stream) => expectSpace(stream))
    peer.on('add-core', (_record, _isAdded, stream) => {
      this.#count(stream, { asked: 0, opened: 1 })
      expectSpace(stream)
    })
    store.on('core-open', (core) => core.on('append', () => this.#measure(core)))
  }

  #count(stream: NoiseSecretStream, { asked, opened }: Omit<Asked, 'address'>): void {
    if (stream.destroying || stream.destroyed) throw new Error('The peer is gone')
    let mine = this.#streams.get(stream)
    if (mine === undefined) {
      mine = { address: String(Reflect.get(stream.rawStream, 'remoteHost')), asked: 0, opened: 0 }
      this.#streams.set(stream, mine)
      stream.once('close', () => this.#streams.delete(stream))
    }
    mine.asked += asked
    mine.opened += opened
  }

  /** Closes a stream for which there is no space. */
  #refused(stream: NoiseSecretStream, reason: Refusal): Refused {
    if (reason === 'too-many-cores')
      this.#removal.removeEmpty({ [Symbol.iterator]: () => this.#pending.keys() })
    this.#onRefusal(reason, null)
    stream.destroy()
    return new Refused(`This mirror is full: ${reason}`)
  }

  /** @param cores how many are kept then */
  #reasonAgainst(stream: NoiseSecretStream, announce: boolean, cores: number): Refusal | null {
    if (isOver(OPEN_FOR_A_PEER, [this.#streams.get(stream)])) return 'too-many-open'
    if (announce && this.#announcedBytes() >= this.#maxBytes) return 'announced-full'
    if (this.#isTrusted(stream)) return null
    const strangers = [...this.#streams].filter(([one]) => !this.#isTrusted(one)).map(([, asked]) => asked)
    const address = this.#streams.get(stream)?.address
    const near = strangers.filter((asked) => asked.address === address)
    if (isOver(OPEN_FOR_ALL, strangers) || isOver(OPEN_FOR_AN_ADDRESS, near)) return 'too-many-open'
    return cores > Math.ceil(this.#maxBytes / BYTES_OF_A_CORE) ? 'too-many-cores' : null
  }

  /** How many cores are kept, with those that are being added and those of a request. */
  #coresWith({ cores }: AddCoresRequest): number {
    let pending = cores.length
    for (const request of this.#pending.keys()) pending += request.cores.length
    return this.#peer.digest.cores + pending
  }

  /** Blocks of announced cores are never cleared. */
  #announcedBytes(): number {
    let bytes = 0
    for (const core of this.#peer.announcedCores.values()) bytes += core.byteLength
    return bytes
  }

  /** A core that can never be here as a whole would displace all others. It is removed, and its peers are disconnected. */
  #measure(core: Hypercore): void {
    if (core.byteLength <= this.#maxBytes) return
    if (this.#removal.remove(core)) this.#onRefusal('too-large', hex(core.key ?? new Uint8Array()))
    for (const { stream } of core.peers) stream.destroy()
  }
}

function isOver(limit: number, streams: readonly (Asked | undefined)[]): boolean {
  let [asked, opened] = [0, 0]
  for (const one of streams) {
    asked += one?.asked ?? 0
    opened += one?.opened ?? 0
  }
  return Math.max(asked, opened) > limit
}
