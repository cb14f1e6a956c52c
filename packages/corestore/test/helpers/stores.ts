// Stores by name: for tests that open one again without handing around where it lives.

import { onTestFinished } from 'vitest'
import type { Corestore, StoreOptions } from '../../src/index.js'
import { openStoreAt } from './open-store.js'
import { newPlace, type Place } from './places.js'

/** Where the test that runs has its stores, by their names. */
const places = new Map<string, Place>()

/**
 * A store, closed when the test has finished.
 *
 * @param name of its place, which lasts as long as the test: a store that is made by the same name after this one has closed
 *   opens what this one has stored
 */
export function createStore(name: string, options?: StoreOptions): Corestore {
  return openStoreAt(places.get(name) ?? nameNewPlace(name), options)
}

function nameNewPlace(name: string): Place {
  const place = newPlace()
  places.set(name, place)
  onTestFinished(() => {
    places.delete(name)
  })
  return place
}
