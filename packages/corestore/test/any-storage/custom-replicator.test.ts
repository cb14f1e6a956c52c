// A replicator of one's own in place of the default: a class of a few lines, handed to the store.

import {
  AllToAllReplicator,
  type CoreSource,
  PeerStreams,
  type ReplicableCore,
  type ReplicateOptions,
  type ReplicationTarget,
  type Replicator,
} from '@coreyard/replicator'
import { testReplicator } from '@coreyard/replicator/test'
import { describe, expect, test } from 'vitest'
import { hex } from '../helpers/bytes.js'
import { openStore, openStoreAt, writeCore } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'
import { connect, connection, reads } from '../helpers/streams.js'

/** Shares everything with everybody, and writes down what was asked for. */
class ListeningReplicator implements Replicator {
  /** Discovery keys in hex. */
  readonly asked: string[] = []
  readonly #streams = new PeerStreams({
    onstream: (peer) => {
      for (const core of this.#source?.openCores() ?? []) peer.attach(core)
    },
    onask: (peer, discoveryKey) => {
      this.asked.push(hex(discoveryKey))
      return this.#source?.withStored(discoveryKey, (core) => peer.attach(core)) ?? false
    },
  })
  #source: CoreSource | null = null

  start(source: CoreSource): void {
    this.#source = source
  }

  replicate(target: ReplicationTarget, options?: ReplicateOptions) {
    return this.#streams.open(target, options)
  }

  offer(core: ReplicableCore): void {
    for (const peer of this.#streams) peer.attach(core)
  }

  close(): Promise<void> {
    return this.#streams.close()
  }
}

describe('as a replicator', () => {
  testReplicator({ test, create: () => new ListeningReplicator() })
})

describe('in a store', () => {
  test('takes the place of the default one', async () => {
    const place = newPlace()
    const before = openStoreAt(place)
    const { key, discoveryKey } = await writeCore(before, 'stored')
    await before.close()

    const replicator = new ListeningReplicator()
    const store = openStoreAt(place, { replicator })
    const peer = openStore()
    connect(store, peer)
    await reads(peer.get(key), 'stored')
    const offered = await writeCore(store, 'offered')
    await reads(peer.get(offered.key), 'offered')
    expect(replicator.asked).toEqual([hex(discoveryKey)])
  })

  test('serves its sessions and namespaces, and closes with the store', async () => {
    const store = openStore({ replicator: new ListeningReplicator() })
    const [near] = connection()
    expect(store.namespace('inner').replicate(near)).toBe(near)
    const made = store.session().replicate(true)
    await store.close()
    expect([near.destroying, made.noiseStream.destroyed]).toEqual([false, true])
  })

  test('may be an instance of the default one', async () => {
    const store = openStore({ replicator: new AllToAllReplicator() })
    const peer = openStore()
    connect(store, peer)
    const { key } = await writeCore(store, 'core')
    await reads(peer.get(key), 'core')
  })
})
