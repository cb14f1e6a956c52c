// What the tests of the default replicator share: stores that close with their test, and a peer that only looks on.

import type { NoiseSecretStream } from '@coreyard/hypercore-types'
import Protomux from 'protomux'
import { onTestFinished } from 'vitest'
import { type AllToAllOptions, AllToAllReplicator } from '../src/index.js'
import { TestStore } from '../src/test/store.js'

/** A store with the default replicator, closed after the test. */
export async function openStore(options?: AllToAllOptions): Promise<TestStore<AllToAllReplicator>> {
  const store = await TestStore.open(new AllToAllReplicator(options))
  onTestFinished(() => store.close())
  return store
}

/** What a peer without any core learns: the discovery keys (hex) that it is offered, in order. */
export class Onlooker {
  readonly offered: string[] = []
  #wake = () => {}

  constructor(stream: NoiseSecretStream) {
    Protomux.from(stream).pair({ protocol: 'hypercore/alpha' }, (id) => {
      this.offered.push(hex(id))
      this.#wake()
    })
  }

  /** Waits until it is offered a core. */
  async sees(discoveryKey: Uint8Array | null): Promise<void> {
    while (!this.offered.includes(hex(discoveryKey))) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
}

export function hex(bytes: Uint8Array | null): string {
  return Buffer.from(bytes ?? []).toString('hex')
}

/** Waits for the next `warning` of a stream. */
export function warning(stream: NoiseSecretStream): Promise<unknown> {
  return new Promise((resolve) => stream.once('warning', resolve))
}

/** A promise, and what resolves it. */
export function deferred<T = void>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

/** Waits until a condition holds, which no event tells of. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}
