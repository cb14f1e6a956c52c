// Stores of the tests, in memory, given back when the test has finished, and windows into them.

import { Corestore } from '@coreyard/corestore'
import type { Hypercore } from '@coreyard/hypercore-types'
import {
  type ServedWindow,
  type Source,
  serveWindow,
  storeSource,
  type WindowOptions,
} from '@coreyard/window'
import RAM from 'random-access-memory'
import { onTestFinished } from 'vitest'

export function openStore(): Corestore {
  const store = new Corestore(RAM)
  onTestFinished(() => store.close())
  return store
}

/** A core with blocks. */
export async function write(store: Corestore, name: string, count = 1): Promise<Hypercore> {
  const core = store.get({ name })
  await core.append(Array.from({ length: count }, (_, index) => `block ${index}`))
  return core
}

/** Cores `core 0`, `core 1` and so on, of one block each, that are open. */
export async function fill(store: Corestore, count: number): Promise<void> {
  for (let start = 0; start < count; start += 250) {
    const size = Math.min(250, count - start)
    await Promise.all(Array.from({ length: size }, (_, index) => write(store, `core ${start + index}`)))
  }
}

/** Replicates two stores with each other. */
export function connect(one: Corestore, other: Corestore): void {
  const near = one.replicate(true)
  near.pipe(other.replicate(false)).pipe(near)
}

export async function openWindow(of: Corestore | Source, options?: WindowOptions): Promise<ServedWindow> {
  const window = await serveWindow('sights' in of ? of : storeSource(of), options)
  onTestFinished(() => window.close())
  return window
}
