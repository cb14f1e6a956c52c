// The store's option `recovery`, and its check.

import { badArgument, describe } from '../errors/errors.js'
import { refuseMisspelled } from './option-names.js'

/**
 * What happens before a core is opened or written if its peers may have newer blocks: in a copied store, and in one that was not closed.
 */
export interface RecoveryOptions {
  /** Milliseconds without a peer, or without an answer from one, after which the wait ends. `Infinity`: it never ends. Default: 3000. */
  timeout?: number | undefined
  /** Milliseconds for which the peers must have had nothing newer. Default: 1000. */
  settle?: number | undefined
  /**
   * What an append or a truncation in a copied store does if no peer has answered: `'fail'` rejects with `RECOVERING`, `'append'` writes as
   * if there were nothing newer. In a store that is not a copy, the write always goes ahead. Default: `'fail'`.
   */
  withoutPeers?: 'fail' | 'append' | undefined
}

const NAMES: ReadonlySet<string> = new Set<keyof RecoveryOptions>(['timeout', 'settle', 'withoutPeers'])

export type Waits = Required<RecoveryOptions>

/** Checks the store's option. @throws CorestoreError `BAD_ARGUMENT` */
export function readRecovery(option: RecoveryOptions | false | undefined): Waits | false {
  if (option === false) return false
  if (option !== undefined && (typeof option !== 'object' || option === null)) {
    throw badArgument(`recovery must be false or an object, not ${describe(option)}`)
  }
  refuseMisspelled(option ?? {}, NAMES)
  const { timeout = 3000, settle = 1000, withoutPeers = 'fail' } = option ?? {}
  for (const [name, value] of Object.entries({ timeout, settle })) {
    if (typeof value === 'number' && value >= 0) continue
    throw badArgument(`recovery.${name} must be milliseconds from 0, or Infinity, not ${describe(value)}`)
  }
  if (withoutPeers !== 'fail' && withoutPeers !== 'append') {
    throw badArgument(`recovery.withoutPeers must be 'fail' or 'append', not ${describe(withoutPeers)}`)
  }
  return { timeout, settle, withoutPeers }
}
