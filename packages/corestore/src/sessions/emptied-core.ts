// `get` with `overwrite: true`: the core stays the same one, and loses its blocks.

import { type KnownCore, SessionClass } from '@coreyard/hypercore-port'
import type { KeyPair } from '@coreyard/hypercore-types'

/**
 * Empties an open core. Hypercore's own way makes another core of it, or lets its next blocks contradict what peers have of it. So one
 * that can be signed goes on in its next fork, which peers take on. Of any other only the copy that is stored here is emptied.
 *
 * @param keyPair signs it, if it is not the one stored with the core
 * @param exclusive whether to wait until no exclusive session is open
 */
export async function emptyCore(core: KnownCore, keyPair: KeyPair | null, exclusive: boolean): Promise<void> {
  const session = new SessionClass(null, { core, keyPair, exclusive, active: false })
  try {
    await session.ready()
    if (session.length === 0) return
    const isSigned = Boolean(session.keyPair?.secretKey)
    await session.truncate(0, { fork: isSigned ? session.fork + 1 : session.fork })
  } finally {
    await session.close()
  }
}
