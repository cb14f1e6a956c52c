// Where a store has been, with a core to be found.

import { emptyDirectory } from './directories.js'
import { openStoreAt } from './open-store.js'
import { newPlace, type Place, placeIn } from './places.js'

/** A place with a closed store, that has a core named `a` of one block. */
export async function storedPlace(place: Place = newPlace()): Promise<Place> {
  const store = openStoreAt(place)
  await store.get({ name: 'a' }).append('block')
  await store.close()
  return place
}

/** A directory with such a store in it. */
export async function storedDirectory(): Promise<string> {
  const directory = emptyDirectory()
  await storedPlace(placeIn(directory))
  return directory
}
