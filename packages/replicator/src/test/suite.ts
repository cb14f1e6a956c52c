// What the tests of a replicator have in common: two stores for each test, a core that both may share, and the check that it arrived.

import assert from 'node:assert/strict'
import type { Hypercore } from '@coreyard/hypercore-types'
import type { Replicator } from '../replicator.js'
import { TestStore } from './store.js'

/** What the tests need to know of the replicator under test. */
export interface ComplianceOptions<R extends Replicator> {
  /** Registers a test: the `test` of Vitest, `node:test` or any other runner. */
  test: (name: string, run: () => Promise<void>) => unknown
  /** Makes a replicator, for one test store. */
  create: () => R
  /**
   * Called before a core is shared, for a replicator that needs a permission first. `discoveryKey` and `remotePublicKey` are 32 bytes each.
   * Omit it if your replicator shares everything.
   */
  permit?: (replicator: R, discoveryKey: Uint8Array, remotePublicKey: Uint8Array) => void
}

/** The key and the discovery key of a core. Both are known once it is open. */
export interface CoreKeys {
  readonly key: Uint8Array
  readonly discoveryKey: Uint8Array
}

/** Registers tests of one kind of replicator. */
export class Suite<R extends Replicator> {
  readonly #options: ComplianceOptions<R>

  constructor(options: ComplianceOptions<R>) {
    this.#options = options
  }

  /** Registers a test that gets two stores. They are closed after it, even if it fails. */
  test(name: string, run: (one: TestStore<R>, other: TestStore<R>) => Promise<void>): void {
    const { test, create } = this.#options
    test(name, async () => {
      const one = await TestStore.open(create())
      const other = await TestStore.open(create())
      try {
        await run(one, other)
      } finally {
        await one.close()
        await other.close()
      }
    })
  }

  /** Makes two stores share a core with each other. */
  share(session: Hypercore, one: TestStore<R>, other: TestStore<R>): CoreKeys {
    const keys = keysOf(session)
    this.permit(one, keys.discoveryKey, other)
    this.permit(other, keys.discoveryKey, one)
    return keys
  }

  /** Makes a store share a core with another. */
  permit(store: TestStore<R>, discoveryKey: Uint8Array, peer: TestStore<R>): void {
    this.#options.permit?.(store.replicator, discoveryKey, peer.identity.publicKey)
  }

  /** Writes a core in one store and reads it in the other, over an existing stream. */
  async exchange(writer: TestStore<R>, reader: TestStore<R>): Promise<void> {
    const { key } = this.share(await writer.write(['shared']), writer, reader)
    await reads(await reader.get(key), 'shared')
  }
}

/** Waits for a block of a core, and checks it. */
export async function reads(session: Hypercore, block: string, index = 0): Promise<void> {
  const bytes = await session.get(index)
  assert.equal(bytes && Buffer.from(bytes).toString(), block)
}

/** The keys of a session that is open. */
export function keysOf({ key, discoveryKey }: Hypercore): CoreKeys {
  assert.ok(key !== null && discoveryKey !== null)
  return { key, discoveryKey }
}
