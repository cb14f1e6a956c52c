// Limits how fast a muxer reads the channels that a peer opens. Protomux reads a whole message at once, however many channels it opens (16
// MB hold 300,000), and keeps some kilobytes for each until it is answered. It sends each answer as a message, even to a peer that reads
// none.
//
// Protomux has no hook for this, so some of its methods are replaced on the instance: `_decode`, `_onbatch` and `_rejectSession`
// (protomux 3.12, index.js). test/replication/muxer-gate.test.ts checks that.

import { setImmediate } from 'node:timers'
import type { NoiseSecretStream, Protomux } from '@coreyard/hypercore-types'
import { Batch, type Message, type State } from './batch.js'
import { flush } from './batch-limit.js'
import { LateEnd } from './late-end.js'
import { mendOpenings } from './openings.js'
import { readingTurns, type TurnTaker } from './reading-turns.js'

/** The channel of the muxer itself. */
const CONTROL = 0
/** What it is told of on that channel: a batch. The others open, close or reject a channel. */
const BATCH = 0
/** The refusals of one turn of the event loop after this many are sent as one message. */
const FEW = 8
/** How many refusals a peer may leave unread. Each takes some 10 bytes. */
const MOST_UNREAD = 2 ** 20
/** How many channel numbers a peer may have used. Protomux keeps 8 bytes for each, and peers use them again. */
const MOST_CHANNELS = 2 ** 22
/** How many bytes a stream that is piped may have decrypted and not read, before it takes in more. */
const MOST_AHEAD = 65_536

/** The members of Protomux that are used here and that its types lack. */
interface Internals {
  readonly _paused: boolean
  readonly _remote: { readonly length: number }
  _decode(channel: number, state: State): Promise<unknown> | null
  _onbatch(state: State): void
  _rejectSession(info: unknown, remoteId: number): void
}

/** The members of the encrypted stream that are used here and that its types lack. */
interface StreamInternals {
  readonly _rawStream?: Incoming
  readonly _readableState: { readonly buffered: number }
}

interface Incoming {
  on(event: 'data', listener: () => void): unknown
  pause(): unknown
  resume(): unknown
}

/** Decides how fast the muxer may be read. */
export interface Reader {
  /** Whether nothing more should be read. */
  readonly isFull: boolean
  /** Whether reading should continue. */
  readonly isLow: boolean
}

// Several stores may share a connection, and so a muxer.
const gates = new WeakMap<Protomux, MuxerGate>()

/** Reads from a stream only as much as can be answered. */
export class MuxerGate implements TurnTaker {
  readonly #muxer: Protomux
  readonly #internals: Internals
  readonly #decode: Internals['_decode']
  readonly #readers = new Set<Reader>()
  /** A batch that was read in part. */
  #batch: Batch | null = null
  /** Messages that arrived since. */
  readonly #backlog: Message[] = []
  #isHeld = false
  /** Whether it waits for its turn to read on. */
  #isInLine = false
  /** Whether the stream is paused. */
  #isPaused = false
  /** Whether the input of the stream is watched. */
  #isWatched = false
  /** How many there were in this turn of the event loop. */
  #refusals = 0
  #unread = 0
  readonly #lateEnd: LateEnd

