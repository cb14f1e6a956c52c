// Stores in places of their own, closed when the test has finished.

import type { Hypercore } from '@coreyard/hypercore-types'
import { onTestFinished } from 'vitest'
import { Corestore, type StoreOptions } from '../../src/index.js'
import { newPlace, type Place, placeIn } from './places.js'

/** A store in a new place. */
export function openStore(options?: StoreOptions): Corestore {
  return openStoreAt(newPlace(), options)
}

/** A store in that place. */
export function openStoreAt(place: Place, options?: StoreOptions): Corestore {
  const store = new Corestore(place.storage, { ...place.options, ...options })
  onTestFinished(() => store.close())
  return store
}

/** A store in that directory, with the engine of the project. */
export function openStoreIn(directory: string, options?: StoreOptions): Corestore {
  return openStoreAt(placeIn(directory), options)
}

/** What a core is called; it must be open. */
export function keysOf({ key, discoveryKey }: Hypercore): { key: Uint8Array; discoveryKey: Uint8Array } {
  if (key === null || discoveryKey === null) throw new Error('The core is not open')
  return { key, discoveryKey }
}

/** Has a store write one block to a new core. */
export async function writeCore(
  store: Corestore,
  name: string,
  block = name,
): Promise<{ key: Uint8Array; discoveryKey: Uint8Array }> {
  const core = store.get({ name })
  await core.append(block)
  return keysOf(core)
}

/** Numbers from 0 to `count`, exclusive. */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}
