// The options of a replication stream.

import type { EncryptedStream, NoiseSecretStreamOptions } from '../noise-stream.js'

/** Options of `replicate`. */
export interface ReplicateOptions extends Omit<NoiseSecretStreamOptions, 'keepAlive'> {
  /** The stream to replicate over. Default: a new one. */
  stream?: EncryptedStream | undefined
  /**
   * How often an empty message is sent, in milliseconds; `false` for never. Both sides must send them, or neither. Default:
   * 5000, unless the stream has an interval.
   */
  keepAlive?: number | false | undefined
}

/** Options of `Hypercore.createProtocolStream`. */
export interface ProtocolStreamOptions extends ReplicateOptions {
  /**
   * Called with the discovery key (32 bytes) of a core that the remote requests and that is not attached to the stream.
   * Attach that core before returning, or before the promise resolves.
   */
  ondiscoverykey?: ((discoveryKey: Uint8Array) => unknown) | undefined
}
