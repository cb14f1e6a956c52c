// What the command sends: what has changed, as it changes. A page whose connection is lost connects again by itself.

import type { Explanation } from '@coreyard/inspector'
import type { Update } from '../board/board.js'

/** After how many milliseconds a page that is not seen lets go of its connection: a browser has six for all pages of a window. */
const HIDDEN = 60_000
/** How soon to try again after an answer that was an error, in milliseconds. */
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
      // An answer that is an error ends it.
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

/** Why a core does not replicate, or not with a peer. Rejects with what the user should read. */
export async function explain(core: string, peer: string | null, signal: AbortSignal): Promise<Explanation> {
  const query = new URLSearchParams(peer === null ? { core } : { core, peer })
  const response = await fetch(`explain?${query}`, { signal })
  if (!response.ok) throw new Error((await response.text()).trim())
  return response.json()
}
