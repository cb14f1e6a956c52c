// A store that something is about to go wrong with, and the check that it did no harm.

import type { Hypercore } from '@coreyard/hypercore-types'
import { expect } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { text } from './bytes.js'
import { openStoreAt } from './open-store.js'
import { newPlace, type Place } from './places.js'

export interface WorkingStore {
  readonly place: Place
  readonly store: Corestore
  /** The one core that is open, of one block; its name is `'a'`. */
  readonly core: Hypercore
  /** Checks that nothing that is stored has changed or is left behind, and that the store and its cores go on. */
  goesOn(): Promise<void>
}

export async function workingStore(): Promise<WorkingStore> {
  const place = newPlace()
  const store = openStoreAt(place)
  const core = store.get({ name: 'a' })
  await core.append('block')
  const before = await place.content()
  const goesOn = async () => {
    expect(await place.content()).toEqual(before)
    expect(store.cores.size).toBe(1)
    expect([...store.sessions]).toEqual([core])
    expect([...store.corestores]).toEqual([])
    await core.append('more')
    expect(text(await store.get({ name: 'a' }).get(1))).toBe('more')
    await store.get().append('block of a new core')
  }
  return { place, store, core, goesOn }
}

/** What a call throws; `null` if nothing. */
export function errorOf(call: () => unknown): unknown {
  try {
    call()
  } catch (error) {
    return error
  }
  return null
}
