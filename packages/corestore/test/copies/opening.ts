// Stores in places that are copied.

import { onTestFinished } from 'vitest'
import { Corestore, type StoreOptions } from '../../src/index.js'
import type { CopiedPlace } from './copied-places.js'

/**
 * Waits for ever where a store asks its peers: a test that passes shows that it did not wait, or that a peer answered, however long that
 * took.
 */
export const NEVER: StoreOptions = { recovery: { timeout: Number.POSITIVE_INFINITY } }

/** A store in that place, closed when the test has finished. */
export function openIn(
  { storage, options }: Pick<CopiedPlace, 'storage' | 'options'>,
  more: StoreOptions = {},
): Corestore {
  const store = new Corestore(storage, { ...options, ...more })
  onTestFinished(() => store.close())
  return store
}
