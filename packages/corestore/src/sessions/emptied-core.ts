// `get` with `overwrite: true`: the core keeps its key and loses its blocks.

import { type KnownCore, SessionClass } from '@coreyard/hypercore-port'
import type { KeyPair } from '@coreyard/hypercore-types'

/**
 * Empties an open core. Hypercore's own `overwrite` would make another core of it, or make its next blocks contradict those of peers. So a
 * core that can be signed continues in its next fork, which peers accept. Of any other core, only the copy that is stored here is emptied.
 *
 * @param keyPair signs the fork, if it is not the one stored with the core
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
