// A peer that speaks the protocol as it likes: an encrypted stream, and the messages that it makes by hand.

import type { KeyPair, NoiseSecretStream } from '@coreyard/hypercore-types'
import SecretStream from '@hyperswarm/secret-stream'
import { Transform } from 'streamx'
import { onTestFinished } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { capability } from './capability.js'

export interface AttackerOptions {
  /** Whether it reads what it is sent. Default: `true`. */
  readonly reads?: boolean
  /** Default: a new one. */
  readonly keyPair?: KeyPair
}

/** A core that an attacker opens. Without the key it can open the channel of no core that is there. */
export interface Target {
  readonly discoveryKey: Uint8Array
  readonly key?: Uint8Array
  /** Default: Hypercore's. */
  readonly protocol?: string
}

/** A stream of an attacker to a store, once its handshake is done. */
export class Attacker {
  /** The end of the attacker. */
  readonly stream: NoiseSecretStream
  /** The end of the store. */
  readonly near: NoiseSecretStream
  readonly keyPair: KeyPair
  /** The number of the channel that was opened last. */
  #channels = 0

  private constructor(stream: NoiseSecretStream, near: NoiseSecretStream, keyPair: KeyPair) {
    this.keyPair = keyPair
    this.stream = stream
    this.near = near
  }

  static async connect(
    store: Corestore,
    { reads = true, keyPair = SecretStream.keyPair() }: AttackerOptions = {},
  ): Promise<Attacker> {
    const near = new SecretStream(false)
    const stream = new SecretStream(true, null, { keyPair })
    for (const end of [near, stream]) {
      end.on('error', () => {})
      onTestFinished(() => end.destroy())
    }
    let isReading = true
    const link = new Transform({ transform: (data, callback) => isReading && callback(null, data) })
    link.on('error', () => {})
    onTestFinished(() => link.destroy())
    near.rawStream.pipe(link).pipe(stream.rawStream).pipe(near.rawStream)
    store.replicate(near)
    await Promise.all([stream.opened, near.opened])
    isReading = reads
    const attacker = new Attacker(stream, near, keyPair)
    stream.resume()
    return attacker
  }

  /** Opens channels for cores, each by a message of its own. Returns their numbers. */
  open(cores: readonly Target[]): number[] {
    return cores.map((core) => {
      this.stream.write(Buffer.concat([Buffer.from([0]), this.#openMessage(core)]))
      return this.#channels
    })
  }

  /** Opens channels for cores, all by one message. */
  openAtOnce(cores: readonly Target[]): void {
    const messages = cores.map((core) => this.#openMessage(core))
    const parts = messages.flatMap((message) => [uint(message.byteLength), message])
    this.stream.write(Buffer.concat([Buffer.from([0, 0, 0]), ...parts]))
  }

  /** Sends a message on a channel: its kind, and numbers. */
  send(channel: number, kind: number, ...numbers: number[]): void {
    this.stream.write(Buffer.concat([channel, kind, ...numbers].map(uint)))
  }

  /** Closes a channel. */
  close(channel: number): void {
    this.stream.write(Buffer.concat([0, 3, channel].map(uint)))
  }

  #openMessage({ discoveryKey, key, protocol = 'hypercore/alpha' }: Target): Uint8Array {
    this.#channels++
    const proof = key === undefined ? new Uint8Array(32) : capability(key, this.stream)
    return Buffer.concat([
      Buffer.from([1]),
      uint(this.#channels),
      Buffer.from([protocol.length]),
      Buffer.from(protocol),
      Buffer.from([32]),
      discoveryKey,
      Buffer.from([1]), // Hypercore's handshake: flags and the capability
      proof,
    ])
  }
}

/** A number as compact-encoding writes it. */
export function uint(value: number): Uint8Array {
  if (value < 0xfd) return Buffer.from([value])
  const bytes = Buffer.alloc(value <= 0xffff ? 3 : 5)
  if (value <= 0xffff) {
    bytes[0] = 0xfd
    bytes.writeUInt16LE(value, 1)
  } else {
    bytes[0] = 0xfe
    bytes.writeUInt32LE(value, 1)
  }
  return bytes
}
