/**
 * What a replicator relies on in Protomux, in Hypercore's replication of one core and in the encrypted stream, without their promising it.
 * It imports none of the three: whoever replicates without a store installs no more than these files.
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
