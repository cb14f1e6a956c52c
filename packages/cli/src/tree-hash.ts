// The hash of the Merkle tree of a core at a length, from what is stored. `session.treeHash` asks peers for the last block where that is
// not here, and waits.

import type { Hypercore } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import HypercoreClass from 'hypercore'

/** In hex; `null` if a node that it takes is not here. */
export async function treeHashAt(session: Hypercore, length: number): Promise<string | null> {
  try {
    return b4a.toString(await HypercoreClass.treeHashFromStorage(session, length), 'hex')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'INVALID_OPERATION') return null
    throw error
  }
}
