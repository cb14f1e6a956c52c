// The replicator: shares a core with the peers on its list, and with nobody else. Streams are kept by `PeerStreams`; what is
// left to say is which core goes where.

import {
  type CoreSource,
  type PeerStream,
  PeerStreams,
  type ReplicableCore,
  type ReplicateOptions,
  type ReplicationTarget,
  type Replicator,
} from '@coreyard/replicator'

/**
 * Shares each core only with the peers that are allowed to have it. Peers are known by the public key that the handshake
 * of their stream has proved.
 */
export class GuestList implements Replicator {
  /** Public keys by discovery key, in hex. */
  readonly #guests = new Map<string, Set<string>>()
  readonly #streams = new PeerStreams({
    onstream: (peer) => this.#welcome(peer),
    onask: (peer, discoveryKey) => this.#answer(peer, discoveryKey),
  })
  #source: CoreSource | null = null

  /**
   * Lets a peer have a core, from now on: if it is connected already, it gets it at once.
   *
   * @param discoveryKey 32 bytes: the core's
   * @param publicKey 32 bytes: the peer's
   */
  allow(discoveryKey: Uint8Array, publicKey: Uint8Array): void {
    const core = toHex(discoveryKey)
    const guests = this.#guests.get(core) ?? new Set()
    this.#guests.set(core, guests.add(toHex(publicKey)))
    for (const peer of this.#streams) this.#welcome(peer)
  }

  // The store calls the methods from here on.

  start(source: CoreSource): void {
    this.#source = source
  }

  replicate(target: ReplicationTarget, options?: ReplicateOptions) {
    return this.#streams.open(target, options)
  }

  /** A core has opened or is wanted here: offered to every peer that may have it. */
  offer(core: ReplicableCore): void {
    for (const peer of this.#streams) this.#share(peer, [core])
  }

  close(): Promise<void> {
    return this.#streams.close()
  }

  /** Offers a peer what is open and it may have. */
  #welcome(peer: PeerStream): void {
    this.#share(peer, this.#source?.openCores() ?? [])
  }

  async #share(peer: PeerStream, cores: Iterable<ReplicableCore>): Promise<void> {
    const publicKey = await peer.remotePublicKey()
    for (const core of cores) {
      if (this.#mayHave(publicKey, core.discoveryKey)) peer.attach(core)
    }
  }

  /** A peer asks for a core that it has not been offered: opened for it, if it is stored and the peer may have it. */
  async #answer(peer: PeerStream, discoveryKey: Uint8Array) {
    if (!this.#mayHave(await peer.remotePublicKey(), discoveryKey)) return false
    return this.#source?.withStored(discoveryKey, (core) => peer.attach(core)) ?? false
  }

  #mayHave(publicKey: Uint8Array | null, discoveryKey: Uint8Array): boolean {
    return publicKey !== null && this.#guests.get(toHex(discoveryKey))?.has(toHex(publicKey)) === true
  }
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
