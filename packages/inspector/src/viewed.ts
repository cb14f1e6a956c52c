// From what a caller gives as a store to what can be looked at.

import type { Corestore, StoreView } from '@coreyard/corestore'
import { CoreyardError } from '@coreyard/storage'
import { badArgument, storeClosed } from './errors.js'

const STORE_VIEW: unique symbol = Symbol.for('@coreyard/corestore/view')

/**
 * The inside of a store, or of the store that a session or namespace is of.
 *
 * @throws InspectorError `BAD_ARGUMENT` for what is no store of `@coreyard/corestore`, `STORE_CLOSED`
 */
export function viewOf(store: Corestore): StoreView {
  if (typeof store !== 'object' || store === null || !(STORE_VIEW in store)) {
    const given = CoreyardError.describe(store)
    throw badArgument(`The store must be a Corestore of @coreyard/corestore, not ${given}`)
  }
  if (isClosed(store)) throw storeClosed()
  return store[STORE_VIEW] as StoreView
}

/** Whether a store, or the one that has its storage, is closed or closing. */
export function isClosed(store: Corestore): boolean {
  return store.closing !== null || (store.root !== null && store.root.closing !== null)
}
