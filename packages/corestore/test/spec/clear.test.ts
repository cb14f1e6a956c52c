// What can still be proved to a peer after blocks were cleared. Hypercore 11.37.1 deleted tree nodes of blocks that it still had.

import { expect, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { text } from '../helpers/bytes.js'
import { keysOf, openStore, range } from '../helpers/open-store.js'
import { connect } from '../helpers/streams.js'

const BLOCKS = range(8)

test('block 0 of 8 can be proved to a peer when block 1 was cleared', async () => {
  const { store, peer } = connectedStores()
  expect(await provedAfterClearing(store, peer, 1, 2)).toEqual([0, 2, 3, 4, 5, 6, 7])
})

test('every block that is left can be proved to a peer, whichever range was cleared', async () => {
  const { store, peer } = connectedStores()
  for (const start of BLOCKS) {
    for (const end of range(9).slice(start + 1)) {
      const left = BLOCKS.filter((index) => index < start || index >= end)
      const proved = await provedAfterClearing(store, peer, start, end)
      expect({ start, end, proved }).toEqual({ start, end, proved: left })
    }
  }
})

function connectedStores(): { store: Corestore; peer: Corestore } {
  const stores = { store: openStore(), peer: openStore() }
  connect(stores.store, stores.peer)
  return stores
}

/** The blocks that a peer gets of a core with 8 blocks, of which a range was cleared. */
async function provedAfterClearing(
  store: Corestore,
  peer: Corestore,
  start: number,
  end: number,
): Promise<number[]> {
  const core = store.get({ name: `${start} to ${end}` })
  await core.append(BLOCKS.map(String))
  await core.clear(start, end)
  const copy = peer.get(keysOf(core).key)
  const proved = []
  for (const index of BLOCKS) {
    if (!(await core.has(index))) continue
    expect(text(await copy.get(index))).toBe(String(index))
    proved.push(index)
  }
  return proved
}
