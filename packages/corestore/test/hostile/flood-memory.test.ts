// What a flood leaves in memory. V8 collects young objects often, and old ones late: a flood of requests must not become old. No other test
// is in this file, because what one leaves would count.

import { randomBytes } from 'node:crypto'
import { getHeapSpaceStatistics } from 'node:v8'
import type { NoiseSecretStream } from '@coreyard/hypercore-types'
import { expect, test } from 'vitest'
import { Attacker } from '../helpers/attacker.js'
import { until } from '../helpers/events.js'
import { openStoreAt, range } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'

/** How many bytes of old objects 20,000 requests may leave. If all that each of them needs became old, it were 40 MB. */
const BECOME_OLD = 8 * 2 ** 20

test('a flood of unknown cores leaves few objects that are old', async () => {
  const store = openStoreAt(newPlace('memory'))
  const attackers = await Promise.all(range(2).map(() => Attacker.connect(store)))
  let sent = 0
  const flood = async (requests: number, look: () => void) => {
    for (const end = sent + requests; sent < end; sent += 1000) {
      for (const attacker of attackers) {
        attacker.openAtOnce(range(500).map(() => ({ discoveryKey: randomBytes(32) })))
      }
      await until(() => attackers.every(({ near }) => openedOn(near) === (sent + 1000) / 2))
      look()
    }
  }
  // The store's own objects become old, and code is compiled.
  await flood(20_000, () => {})
  const before = oldObjects()
  let most = 0
  await flood(20_000, () => {
    most = Math.max(most, oldObjects() - before)
  })
  expect(most).toBeLessThan(BECOME_OLD)
})

/** How many channels a peer has opened, answered or not. */
function openedOn({ userData }: NoiseSecretStream): number {
  return (userData as { readonly _remote: readonly unknown[] })._remote.length
}

/** In bytes. */
function oldObjects(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space')?.space_used_size ?? 0
}
