// Protomux: many protocols over one stream of framed messages. What the protocols say lives with them.

import type { CompactEncoding } from './bytes/encoding.js'
import type { NoiseSecretStream } from './noise-stream.js'

/** Names a channel: both sides open the same protocol and id. */
export interface ChannelName {
  /** As in `'hypercore/alpha'`. */
  protocol: string
  /** Any bytes, to have many channels of one protocol; Hypercore's is the discovery key. Default: none. */
  id?: Uint8Array | null | undefined
}

/** Called when the remote wants a channel: make and open it before returning (or resolving), or it is refused. */
export type PairListener = (id: Uint8Array | null) => unknown

/** How one kind of message of a channel is made. */
export interface MessageOptions<Value, UserData = unknown, Handshake = unknown> {
  /** Default: raw bytes. */
  encoding?: CompactEncoding<Value> | undefined
  /** Called for each message that arrives. */
  onmessage?(value: Value, channel: Channel<UserData, Handshake>): unknown
  /** Whether replies to a batch are sent as a batch, too. Default: `true`. */
  autoBatch?: boolean | undefined
}

/** One kind of message of a channel. */
export interface Message<Value> {
  /** Its number: the order in which messages are added must be the same on both sides. */
  readonly type: number
  readonly encoding: CompactEncoding<Value>
  onmessage(value: Value, channel: Channel): unknown
  /** Sends `value`; whether more may be sent right now (`false` also when the channel has closed). */
  send(value: Value): boolean
}

/** What a channel is made with. */
export interface ChannelOptions<UserData = unknown, Handshake = unknown> extends ChannelName {
  /** Other names of the protocol by which the remote may call it. */
  aliases?: readonly string[] | undefined
  /** Whether there may be only one channel of this name. Default: `true`. */
  unique?: boolean | undefined
  /** How the value that each side gives to `open` is encoded. Default: there is none. */
  handshake?: CompactEncoding<Handshake> | null | undefined
  /** The kinds of messages, in the same order on both sides. More can be added with `addMessage`. */
  messages?: readonly (MessageOptions<unknown, UserData, Handshake> | null)[] | undefined
  userData?: UserData | undefined
  /** Both sides have opened it. `handshake` is the remote's, `null` where there is none. */
  onopen?: ((handshake: Handshake, channel: Channel<UserData, Handshake>) => unknown) | undefined
  /** It has closed, by the remote or by this side; no message is sent any more. */
  onclose?: ((isRemote: boolean, channel: Channel<UserData, Handshake>) => unknown) | undefined
  /** It has closed and nothing that its listeners began is under way any more. */
  ondestroy?: ((channel: Channel<UserData, Handshake>) => unknown) | undefined
  /** More may be sent. */
  ondrain?: ((channel: Channel<UserData, Handshake>) => unknown) | undefined
}

/** One protocol on one stream. */
export interface Channel<UserData = unknown, Handshake = unknown> {
  readonly protocol: string
  readonly aliases: readonly string[]
  readonly id: Uint8Array | null
  /** What the remote gave to `open`; `null` until then. */
  readonly handshake: Handshake | null
  readonly messages: readonly Message<unknown>[]
  userData: UserData
  /** Both sides have opened it. */
  readonly opened: boolean
  /** One side has closed it. */
  readonly closed: boolean
  /** It has closed and all that its listeners began is done. */
  readonly destroyed: boolean
  /** Whether more may be sent right now. */
  readonly drained: boolean
  /** Tells the remote that this side is ready. Messages may follow at once. */
  open(handshake?: Handshake): void
  /** Whether both sides have opened it; waits for that. */
  fullyOpened(): Promise<boolean>
  /** Waits until `destroyed`. */
  fullyClosed(): Promise<void>
  /** Adds a kind of message; `null` skips a number. */
  addMessage<Value>(options: MessageOptions<Value, UserData, Handshake>): Message<Value>
  /** Holds messages back, of all channels of the stream, until `uncork`. */
  cork(): void
  uncork(): void
  /** Closes it on both sides. */
  close(): void
}

/** Runs many protocols over one framed stream. Iterating gives the channels that this side has opened. */
export interface Protomux extends Iterable<Channel> {
  readonly isProtomux: true
  readonly stream: NoiseSecretStream
  /** How many `cork` calls are without an `uncork`. */
  readonly corked: number
  /** Whether more may be sent right now. */
  readonly drained: boolean
  /**
   * Calls `listener` whenever the remote opens a channel of this name that this side has not opened. Without
   * `id`: for any id that has no listener of its own. One listener a name; a later one replaces it.
   */
  pair(name: ChannelName, listener: PairListener): void
  /** Takes the listener of a name away. */
  unpair(name: ChannelName): void
  /** Whether a channel of this name is open on this side. */
  opened(name: ChannelName): boolean
  /** A new channel, to be opened; `null` if one of this name is there and `unique`, or the stream is destroyed. */
  createChannel<UserData = unknown, Handshake = null>(
    options: ChannelOptions<UserData, Handshake>,
  ): Channel<UserData, Handshake> | null
  /** The channel of this name that was opened last, if it still is. */
  getLastChannel(name: ChannelName): Channel | null
  /** Whether no channel is open on this side. */
  isIdle(): boolean
  /** Holds messages back until as many `uncork` calls, then sends them as one. */
  cork(): void
  uncork(): void
  /** Destroys the stream. */
  destroy(error?: Error): void
}

/** Options of a muxer. */
export interface ProtomuxOptions {
  /** Makes the buffers for messages. Default: the stream's own, so that it need not copy. */
  alloc?: ((size: number) => Uint8Array) | undefined
}

/** The class of `protomux`. */
export interface ProtomuxConstructor {
  new (stream: NoiseSecretStream, options?: ProtomuxOptions): Protomux
  /** The muxer of a stream, made if it has none yet. A muxer is returned as it is. */
  from(stream: NoiseSecretStream | Protomux, options?: ProtomuxOptions): Protomux
  /** Throws for `null`. */
  isProtomux(value: object | string | number | boolean | undefined): value is Protomux
}
