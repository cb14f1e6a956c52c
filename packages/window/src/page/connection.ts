// What the command sends: what has changed, as it changes. A page whose connection is lost connects again by itself.

import type { Explanation } from '@coreyard/inspector'
import type { Update } from '../board/board.js'

/** @param onLost also when a connection is tried again in vain */
export function connect(onUpdate: (update: Update) => void, onLost: () => void): void {
  const events = new EventSource('events')
  events.addEventListener('message', ({ data }) => onUpdate(JSON.parse(data)))
  events.addEventListener('error', () => {
    onLost()
    // An answer that is an error ends it.
    if (events.readyState !== EventSource.CLOSED) return
    setTimeout(() => connect(onUpdate, onLost), 2000)
  })
}

/** Why a core does not replicate, or not with a peer. Rejects with what the user should read. */
export async function explain(core: string, peer: string | null, signal: AbortSignal): Promise<Explanation> {
  const query = new URLSearchParams(peer === null ? { core } : { core, peer })
  const response = await fetch(`explain?${query}`, { signal })
  if (!response.ok) throw new Error((await response.text()).trim())
  return response.json()
}
