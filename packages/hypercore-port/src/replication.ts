/**
 * The undocumented parts of Protomux, of Hypercore's replication of one core and of the encrypted stream that a replicator relies on.
 * It imports none of the three, so replication without a store needs no further package.
 *
 * @packageDocumentation
 */

export {
  type AttachableCore,
  type AttachmentListener,
  attach,
  coreChannels,
  forgetListeners,
} from './replication/attachment.js'
export { ExpectedPeer } from './replication/expected-peer.js'
export { guardMessages } from './replication/message-guard.js'
export { MuxerGate, type Reader } from './replication/muxer-gate.js'
export { onDownloading } from './replication/on-downloading.js'
export { PROTOCOL } from './replication/protocol.js'
export { ShortLived } from './replication/short-lived.js'
