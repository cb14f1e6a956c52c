// The namespaces that stand for themselves, and the check of one that a caller gives.

import type { Bytes } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import { badArgument, describe } from '../errors/errors.js'
import { copied } from './copied-options.js'
import { isKey } from './core-options.js'

/** 32 bytes: the namespace of a store that is given none. */
export const ROOT_NAMESPACE: Bytes = copied(b4a.alloc(32))

/** 32 bytes: the namespace of names that have no alias in their own. No store has it; see `readNamespace`. */
export const OTHER_NAMES: Uint8Array = b4a.from('coreyard/names-that-are-not-text')

/** Checks a namespace, 32 bytes, and copies it. Throws BAD_ARGUMENT. */
export function readNamespace(namespace: Uint8Array): Bytes {
  if (isKey(namespace)) {
    if (!b4a.equals(namespace, OTHER_NAMES)) return copied(namespace)
    throw badArgument('namespace must be another one: this one is kept for names that are not text')
  }
  throw badArgument(
    `namespace must be 32 bytes, not ${describe(namespace)}: store.namespace(name) makes one of a name`,
  )
}
