// Derives the events between two pictures.

import type { ChangedCore, Look } from './observer.js'
import type { PeerPicture, Picture, RefusalPicture } from './picture.js'

/**
 * An event. Keys are hex, and lengths are in blocks. `time` is in milliseconds since 1970: when the conflict or refusal happened; for
 * other events, when the first picture that shows it was taken.
 */
export type InspectorEvent = { readonly time: number } & (
  | { readonly type: 'core-opened' | 'core-closed' | 'core-complete'; readonly discoveryKey: string }
  | {
      readonly type: 'core-grew' | 'core-truncated'
      readonly discoveryKey: string
      readonly from: number
      readonly to: number
    }
  | {
      readonly type: 'conflict'
      readonly discoveryKey: string
      readonly length: number
      readonly fork: number
    }
  | { readonly type: 'peer-joined' | 'peer-left'; readonly publicKey: string }
  | ({ readonly type: 'refused'; readonly publicKey: string | null } & Omit<RefusalPicture, 'time'>)
  | { readonly type: 'suspended' | 'resumed' }
)

export function eventsBetween(
  before: Picture | null,
  { picture, changed, closed, conflicts }: Look,
): InspectorEvent[] {
  if (before === null) return []
  const { time } = picture
  const events: InspectorEvent[] = closed.map((discoveryKey) => ({ type: 'core-closed', discoveryKey, time }))
  for (const conflict of conflicts) events.push({ type: 'conflict', ...conflict })
  for (const change of changed) for (const event of eventsOfCore(change, time)) events.push(event)
  for (const event of eventsOfPeers(before, picture)) events.push(event)
  if (picture.store.suspended !== before.store.suspended) {
    events.push({ type: picture.store.suspended ? 'suspended' : 'resumed', time })
  }
  return events
}

function* eventsOfCore({ before, now }: ChangedCore, time: number): Generator<InspectorEvent> {
  const { discoveryKey, length, fork } = now
  if (before === null) yield { type: 'core-opened', discoveryKey, time }
  if (before === null || before.state === 'opening') return
  if (fork !== before.fork) {
    yield { type: 'core-truncated', discoveryKey, from: before.length, to: length, time }
  } else if (length !== before.length) {
    yield { type: 'core-grew', discoveryKey, from: before.length, to: length, time }
  }
  const isComplete = now.progress.have === now.progress.total
  const wasComplete = before.progress.have === before.progress.total
  // A core that this store writes is always complete: an append is not a `core-complete`.
  if (isComplete && !wasComplete) yield { type: 'core-complete', discoveryKey, time }
}

function* eventsOfPeers(before: Picture, { peers, time }: Picture): Generator<InspectorEvent> {
  const earlier = new Map(before.peers.map((peer) => [peer.publicKey, peer]))
  for (const peer of peers) {
    const { publicKey } = peer
    if (publicKey !== null && !earlier.has(publicKey)) yield { type: 'peer-joined', publicKey, time }
    for (const { discoveryKey, reason, time: since } of newRefusals(earlier.get(publicKey), peer)) {
      yield { type: 'refused', publicKey, discoveryKey, reason, time: since }
    }
  }
  const now = new Set(peers.map(({ publicKey }) => publicKey))
  for (const { publicKey } of before.peers) {
    if (publicKey !== null && !now.has(publicKey)) yield { type: 'peer-left', publicKey, time }
  }
}

function newRefusals(before: PeerPicture | undefined, { refused }: PeerPicture): RefusalPicture[] {
  const known = new Set(before?.refused.map(idOf))
  return refused.filter((refusal) => !known.has(idOf(refusal)))
}

/** A peer repeats its requests: a core refused again for the same reason is the same refusal. */
function idOf({ discoveryKey, reason }: RefusalPicture): string {
  return `${discoveryKey} ${reason}`
}
