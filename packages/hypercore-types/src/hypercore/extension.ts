// Messages of your own beside the blocks of a core. Kept for older packages; a Protomux channel is the newer way.

import type { CompactEncoding, NamedEncoding } from '../bytes/encoding.js'
import type { Peer } from '../core/peer.js'

/** How an extension's messages are taken. */
export interface ExtensionHandlers<Message> {
  /** Default: `'binary'`. */
  encoding?: CompactEncoding<Message> | NamedEncoding | undefined
  onmessage?: ((message: Message, peer: Peer) => void) | undefined
}

/** An extension that is registered. */
export interface Extension<Message> {
  readonly name: string
  send(message: Message, peer: Peer): void
  /** Sends to every peer of the core. */
  broadcast(message: Message): void
  /** Takes it away again. */
  destroy(): void
}
