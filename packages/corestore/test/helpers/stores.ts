// The stores of tests that do not mind what a store keeps its cores on: that is decided here, and nowhere else.

import { onTestFinished } from 'vitest'
import type { Corestore, StoreOptions } from '../../src/index.js'
import { emptyDirectory, openStoreIn } from './open-store.js'

/** Where the test that runs has its stores, by their names. */
const directories = new Map<string, string>()

/**
 * A store, closed when the test has finished.
 *
 * @param name of its storage, which lasts as long as the test: a store that is made by the same name after this one has closed
 *   opens what this one has stored
 */
export function createStore(name: string, options?: StoreOptions): Corestore {
  return openStoreIn(directories.get(name) ?? newDirectory(name), options)
}

function newDirectory(name: string): string {
  const directory = emptyDirectory()
  directories.set(name, directory)
  onTestFinished(() => {
    directories.delete(name)
  })
  return directory
}
