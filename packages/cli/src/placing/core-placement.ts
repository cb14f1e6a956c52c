// One core on its way to its mirrors.

import type { Corestore } from '@coreyard/corestore'
import type { Hypercore } from '@coreyard/hypercore-types'
import type BlindPeering from 'blind-peering'
import { hex } from '../key.js'
import type { WantedCore } from './copies.js'
import type { MirrorLink } from './mirror-link.js'

/** How a mirror that was asked stands: it has every block, some, closes the connection when it is asked, or was not found. */
export type MirrorState = 'whole' | 'partial' | 'refused' | 'not-found'

export interface PlacedCore {
  readonly key: string
  /** In blocks. */
  readonly length: number
  /** How many mirrors have all of it. */
  readonly copies: number
  /** Those that were asked. */
  readonly mirrors: readonly {
    readonly publicKey: string
    readonly state: MirrorState
    readonly have: number
  }[]
}

/** A mirror that may be asked, and how many blocks it had before that. */
export interface Candidate {
  readonly link: MirrorLink
  readonly had: number
}

/** What is known of a core at a peer. */
export interface Progress {
  /** At least so many blocks: a peer that downloads at random tells of those from the first one on. */
  readonly have: number
  /** How many answers it was sent. */
  readonly sent: number
}

/** By public key and discovery key; `undefined` while the peer has no channel for the core. */
export type ProgressOf = (publicKey: string, discoveryKey: string) => Progress | undefined

interface Asked {
  readonly link: MirrorLink
  /** As long as it is open, the mirror is asked. */
  readonly session: Hypercore
  have: number
  sent: number
  state: MirrorState | 'pending'
}

/** As blind-peer has them: those of a lower priority are cleared first. */
const PRIORITY = 1

export class CorePlacement {
  readonly #store: Corestore
  readonly #peering: BlindPeering
  readonly #core: WantedCore
  /** Those that were not asked yet. */
  readonly #candidates: Candidate[]
  readonly #asked: Asked[] = []

  constructor(store: Corestore, peering: BlindPeering, core: WantedCore, candidates: Candidate[]) {
    this.#store = store
    this.#peering = peering
    this.#core = core
    this.#candidates = candidates
  }

  get copies(): number {
    return this.#asked.filter(({ state }) => state === 'whole').length
  }

  /** How many blocks were sent to mirrors that do not have all yet. */
  get sent(): number {
    return this.#asked.reduce((sum, { state, sent }) => (state === 'pending' ? sum + sent : sum), 0)
  }

  /** A number that grows when a mirror gets on. */
  stepsOf(link: MirrorLink): number {
    const { have = 0, sent = 0 } = this.#asked.find((asked) => asked.link === link) ?? {}
    return have + sent
  }

  /** Reads what the mirrors have. */
  look(progressOf: ProgressOf): void {
    for (const asked of this.#asked) {
      const { link, session, state } = asked
      if (state !== 'pending' || session.discoveryKey === null) continue
      const progress = progressOf(link.publicKey, hex(session.discoveryKey))
      if (progress === undefined) continue
      Object.assign(asked, progress)
      if (progress.have >= this.#core.length) asked.state = 'whole'
    }
  }

  /** Asks as many mirrors as there shall be copies, others in place of those that are lost. Returns whether it waits for one. */
  advance(copies: number, isLost: (link: MirrorLink) => boolean): boolean {
    for (const asked of this.#asked) if (asked.state === 'pending' && isLost(asked.link)) this.#lose(asked)
    const pending = () => this.#asked.filter(({ state }) => state === 'pending').length
    while (this.copies + pending() < copies) {
      const next = this.#candidates.shift()
      if (next === undefined) break
      this.#ask(next)
    }
    return pending() > 0
  }

  placed(): PlacedCore {
    const mirrors = this.#asked.map(({ link, have, state }) => ({
      publicKey: link.publicKey,
      state: state === 'pending' ? ('partial' as const) : state,
      have,
    }))
    return { key: hex(this.#core.key), length: this.#core.length, copies: this.copies, mirrors }
  }

  async close(): Promise<void> {
    await Promise.all(this.#asked.map(({ session }) => session.close()))
  }

  #ask({ link, had }: Candidate): void {
    const session = this.#store.get({ key: this.#core.key })
    const asked: Asked = { link, session, have: had, sent: 0, state: 'pending' }
    this.#asked.push(asked)
    if (link.isLost) {
      this.#lose(asked)
      return
    }
    link.asked()
    this.#peering.addCoreBackground(session, {
      keys: [link.key],
      pick: 1,
      announce: true,
      priority: PRIORITY,
    })
  }

  /** Without the session, the mirror is no longer connected to for this core. */
  #lose(asked: Asked): void {
    asked.state = this.#stateOf(asked)
    asked.session.close().catch(() => {}) // it is closed again with the rest
  }

  /** A mirror that is full refuses cores that it has, too. */
  #stateOf({ link, have }: Asked): MirrorState {
    if (link.isRefused) return have >= this.#core.length && have > 0 ? 'whole' : 'refused'
    return link.hasOpened || have > 0 ? 'partial' : 'not-found'
  }
}
