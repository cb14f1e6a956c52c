// In a browser there are no directories, in which a store of another engine could be.

import type { EngineName } from '../argument/storage-options.js'

export function engineFor(): EngineName {
  return 'random-access'
}

export async function expectNoRocks(): Promise<void> {}
