// The cores of each peer: computes from each picture which of them have changed, and their rates.

import type { PeerCorePicture, PeerPicture } from '@coreyard/inspector'
import type { Update } from '../board/board.js'
import { type Cell, toCell } from '../board/rows.js'

interface Seen {
  readonly picture: PeerCorePicture
  /** Whether its rates were above 0. */
  readonly isMoving: boolean
}

export class CellFeed {
  /** By peer, then by core. */
  #seen = new Map<string, Map<string, Seen>>()
  #time: number | null = null

  look(peers: readonly PeerPicture[], time: number): Pick<Update, 'cells' | 'lostCells'> {
    const seconds = this.#time === null ? 0 : (time - this.#time) / 1000
    this.#time = time
    const before = this.#seen
    this.#seen = new Map()
    const cells: Cell[] = []
    const lostCells: Pick<Cell, 'peer' | 'core'>[] = []
    for (const { publicKey, cores } of peers) {
      const peer = publicKey ?? ''
      const earlier = before.get(peer) ?? new Map<string, Seen>()
      const now = new Map<string, Seen>()
      this.#seen.set(peer, now)
      for (const picture of cores) {
        const seen = earlier.get(picture.discoveryKey)
        const rates = ratesOf(seen?.picture, picture, seconds)
        const isMoving = rates.up + rates.down > 0
        now.set(picture.discoveryKey, { picture, isMoving })
        if (seen === undefined || seen.isMoving || !isSame(seen.picture, picture))
          cells.push(toCell(peer, picture, rates))
      }
      for (const core of earlier.keys()) if (!now.has(core)) lostCells.push({ peer, core })
    }
    return { cells, lostCells }
  }
}

/** A core that a peer has only asked for has no values to compare, but each of its pictures is a new object. */
function isSame(before: PeerCorePicture, now: PeerCorePicture): boolean {
  return before === now || (before.state === 'asked' && now.state === 'asked')
}

function ratesOf(
  before: PeerCorePicture | undefined,
  now: PeerCorePicture,
  seconds: number,
): { up: number; down: number } {
  if (before === undefined || seconds <= 0) return { up: 0, down: 0 }
  const rate = (count: number) => Math.max(0, count) / seconds
  return { up: rate(now.sent - before.sent), down: rate(now.received - before.received) }
}
