// What happens in a run: a typed list, drawn before the run begins. Every operation is complete in itself, so that any of them
// can be left out: what is cut heals again, what crashes opens again.

import type { Loss } from '../machine/mounted-disk.js'
import type { Conditions } from '../network/wire.js'

/** What a core is got by. */
export type Via = 'name' | 'key' | 'discoveryKey'

/** Machines, cores and links by their index in the options of the run. Times in milliseconds. */
export type Operation = {
  /** How long after the one before it begins. */
  readonly wait: number
} & (WriteOperation | ReadOperation | LifeOperation | NetworkOperation)

/** By the machine that has the core's secret key, except for clearing and deleting. */
export type WriteOperation =
  | {
      readonly kind: 'append'
      readonly core: number
      readonly via: Via
      /** Bytes of each block. */
      readonly sizes: readonly number[]
      /** Whether through a session of the store that closes afterwards. */
      readonly session: boolean
    }
  /** `count` blocks less. */
  | { readonly kind: 'truncate'; readonly core: number; readonly via: Via; readonly count: number }
  /** Appends one block in an exclusive session that is held for `hold`. */
  | { readonly kind: 'exclusive'; readonly core: number; readonly size: number; readonly hold: number }
  | {
      readonly kind: 'clear'
      readonly machine: number
      readonly core: number
      /** Where, from 0 to 1. */
      readonly at: number
      readonly count: number
    }
  | { readonly kind: 'delete'; readonly machine: number; readonly core: number; readonly force: boolean }

export type ReadOperation =
  | {
      readonly kind: 'read'
      readonly machine: number
      readonly core: number
      readonly via: Via
      /** Where, from 0 to 1. */
      readonly at: number
      readonly timeout: number
      readonly session: boolean
    }
  /** Downloads the core, and whatever is appended to it, until told otherwise. */
  | { readonly kind: 'follow'; readonly machine: number; readonly core: number }
  | { readonly kind: 'unfollow'; readonly machine: number; readonly core: number }
  | { readonly kind: 'list'; readonly machine: number }
  | { readonly kind: 'audit'; readonly machine: number }

export type LifeOperation =
  | { readonly kind: 'flush'; readonly machine: number }
  | { readonly kind: 'suspend'; readonly machine: number; readonly pause: number }
  | { readonly kind: 'reopen'; readonly machine: number; readonly pause: number }
  /** Makes a copy of the store, works on for `meanwhile`, and goes on from the copy in place of the store. */
  | {
      readonly kind: 'restore'
      readonly machine: number
      /** By `backup`, or of the disk, without the knowledge of the store. */
      readonly by: 'backup' | 'image'
      readonly meanwhile: number
      readonly pause: number
    }
  | {
      readonly kind: 'crash'
      readonly machine: number
      readonly loss: Loss
      /** During which of the disk's writes and syncs to come. */
      readonly calls: number
      readonly pause: number
    }

export type NetworkOperation =
  | { readonly kind: 'cut'; readonly link: number; readonly pause: number }
  | { readonly kind: 'slow'; readonly link: number; readonly conditions: Conditions; readonly pause: number }
  | {
      readonly kind: 'authorize'
      readonly machine: number
      readonly core: number
      readonly peer: number
      readonly permit: boolean
    }

/** An operation in one line. */
export function describe(operation: Operation): string {
  const { kind, wait: _, ...rest } = operation
  return `${kind} ${JSON.stringify(rest)}`
}