  private constructor(muxer: Protomux) {
    this.#muxer = muxer
    this.#internals = muxer as unknown as Internals
    mendOpenings(muxer)
    this.#lateEnd = new LateEnd(muxer.stream, () => this.#hasMore)
    this.#decode = this.#internals._decode.bind(muxer)
    const reject = this.#internals._rejectSession.bind(muxer)
    this.#internals._decode = (channel, state) => this.#read({ channel, state })
    this.#internals._onbatch = (state) => this.#open(state)
    this.#internals._rejectSession = (info, remoteId) => {
      this.#gather()
      reject(info, remoteId)
    }
  }

  /** Returns the gate of a muxer, and creates it if there is none. */
  static of(muxer: Protomux): MuxerGate {
    let gate = gates.get(muxer)
    if (gate === undefined) {
      gate = new MuxerGate(muxer)
      gates.set(muxer, gate)
    }
    return gate
  }

  add(reader: Reader): void {
    this.#readers.add(reader)
  }

  delete(reader: Reader): void {
    this.#readers.delete(reader)
    this.goOn()
  }

  /** Call it when a request has arrived: it pauses the stream if a reader is full. */
  hold(): void {
    if (this.#internals._remote.length > MOST_CHANNELS) this.#end('The peer opens too many channels')
    if (this.#isHeld || !this.#isFull) return
    this.#isHeld = true
    this.#wait()
  }

  /** Continues to read, if the readers have answered enough. */
  goOn(): void {
    if (!this.#isHeld || ![...this.#readers].every(({ isLow }) => isLow)) return
    this.#isHeld = false
    this.#wait()
  }

  get #hasMore(): boolean {
    return this.#batch !== null || this.#backlog.length > 0
  }

  get #isFull(): boolean {
    return [...this.#readers].some(({ isFull }) => isFull)
  }

  /** Handles a message of the stream. */
  #read(message: Message): Promise<unknown> | null {
    if (!this.#hasMore && !this.#isHeld && mayRead(message)) {
      this.#takeIn()
      return this.#decodeOne(message)
    }
    this.#backlog.push({ ...message, state: { ...message.state } })
    this.#wait()
    return null
  }

  /** @returns what settles when the request that it is has been answered */
  #decodeOne({ channel, state }: Message): Promise<unknown> | null {
    const answer = this.#decode(channel, state)
    if (channel === CONTROL && answer !== null) readingTurns.countRequest()
    return answer
  }

  #open(state: State): void {
    if (this.#batch !== null) throw new Error('A batch within a batch')
    this.#batch = new Batch(state)
    this.#readBatch()
    if (this.#batch !== null) this.#wait()
  }

  /** Pauses the stream, which other code may have resumed, until its turn. It has a turn unless it is held. */
  #wait(): void {
    this.#pause()
    if (this.#isHeld || this.#isInLine) return
    this.#isInLine = true
    readingTurns.wait(this)
  }

  /** Reads the rest of the batch, then the messages after it, then the stream. */
  readOn(): void {
    this.#isInLine = false
    if (this.#isHeld || this.#muxer.stream.destroying) return
    try {
      this.#readBatch()
      while (this.#batch === null && !this.#isHeld) {
        const [message] = this.#backlog
        if (message === undefined || !mayRead(message)) break
        this.#backlog.shift()
        this.#decodeOne(message)
      }
    } catch (error) {
      this.#muxer.destroy(error as Error)
      return
    }
    if (this.#isHeld || this.#hasMore) {
      this.#wait()
      return
    }
    this.#lateEnd.read()
    this.#takeIn()
    // Protomux has paused the stream for its own reason, and will resume it.
    if (!this.#internals._paused) this.#muxer.stream.resume()
  }

  /** Reads from the batch, up to the limit. The answers are sent together, as in Protomux, and with them what earlier parts hold back. */
  #readBatch(): void {
    const batch = this.#batch
    if (batch === null) return
    const answers: Promise<unknown>[] = []
    let corked = false
    try {
      while (!this.#isHeld) {
        const message = batch.peek()
        if (message === null) {
          this.#batch = null
          break
        }
        if (!mayRead(message)) break
        batch.skipTo(message.state.end)
        if (!corked && batch.hasMore) {
          corked = true
          flush(this.#muxer)
          this.#muxer.cork()
        }
        const answer = this.#decodeOne(message)
        if (answer !== null) answers.push(answer)
      }
    } finally {
      if (corked) {
        Promise.all(answers).then(
          () => this.#muxer.uncork(),
          (error) => this.#muxer.destroy(error),
        )
      }
    }
  }

  #pause(): void {
    this.#muxer.stream.pause()
    this.#takeNothing()
  }

  #takeNothing(): void {
    this.#isPaused = true
    const incoming = this.#incoming
    if (incoming === null) return
    if (!this.#isWatched) {
      this.#isWatched = true
      // It resumes the stream to listen.
      incoming.on('data', () => {
        if (this.#ahead > MOST_AHEAD) this.#takeNothing()
      })
    }
    incoming.pause()
  }

  /** Accepts more input, once the existing bytes are read. */
  #takeIn(): void {
    if (!this.#isPaused || this.#ahead > MOST_AHEAD) return
    this.#isPaused = false
    this.#incoming?.resume()
  }

  /** Returns how many bytes are decrypted and not read. */
  get #ahead(): number {
    return (this.#muxer.stream as NoiseSecretStream & StreamInternals)._readableState.buffered
  }

  /**
   * Returns the stream that a piped stream reads from. A piped stream pauses its other side instead (`_rawStream` and `rawStream` of
   * secret-stream 6.9), and would accept everything that the peer sends.
   */
  get #incoming(): Incoming | null {
    const { rawStream, _rawStream: incoming } = this.#muxer.stream as NoiseSecretStream & StreamInternals
    return incoming === undefined || (incoming as unknown) === rawStream ? null : incoming
  }

  /** Sends the refusals of a turn of the event loop as one message, except the first ones. */
  #gather(): void {
    this.#unread = this.#muxer.drained ? 0 : this.#unread + 1
    if (this.#unread > MOST_UNREAD) this.#end('The peer does not read what it is answered')
    if (this.#refusals++ === 0) setImmediate(() => this.#send())
    if (this.#refusals === FEW) this.#muxer.cork()
  }

  #send(): void {
    if (this.#refusals >= FEW) this.#muxer.uncork()
    this.#refusals = 0
  }

  #end(reason: string): void {
    this.#muxer.destroy(new Error(reason))
  }
}

/** Whether a message may be read in this turn of the event loop. */
function mayRead({ channel, state }: Message): boolean {
  return channel !== CONTROL || state.buffer[state.start] === BATCH || readingTurns.take()
}
