// Whose requests for stored cores are remembered. That each is served is tested on stores (any-storage/passive.test.ts).

import { expect, test } from 'vitest'
import { FairParts, WaitingCore } from '../../src/replication/fair-parts.js'

test('what a peer waits for is not forgotten with an earlier part of the same peer', () => {
  const parts = new FairParts(64)
  const peer = { publicKey: new Uint8Array(32) }
  // A request that somebody else's use of the core answers keeps its part meanwhile, and the part is empty.
  const earlier = parts.of(peer)
  parts.tidy(earlier)
  parts.of(peer).fresh.set('core', new WaitingCore('core'))
  parts.tidy(earlier)
  expect(parts.waiting).toBe(1)
})
