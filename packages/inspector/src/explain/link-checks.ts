// The next checks: from a connection to a channel that both sides have opened.

import type { OutcomeReason } from '@coreyard/replicator'
import type { Case, Link } from './case.js'
import { type Finding, type FindingCode, ok, problem } from './finding.js'

export function connection({ links, onePeer }: Case): Finding {
  if (links.length > 0) return ok('CONNECTED', 'There is a connection.', { streams: links.length })
  return problem(
    'NO_CONNECTION',
    onePeer ? 'No stream leads to the peer.' : 'The store has no connection.',
    'Join the discovery key of the core with a swarm on both sides, and give each connection to store.replicate.',
  )
}

export function handshake({ links }: Case): Finding {
  const done = links.filter((link) => link.handshake).length
  const evidence = { streams: links.length, done }
  if (done > 0) return ok('HANDSHAKE_DONE', 'The handshake is done.', evidence)
  return problem(
    'NO_HANDSHAKE',
    'No stream has done its handshake: what carries it is not connected, or the peer does not answer.',
    'Pipe both streams into each other. One side must be the initiator and the other not.',
    evidence,
  )
}

interface Refusal {
  readonly code: FindingCode
  readonly sentence: string
  readonly remedy: string
}

const REFUSALS: Readonly<Partial<Record<OutcomeReason, Refusal>>> = {
  authorize: {
    code: 'REFUSED_BY_AUTHORIZE',
    sentence: 'authorize of this store does not permit the core for the peer.',
    remedy: 'Have authorize return true for them, then call store.replicator.revoke(discoveryKey).',
  },
  deciding: {
    code: 'AUTHORIZE_UNDECIDED',
    sentence: 'authorize of this store has not decided yet.',
    remedy: 'Look at what authorize waits for: its promise must settle.',
  },
  capacity: {
    code: 'WAITS_FOR_CAPACITY',
    sentence: 'The core waits until the store can open one more for its peers.',
    remedy: 'Raise cacheSize, or open the core with store.get to keep it open.',
  },
  limit: {
    code: 'PEER_AT_LIMIT',
    sentence: 'The peer has as many cores or requests as it may have.',
    remedy: 'Raise maxAttached or maxAsks of the replicator.',
  },
  late: {
    code: 'ANSWER_LATE',
    sentence: 'The store did not answer the request within 10 seconds.',
    remedy: 'Look at the disk and at what blocks the event loop. The peer asks again.',
  },
  failed: {
    code: 'ANSWER_FAILED',
    sentence: 'The storage, or authorize, failed when the peer asked.',
    remedy: 'Listen for warning of the encrypted stream: it has the error.',
  },
  policy: {
    code: 'REFUSED_BY_POLICY',
    sentence: 'The replicator of this store refused the core without a reason.',
    remedy: 'Look at the policy of the replicator: it may say why with peer.explain(discoveryKey, reason).',
  },
}

/** A refusal counts unless another link has the core. */
export function refusal({ links }: Case): Finding {
  const refused = links.find(({ outcome }) => outcome !== null && REFUSALS[outcome.reason] !== undefined)
  const why = refused?.outcome ? REFUSALS[refused.outcome.reason] : undefined
  if (links.some(isOpen) || refused === undefined || why === undefined) {
    return ok('NOT_REFUSED', 'The store has not refused the core.')
  }
  const evidence = { peer: refused.publicKey, time: refused.outcome?.time ?? null }
  return problem(why.code, why.sentence, why.remedy, evidence)
}

export function channel({ links, core }: Case): Finding {
  const open = links.filter(isOpen)
  if (open.length > 0)
    return ok('CHANNEL_OPEN', 'Both sides have opened a channel for the core.', { channels: open.length })
  const asked = links.find((link) => link.channel === 'asked')
  if (asked !== undefined) {
    return problem(
      'PEER_NOT_ANSWERED',
      'This side has opened a channel for the core, and the peer has not answered yet.',
      'Wait. If it lasts, the store of the peer is busy or suspended.',
      { peer: asked.publicKey },
    )
  }
  const attached = links.find((link) => link.attached)
  if (attached !== undefined) {
    return problem(
      'PEER_HAS_NO_CHANNEL',
      'The core was offered to the peer, and the peer has no channel for it: it does not have the core, or refuses it.',
      'Open the core with the same key on the other side, and check what authorizes it there.',
      { peer: attached.publicKey },
    )
  }
  return problem(
    'NOT_ATTACHED',
    core === null
      ? 'The core is not open, and no peer has asked for it.'
      : 'The core is not announced to the peer, and the peer has not asked for it.',
    'Open the core with store.get(key) here, or on the other side.',
  )
}

function isOpen(link: Link): boolean {
  return link.channel === 'open'
}
