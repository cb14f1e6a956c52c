// The last checks: a channel is open on both sides; do blocks arrive?

import type { Peer } from '@coreyard/hypercore-types'
import type { Case } from './case.js'
import { type Finding, note, ok, problem } from './finding.js'

export function fork({ core, links }: Case): Finding {
  const own = core?.fork ?? 0
  const forks = peersOf(links).map(({ remoteFork }) => remoteFork)
  const evidence = { fork: own, newest: Math.max(own, ...forks) }
  if (forks.some((fork) => fork === own)) return ok('SAME_FORK', 'A peer has the same history.', evidence)
  if (forks.every((fork) => fork < own)) {
    return note(
      'PEER_ON_OLDER_FORK',
      'The core was truncated here, and no peer has taken that on yet.',
      'Wait until a peer has the new history. One with allowFork: false never does.',
      evidence,
    )
  }
  return note(
    'BEHIND_FORK',
    'A peer has a newer history: its core was truncated, and this store has not taken that on yet.',
    'Wait, or call core.update(). A core with allowFork: false never takes it on.',
    evidence,
  )
}

export function blocks({ core, links, waiting, patience }: Case): Finding {
  if (core === null) return ok('COMPLETE', 'The core is not open: nothing is downloaded.')
  const { total, have, want } = core.progress
  const peers = peersOf(links)
  const evidence = { total, have, want, waiting }
  if (have >= total) return ok('COMPLETE', 'All blocks that are known are here.', evidence)
  if (want === 0) {
    return note(
      'NOTHING_ASKED',
      `${total - have} of ${total} blocks are not here, and nothing asks for them: a core downloads what it is asked for.`,
      'Read blocks with core.get, or call core.download().',
      evidence,
    )
  }
  if (peers.every(({ remoteUploading }) => !remoteUploading)) {
    const remedy = 'Wait for a peer that answers requests.'
    return problem(
      'PEER_DOES_NOT_SERVE',
      'Blocks are wanted, and no peer answers requests.',
      remedy,
      evidence,
    )
  }
  if (waiting === null) {
    return problem(
      'NO_PEER_HAS_IT',
      `${want} blocks are wanted, and no connected peer is known to have them.`,
      'Connect to a peer that has them: the writer, or a mirror.',
      evidence,
    )
  }
  if (waiting > patience) {
    return problem(
      'STALLED',
      `A peer was asked for blocks ${waiting} ms ago, and has not answered.`,
      'Look at the round trip and at the load of the peer. A peer that leaves is replaced by another one.',
      evidence,
    )
  }
  return ok('RECEIVING', 'Blocks are on their way.', evidence)
}

function peersOf(links: Case['links']): Peer[] {
  return links.flatMap(({ peer }) => peer ?? [])
}
