// Events as sentences.

import type { InspectorEvent } from '@coreyard/inspector'
import type { Line } from './board.js'
import { peerTitle, type Row, titleOf } from './rows.js'

/** What is known of a core. */
type Lookup = (id: string) => Row | undefined

/** If one picture has more events of a kind than this, the line only has their number. */
const MOST_OF_A_KIND = 3

const MANY: { readonly [Type in InspectorEvent['type']]: string } = {
  'core-opened': 'cores were opened',
  'core-closed': 'cores were closed',
  'core-complete': 'cores are complete',
  'core-grew': 'cores grew',
  'core-truncated': 'cores were truncated',
  conflict: 'conflicts were found',
  'peer-joined': 'peers joined',
  'peer-left': 'peers left',
  refused: 'cores were refused to peers',
  suspended: 'times suspended',
  resumed: 'times resumed',
}

/** The lines for what has happened between two pictures. */
export function linesOf(events: readonly InspectorEvent[], rowOf: Lookup): Line[] {
  const kinds = new Map<InspectorEvent['type'], InspectorEvent[]>()
  for (const event of events) {
    const ofKind = kinds.get(event.type)
    if (ofKind === undefined) kinds.set(event.type, [event])
    else ofKind.push(event)
  }
  return [...kinds].flatMap(([type, ofKind]) => {
    if (ofKind.length <= MOST_OF_A_KIND) return ofKind.map((event) => lineOf(event, rowOf))
    const text = `${ofKind.length} ${MANY[type]}`
    return [{ time: ofKind.at(-1)?.time ?? 0, text, tone: toneOf(type), core: null, peer: null }]
  })
}

function lineOf(event: InspectorEvent, rowOf: Lookup): Line {
  const core = 'discoveryKey' in event ? event.discoveryKey : null
  const peer = 'publicKey' in event ? (event.publicKey ?? '') : null
  return { time: event.time, text: sentenceOf(event, rowOf), tone: toneOf(event.type), core, peer }
}

function sentenceOf(event: InspectorEvent, rowOf: Lookup): string {
  const name = (id: string) => titleOf(rowOf(id) ?? { id, key: null, name: null })
  switch (event.type) {
    case 'core-opened':
      return `${name(event.discoveryKey)} was opened`
    case 'core-closed':
      return `${name(event.discoveryKey)} was closed`
    case 'core-complete':
      return `${name(event.discoveryKey)} is complete`
    case 'core-grew':
      return `${name(event.discoveryKey)} grew from ${event.from} to ${event.to} blocks`
    case 'core-truncated':
      return `${name(event.discoveryKey)} was truncated from ${event.from} to ${event.to} blocks`
    case 'conflict':
      return `${name(event.discoveryKey)} has a conflict at length ${event.length}`
    case 'peer-joined':
      return `peer ${peerTitle(event.publicKey)} joined`
    case 'peer-left':
      return `peer ${peerTitle(event.publicKey)} left`
    case 'refused':
      return `${name(event.discoveryKey)} was refused to peer ${peerTitle(event.publicKey ?? '')}: ${event.reason}`
    case 'suspended':
      return 'the store was suspended'
    case 'resumed':
      return 'the store was resumed'
  }
}

function toneOf(type: InspectorEvent['type']): Line['tone'] {
  if (type === 'core-complete' || type === 'peer-joined' || type === 'resumed') return 'good'
  return type === 'conflict' || type === 'refused' || type === 'core-truncated' ? 'bad' : 'plain'
}
