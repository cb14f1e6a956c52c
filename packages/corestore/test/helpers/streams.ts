// Streams between the stores of a test, and blocks that come over them.

import type {
  CompactEncoding,
  Hypercore,
  NoiseSecretStream,
  ReplicationStream,
} from '@coreyard/hypercore-types'
import SecretStream from '@hyperswarm/secret-stream'
import Protomux from 'protomux'
import { expect, onTestFinished } from 'vitest'

/** Whatever makes replication streams: a store of ours, or one of Corestore 6 or 7. */
export interface Replicating {
  replicate(isInitiator: boolean): ReplicationStream
}

/** Connects two stores by streams that they make. */
export function connect(one: Replicating, other: Replicating): [ReplicationStream, ReplicationStream] {
  const near = one.replicate(true)
  const far = other.replicate(false)
  near.pipe(far).pipe(near)
  return [near, far]
}

/** The two ends of a connection that somebody else made, as a swarm hands it in; it ends with the test. */
export function connection(): [NoiseSecretStream, NoiseSecretStream] {
  const near = new SecretStream(true)
  const far = new SecretStream(false)
  for (const end of [near, far]) {
    // Until a muxer listens, an error would be thrown.
    end.on('error', () => {})
    onTestFinished(() => end.destroy())
  }
  near.rawStream.pipe(far.rawStream).pipe(near.rawStream)
  return [near, far]
}

/** Writes down the messages that come over a stream, decrypted. Empty ones keep the connection alive, and say nothing. */
export function recordBytes(stream: NoiseSecretStream): Uint8Array[] {
  const received: Uint8Array[] = []
  stream.on('data', (data) => {
    if (data.byteLength > 0) received.push(Uint8Array.from(data))
  })
  return received
}

/** Waits until a stream has closed. */
export async function closed(stream: ReplicationStream): Promise<void> {
  if (stream.destroyed) return
  await new Promise<void>((resolve) => stream.once('close', resolve))
}

/** Waits for a block of a core, and checks it. */
export async function reads(core: Hypercore, block: string, index = 0): Promise<void> {
  const bytes = await core.get(index)
  expect(Buffer.from(bytes).toString()).toBe(block)
}

/**
 * Asks the other end for a core by its discovery key alone.
 *
 * @returns whether it was answered; if so, the other end closes the stream, because the capability is missing
 */
export async function ask(stream: NoiseSecretStream, discoveryKey: Uint8Array): Promise<boolean> {
  const channel = Protomux.from(stream).createChannel<null, Uint8Array>({
    protocol: 'hypercore/alpha',
    id: discoveryKey,
    handshake: bytes33,
  })
  if (channel === null) throw new Error('The stream is destroyed')
  channel.open(new Uint8Array(33))
  return channel.fullyOpened()
}

/** Hypercore's handshake as bytes: one of flags, and the capability (32 bytes). */
const bytes33: CompactEncoding<Uint8Array> = {
  preencode(state) {
    state.end += 33
  },
  encode(state, bytes) {
    state.buffer?.set(bytes, state.start)
    state.start += 33
  },
  decode(state) {
    state.start += 33
    return new Uint8Array(33)
  },
}
