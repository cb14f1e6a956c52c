// The first checks: the store, and the core in it.

import type { Case } from './case.js'
import { type Finding, note, ok, problem } from './finding.js'

/** RocksDB writes files of some megabytes, so writes soon fail if fewer bytes than this are free. */
const LEAST_FREE = 16 * 1024 * 1024

export function suspended({ suspended: isSuspended }: Case): Finding {
  return isSuspended
    ? problem('SUSPENDED', 'The store is suspended: it reads and writes nothing.', 'Call store.resume().')
    : ok('NOT_SUSPENDED', 'The store is not suspended.')
}

export function disk({ disk: space }: Case): Finding {
  const free = space?.free ?? null
  if (free === null || free >= LEAST_FREE) return ok('DISK_HAS_SPACE', 'The disk has space.', { free })
  const sentence = `The disk is full or nearly so: ${free} bytes are free. Blocks that come cannot be stored.`
  return problem(
    'DISK_FULL',
    sentence,
    'Make space on the disk, and open the store again if it goes on failing.',
    { free },
  )
}

export function stored({ stored: isStored, core, isDiscoveryKey, discoveryKey }: Case): Finding {
  if (isDiscoveryKey) {
    return problem(
      'IS_DISCOVERY_KEY',
      'What was given is the discovery key of a stored core. A peer needs the key to read it.',
      'Give the key of the core to the peer, and to this check.',
      { discoveryKey },
    )
  }
  if (core !== null || isStored !== false)
    return ok('STORED', 'The store knows the core.', { stored: isStored })
  return problem(
    'NOT_STORED',
    'The store does not have the core, and nobody here has opened it.',
    'Check the key. Open the core with store.get(key) to download it.',
    { discoveryKey },
  )
}

export function conflict({ conflict: found }: Case): Finding {
  if (found === null) return ok('NO_CONFLICT', 'No peer has proved another history of the core.')
  const { length, fork, time } = found
  return problem(
    'CONFLICT',
    `A peer has proved another history of the core, signed by its writer, for the length ${length}. The core was closed.`,
    'Two stores have written the core. Only one of them may: go on with a new core.',
    { length, fork, time },
  )
}

export function open({ core }: Case): Finding {
  if (core !== null) return ok('OPEN', 'The core is open.', { state: core.state, sessions: core.sessions })
  return note(
    'NOT_OPEN',
    'The core is stored and not open: it is served to peers that ask, and downloads nothing.',
    'Open it with store.get(key) to announce it and to download.',
  )
}

export function active({ core, links }: Case): Finding {
  if (core === null || (core.active && core.downloading) || core.peers > 0)
    return ok('ACTIVE', 'The core is announced, or has peers.')
  const evidence = { active: core.active, sessions: core.sessions, streams: links.length }
  return note(
    'NOT_ACTIVE',
    'No session of the core is active: it is served to peers that ask, and not announced.',
    'Open a session without active: false, of a store without it.',
    evidence,
  )
}

export function encryption({ core }: Case): Finding {
  const encrypted = core?.encrypted ?? null
  return ok('ENCRYPTION', 'Blocks replicate as they are stored: only readers need the encryption key.', {
    encrypted,
  })
}
