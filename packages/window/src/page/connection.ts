// The connection to the command, which sends each change. A page that loses its connection reconnects automatically.

import type { Explanation } from '@coreyard/inspector'
import type { Update } from '../board/board.js'

/** A hidden page closes its connection after this many milliseconds: a browser has six connections for all pages of a window. */
const HIDDEN = 60_000
/** The time until the next attempt after an error, in milliseconds. */
const AGAIN = 2000

/** @param onLost also when a connection is tried again in vain */
export function connect(onUpdate: (update: Update) => void, onLost: () => void): void {
  let events: EventSource | null = null
  let hiding: ReturnType<typeof setTimeout> | undefined
  const open = () => {
    const source = new EventSource('events')
    events = source
    source.addEventListener('message', ({ data }) => onUpdate(JSON.parse(data)))
    source.addEventListener('error', () => {
      onLost()
      // An answer with an error closes the connection.
      if (source.readyState === EventSource.CLOSED && events === source) setTimeout(open, AGAIN)
    })
  }
  document.addEventListener('visibilitychange', () => {
    clearTimeout(hiding)
    if (!document.hidden && events === null) open()
    if (!document.hidden) return
    hiding = setTimeout(() => {
      events?.close()
      events = null
    }, HIDDEN)
  })
  open()
}

/** Resolves with why a core does not replicate, or not with a peer. Rejects with a message for the user. */
export async function explain(core: string, peer: string | null, signal: AbortSignal): Promise<Explanation> {
  const query = new URLSearchParams(peer === null ? { core } : { core, peer })
  const response = await fetch(`explain?${query}`, { signal })
  if (!response.ok) throw new Error((await response.text()).trim())
  return response.json()
}
