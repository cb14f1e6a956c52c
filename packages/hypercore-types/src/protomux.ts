// Protomux: many protocols over one stream of framed messages. Each protocol defines its own messages.

import type { CompactEncoding } from './bytes/encoding.js'
import type { NoiseSecretStream } from './noise-stream.js'

/** Names a channel: both sides open the same protocol and id. */
export interface ChannelName {
  /** For example `'hypercore/alpha'`. */
  protocol: string
  /** Any bytes, to have many channels of one protocol; Hypercore uses the discovery key. Default: none. */
  id?: Uint8Array | null | undefined
}

/** Called when the remote opens a channel. Create and open the channel before returning or resolving, or it is refused. */
export type PairListener = (id: Uint8Array | null) => unknown

/** Options of one kind of message of a channel. */
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
  /** Sends `value`. Returns whether more can be sent now, and `false` if the channel has closed. */
  send(value: Value): boolean
}

/** Options of a channel. */
export interface ChannelOptions<UserData = unknown, Handshake = unknown> extends ChannelName {
  /** Other names of the protocol that the remote may use. */
  aliases?: readonly string[] | undefined
  /** Whether there may be only one channel of this name. Default: `true`. */
  unique?: boolean | undefined
  /** The encoding of the value that each side passes to `open`. Default: there is no such value. */
  handshake?: CompactEncoding<Handshake> | null | undefined
  /** The kinds of messages, in the same order on both sides. More can be added with `addMessage`. */
  messages?: readonly (MessageOptions<unknown, UserData, Handshake> | null)[] | undefined
  userData?: UserData | undefined
  /** Called when both sides have opened the channel. `handshake` is the remote's; `null` if there is none. */
  onopen?: ((handshake: Handshake, channel: Channel<UserData, Handshake>) => unknown) | undefined
  /** Called when the remote or this side has closed the channel; no more messages are sent. */
  onclose?: ((isRemote: boolean, channel: Channel<UserData, Handshake>) => unknown) | undefined
  /** Called when the channel has closed and all asynchronous work of its listeners is done. */
  ondestroy?: ((channel: Channel<UserData, Handshake>) => unknown) | undefined
  /** Called when more can be sent. */
  ondrain?: ((channel: Channel<UserData, Handshake>) => unknown) | undefined
}

/** One protocol on one stream. */
export interface Channel<UserData = unknown, Handshake = unknown> {
  readonly protocol: string
  readonly aliases: readonly string[]
  readonly id: Uint8Array | null
  /** The value that the remote passed to `open`; `null` until then. */
  readonly handshake: Handshake | null
  readonly messages: readonly Message<unknown>[]
  userData: UserData
  /** Whether both sides have opened it. */
  readonly opened: boolean
  /** Whether one side has closed it. */
  readonly closed: boolean
  /** Whether it has closed and all asynchronous work of its listeners is done. */
  readonly destroyed: boolean
  /** Whether more may be sent right now. */
  readonly drained: boolean
  /** Opens the channel on this side. Messages may follow immediately. */
  open(handshake?: Handshake): void
  /** Waits until both sides have opened it. Resolves with `false` if it closed before. */
  fullyOpened(): Promise<boolean>
  /** Waits until `destroyed`. */
  fullyClosed(): Promise<void>
  /** Adds a kind of message; `null` skips a number. */
  addMessage<Value>(options: MessageOptions<Value, UserData, Handshake>): Message<Value>
  /** Holds back the messages of all channels of the stream until `uncork`. */
  cork(): void
  uncork(): void
  /** Closes it on both sides. */
  close(): void
}

/** Runs many protocols over one framed stream. Iterating yields the channels that this side has opened. */
export interface Protomux extends Iterable<Channel> {
  readonly isProtomux: true
  readonly stream: NoiseSecretStream
  /** How many `cork` calls are without an `uncork`. */
  readonly corked: number
  /** Whether more may be sent right now. */
  readonly drained: boolean
  /**
   * Calls `listener` whenever the remote opens a channel of this name that this side has not opened. Without
   * `id`, it is called for every id without its own listener. Each name has one listener; a later one replaces it.
   */
  pair(name: ChannelName, listener: PairListener): void
  /** Removes the listener of a name. */
  unpair(name: ChannelName): void
  /** Whether a channel of this name is open on this side. */
  opened(name: ChannelName): boolean
  /** Creates a channel, to be opened. Returns `null` if there is a `unique` channel of this name, or the stream is destroyed. */
  createChannel<UserData = unknown, Handshake = null>(
    options: ChannelOptions<UserData, Handshake>,
  ): Channel<UserData, Handshake> | null
  /** Returns the last opened channel of this name, if it is still open. */
  getLastChannel(name: ChannelName): Channel | null
  /** Whether no channel is open on this side. */
  isIdle(): boolean
  /** Holds back messages until `uncork` was called as often as `cork`, then sends them together. */
  cork(): void
  uncork(): void
  /** Destroys the stream. */
  destroy(error?: Error): void
}

/** Options of a muxer. */
export interface ProtomuxOptions {
  /** Allocates the buffers for messages. Default: the `alloc` of the stream, which avoids a copy. */
  alloc?: ((size: number) => Uint8Array) | undefined
}

/** The class of `protomux`. */
export interface ProtomuxConstructor {
  new (stream: NoiseSecretStream, options?: ProtomuxOptions): Protomux
  /** Returns the muxer of a stream, and creates it if there is none. A muxer is returned unchanged. */
  from(stream: NoiseSecretStream | Protomux, options?: ProtomuxOptions): Protomux
  /** Throws for `null`. */
  isProtomux(value: object | string | number | boolean | undefined): value is Protomux
}
