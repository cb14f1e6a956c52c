// Checks the argument `store`, and returns the view that an inspector reads.

import type { Corestore, StoreView } from '@coreyard/corestore'
import { CoreyardError } from '@coreyard/storage'
import { badArgument, storeClosed } from './errors.js'

const STORE_VIEW: unique symbol = Symbol.for('@coreyard/corestore/view')

/**
 * Returns the view of the root store of a store.
 *
 * @throws InspectorError `BAD_ARGUMENT` if `store` is not a store of `@coreyard/corestore`; `STORE_CLOSED`
 */
export function viewOf(store: Corestore): StoreView {
  if (typeof store !== 'object' || store === null || !(STORE_VIEW in store)) {
    const given = CoreyardError.describe(store)
    throw badArgument(`The store must be a Corestore of @coreyard/corestore, not ${given}`)
  }
  if (isClosed(store)) throw storeClosed()
  return store[STORE_VIEW] as StoreView
}

/** Whether a store or its root store is closed or closing. */
export function isClosed(store: Corestore): boolean {
  return store.closing !== null || (store.root !== null && store.root.closing !== null)
}
