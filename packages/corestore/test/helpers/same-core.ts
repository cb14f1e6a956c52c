// Whether a name still means the core that it meant before.

import { expect } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { hex, text } from './bytes.js'

/** Appends to the core named `a`; its key in hex. */
export async function write(store: Corestore, block: string): Promise<string> {
  const core = store.get({ name: 'a' })
  await core.append(block)
  await core.close()
  return hex(core.key)
}

/** Checks that the core named `a` is the one with that key, and appends to it. */
export async function expectSame(store: Corestore, key: string, length = 1): Promise<void> {
  const core = store.get({ name: 'a' })
  expect(text(await core.get(0))).toBe('block')
  expect([hex(core.key), core.length, core.writable]).toEqual([key, length, true])
  await core.append('more')
  await core.close()
  await (store.root ?? store).close()
}
