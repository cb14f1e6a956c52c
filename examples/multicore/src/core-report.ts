// A core's length and tree hash, for comparing two sides.

import type { Hypercore } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import type { CoreReport } from './messages.js'

export async function reportCores(cores: readonly Hypercore<unknown>[]): Promise<CoreReport[]> {
  return Promise.all(
    cores.map(async (core) => {
      await core.ready()
      return {
        key: hex(core.key),
        length: core.length,
        contiguousLength: core.contiguousLength,
        byteLength: core.byteLength,
        treeHash: hex(await core.treeHash()),
      }
    }),
  )
}

/** A key in hex. */
export function hex(key: Uint8Array | null): string {
  return b4a.toString(known(key), 'hex')
}

/** A key of a core that has opened: before, it may not be known. */
export function known(key: Uint8Array | null): Uint8Array {
  if (key === null) throw new Error('The core is not open yet')
  return key
}
