// Two stores of one process with a stream between them.

import { once } from 'node:events'
import type { Hypercore, ReplicationStream } from '@coreyard/hypercore-types'
import type { Store } from '../contestants/contestant.js'

export interface Connection {
  /** Settles when both ends have closed. */
  close(): Promise<void>
}

/** Replicates the open cores of two stores. */
export function connect(one: Store, other: Store): Connection {
  const near = one.replicate(true)
  const far = other.replicate(false)
  near.pipe(far).pipe(near)
  return {
    async close() {
      await Promise.all([ended(near), ended(far)])
    },
  }
}

/** Settles when a core has a peer. */
export async function hasPeer(core: Hypercore): Promise<void> {
  if (core.peers.length === 0) await once(core, 'peer-add')
}

/** Settles when a core has no peer. */
export async function hasNoPeer(core: Hypercore): Promise<void> {
  while (core.peers.length > 0) await once(core, 'peer-remove')
}

async function ended(stream: ReplicationStream): Promise<void> {
  const closed = new Promise<void>((resolve) => stream.once('close', resolve))
  stream.destroy()
  await closed
}
