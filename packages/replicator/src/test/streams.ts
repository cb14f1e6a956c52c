// Streams between the stores of a test, and a request for a core without its key.

import type { KeyPair, NoiseSecretStream, ReplicationStream } from '@coreyard/hypercore-types'
import SecretStream from '@hyperswarm/secret-stream'
import Protomux from 'protomux'
import type { Replicator } from '../replicator.js'
import type { TestStore } from './store.js'

/** Makes the two ends of a connection, as a swarm passes them to `replicate`. */
export function connection(one?: KeyPair, other?: KeyPair): [NoiseSecretStream, NoiseSecretStream] {
  const near = new SecretStream(true, null, { keyPair: one })
  const far = new SecretStream(false, null, { keyPair: other })
  // Until a muxer listens, an error would be thrown.
  for (const end of [near, far]) end.on('error', () => {})
  join(near.rawStream, far.rawStream)
  return [near, far]
}

/** Connects two stores by streams that they make, each with its identity. */
export function connect<R extends Replicator, S extends Replicator>(
  one: TestStore<R>,
  other: TestStore<S>,
): [ReplicationStream, ReplicationStream] {
  const near = one.replicator.replicate(true, { keyPair: one.identity })
  const far = other.replicator.replicate(false, { keyPair: other.identity })
  join(near, far)
  return [near, far]
}

/** Pipes two streams into each other. */
export function join(one: ReplicationStream, other: ReplicationStream): void {
  one.pipe(other).pipe(one)
}

/** Waits until a stream has closed. */
export async function closed(stream: ReplicationStream): Promise<void> {
  if (stream.destroyed) return
  await new Promise<void>((resolve) => stream.once('close', resolve))
}

/**
 * Asks the other end for a core by its discovery key alone.
 *
 * @returns whether it was answered; if not, the stream can go on being used
 */
export async function ask(stream: NoiseSecretStream, discoveryKey: Uint8Array): Promise<boolean> {
  await stream.opened
  const channel = Protomux.from(stream).createChannel({ protocol: 'hypercore/alpha', id: discoveryKey })
  if (channel === null) throw new Error('The stream is destroyed, or the core has a channel on it')
  channel.open()
  return channel.fullyOpened()
}
