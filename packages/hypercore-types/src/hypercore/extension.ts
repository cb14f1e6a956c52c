// Custom messages that are exchanged in addition to the blocks of a core. New packages use a Protomux channel instead.

import type { CompactEncoding, NamedEncoding } from '../bytes/encoding.js'
import type { Peer } from '../core/peer.js'

/** The handlers of an extension. */
export interface ExtensionHandlers<Message> {
  /** Default: `'binary'`. */
  encoding?: CompactEncoding<Message> | NamedEncoding | undefined
  onmessage?: ((message: Message, peer: Peer) => void) | undefined
}

/** A registered extension. */
export interface Extension<Message> {
  readonly name: string
  send(message: Message, peer: Peer): void
  /** Sends to every peer of the core. */
  broadcast(message: Message): void
  /** Unregisters the extension. */
  destroy(): void
}
