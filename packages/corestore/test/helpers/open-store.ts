// Stores in temporary directories, closed and removed when the test has finished.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hypercore } from '@coreyard/hypercore-types'
import { onTestFinished } from 'vitest'
import { Corestore, type StoreOptions } from '../../src/index.js'

/** A new empty directory. */
export function emptyDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'coreyard-corestore-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** A store in a directory of its own. */
export function openStore(options?: StoreOptions): Corestore {
  return openStoreIn(emptyDirectory(), options)
}

/** A store in that directory. */
export function openStoreIn(directory: string, options?: StoreOptions): Corestore {
  const store = new Corestore(directory, options)
  onTestFinished(() => store.close())
  return store
}

/** What a core is called; it must be open. */
export function keysOf({ key, discoveryKey }: Hypercore): { key: Uint8Array; discoveryKey: Uint8Array } {
  if (key === null || discoveryKey === null) throw new Error('The core is not open')
  return { key, discoveryKey }
}

/** Has a store write one block to a new core. */
export async function writeCore(
  store: Corestore,
  name: string,
  block = name,
): Promise<{ key: Uint8Array; discoveryKey: Uint8Array }> {
  const core = store.get({ name })
  await core.append(block)
  return keysOf(core)
}

/** Numbers from 0 to `count`, exclusive. */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}
