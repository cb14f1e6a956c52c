// What the processes of a soak tell each other.

/** What the store is told. */
export type StoreWanted =
  | { readonly kind: 'open'; readonly engine: string; readonly directory: string; readonly cores: number }
  /** Downloads a core of a peer, and goes on with that. The key is in hex. */
  | { readonly kind: 'follow'; readonly key: string }
  | { readonly kind: 'figures' }
  | { readonly kind: 'close' }

/** What the peers are told. */
export type PeersWanted =
  | {
      readonly kind: 'start'
      readonly port: number
      readonly keys: readonly string[]
      readonly seed: number
      /** The names of the attacks. */
      readonly attacks: readonly string[]
    }
  | { readonly kind: 'figures' }
  /** How long to do nothing after each attack, in milliseconds. */
  | { readonly kind: 'pause'; readonly milliseconds: number }
  | { readonly kind: 'end' }

/** A store that listens. Keys are in hex, the port is on the loopback interface. */
export interface StoreOpened {
  readonly port: number
  readonly keys: readonly string[]
}

/** The core that an honest peer writes. */
export interface PeersStarted {
  readonly key: string
}

/** The process of the store. */
export interface StoreFigures {
  /** In bytes. */
  readonly rss: number
  /** In bytes. */
  readonly heap: number
  readonly openCores: number
  /** How many cores may be open. */
  readonly mostCores: number
  /** Requests for cores that are looked up. */
  readonly asks: number
  /** Requests that wait for capacity. */
  readonly waiting: number
  readonly channels: number
  readonly streams: number
  /** Timers, sockets and whatever else keeps Node.js alive. */
  readonly handles: number
  /** The longest stop of the event loop since the last figures, in milliseconds. */
  readonly stall: number
  /** Processor time so far, in microseconds. */
  readonly processor: number
  /** Blocks of the core that is followed. */
  readonly followed: number
  /** Wrong proofs of that core that were refused, in all. */
  readonly refused: number
  /** Blocks of that core that are not what was written. */
  readonly wrong: number
}

/** The process of the peers, since the last figures. */
export interface PeersFigures {
  /** How long an honest peer waited for a block of a core that it asked for, in milliseconds. */
  readonly asked: readonly number[]
  /** What became of asks that failed. */
  readonly failed: readonly string[]
  /** How many blocks the honest peer has written in all. */
  readonly written: number
  /** How often each attack was made. */
  readonly attacks: Readonly<Record<string, number>>
  /** Processor time so far, in microseconds. */
  readonly processor: number
}

/** What was seen in a minute of a soak. */
export interface Minute {
  readonly engine: string
  /** From 1. */
  readonly minute: number
  readonly store: StoreFigures
  readonly peers: PeersFigures
  /** How many blocks the honest peer had written a minute before. */
  readonly writtenBefore: number
}
