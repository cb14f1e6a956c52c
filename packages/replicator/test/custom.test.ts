// A policy of one's own, made of the parts that this package exports, is a replicator as good as the default one.

import SecretStream from '@hyperswarm/secret-stream'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  type CoreSource,
  type PeerStream,
  PeerStreams,
  type ReplicableCore,
  type ReplicateOptions,
  type ReplicationTarget,
  type Replicator,
} from '../src/index.js'
import { testReplicator } from '../src/test/index.js'
import { TestStore } from '../src/test/store.js'
import { ask, connection } from '../src/test/streams.js'
import { keysOf } from '../src/test/suite.js'
import { hex, Onlooker } from './peers.js'

/** Shares a core, open or stored, with the peers that are on its list. */
class ListedPeers implements Replicator {
  readonly #list = new Set<string>()
  readonly #streams = new PeerStreams({
    onstream: (peer) => this.#offerAll(peer),
    onask: async (peer, discoveryKey) =>
      (await this.#isListed(peer, discoveryKey)) &&
      (this.#source?.withStored(discoveryKey, (core) => peer.attach(core)) ?? false),
  })
  #source: CoreSource | null = null

  permit(discoveryKey: Uint8Array, publicKey: Uint8Array): void {
    this.#list.add(`${hex(discoveryKey)} ${hex(publicKey)}`)
  }

  start(source: CoreSource): void {
    this.#source = source
  }

  replicate(target: ReplicationTarget, options?: ReplicateOptions) {
    return this.#streams.open(target, options)
  }

  offer(core: ReplicableCore): void {
    for (const peer of this.#streams) void this.#share(peer, core)
  }

  close(): Promise<void> {
    return this.#streams.close()
  }

  #offerAll(peer: PeerStream): void {
    for (const core of this.#source?.openCores() ?? []) void this.#share(peer, core)
  }

  async #share(peer: PeerStream, core: ReplicableCore): Promise<void> {
    if (await this.#isListed(peer, core.discoveryKey)) peer.attach(core)
  }

  async #isListed(peer: PeerStream, discoveryKey: Uint8Array): Promise<boolean> {
    return this.#list.has(`${hex(discoveryKey)} ${hex(await peer.remotePublicKey())}`)
  }
}

describe('a replicator with a list of peers for each core', () => {
  testReplicator({
    test,
    create: () => new ListedPeers(),
    permit: (replicator, discoveryKey, publicKey) => replicator.permit(discoveryKey, publicKey),
  })

  test('shares a core with nobody else', async () => {
    const store = await TestStore.open(new ListedPeers())
    onTestFinished(() => store.close())
    const [listed, unlisted] = [SecretStream.keyPair(), SecretStream.keyPair()]
    const { discoveryKey } = keysOf(await store.write(['for the listed']))
    store.replicator.permit(discoveryKey, listed.publicKey)

    const [near, far] = connection(undefined, listed)
    store.replicator.replicate(near)
    await new Onlooker(far).sees(discoveryKey)
    const [otherNear, otherFar] = connection(undefined, unlisted)
    const onlooker = new Onlooker(otherFar)
    store.replicator.replicate(otherNear)
    expect(await ask(otherFar, discoveryKey)).toBe(false)
    expect(onlooker.offered).toEqual([])
  })
})
