// blind-peer on a store, and blind-peering on those of its clients: it keeps cores for others, who may be gone, and reads none.

import type { Hypercore } from '@coreyard/hypercore-types'
import { expect, test } from 'vitest'
import { hex, text } from '../helpers/bytes.js'
import { emptyDirectory } from '../helpers/directories.js'
import { next } from '../helpers/events.js'
import { keysOf } from '../helpers/open-store.js'
import { createStore } from '../helpers/stores.js'
import { localNetwork } from '../helpers/swarms.js'
import { openBase, openGroup, synced, until } from './autobases.js'
import { kept, openPeering, openSwarm, runBlindPeer } from './blind-peers.js'

const BLOCKS = ['one', 'two', 'three', 'four', 'five']

/** Checks that a core is as its author has written it. */
async function readsAll(core: Hypercore): Promise<void> {
  for (const [index, block] of BLOCKS.entries()) expect(text(await core.get(index))).toBe(block)
}

test('a blind peer keeps a core for an author who goes away, also when it has been restarted', async () => {
  const network = await localNetwork()
  const directory = emptyDirectory()
  const first = await runBlindPeer(network, directory)
  const author = createStore('author')
  const core = author.get({ name: 'core' })
  await core.append(BLOCKS)
  const { key } = keysOf(core)

  const done = kept(first, key, BLOCKS.length)
  const peering = openPeering(network.createNode({ firewalled: false }), author, first)
  await peering.addCore(core)
  await done
  await peering.close()
  await author.close()
  await first.stop()

  const again = await runBlindPeer(network, directory)
  expect(again.peer.digest.cores).toBe(1)
  const reader = createStore('reader')
  openSwarm(network, reader).joinPeer(again.peer.publicKey)
  await readsAll(reader.get({ key }))
})

test('a blind peer announces the cores of authors whom it trusts, and does so again when it has been restarted', async () => {
  const network = await localNetwork()
  const directory = emptyDirectory()
  const author = createStore('author')
  const core = author.get({ name: 'core' })
  await core.append(BLOCKS)
  const { key, discoveryKey } = keysOf(core)
  const node = network.createNode({ firewalled: false })
  const trusted = { trustedPubKeys: [node.defaultKeyPair.publicKey] }

  const first = await runBlindPeer(network, directory, trusted)
  const done = kept(first, key, BLOCKS.length)
  const peering = openPeering(node, author, first)
  await peering.addCore(core, { announce: true })
  await Promise.all([first.announced, done])
  await peering.close()
  await author.close()
  await first.stop()

  const again = await runBlindPeer(network, directory, trusted)
  expect(hex((await again.announced).key)).toBe(hex(key))
  const reader = createStore('reader')
  openSwarm(network, reader).join(discoveryKey)
  await readsAll(reader.get({ key }))
})

test('a blind peer that has more than it may gives blocks up, and goes on with what comes after them', async () => {
  const network = await localNetwork()
  const directory = emptyDirectory()
  const first = await runBlindPeer(network, directory)
  const author = createStore('author')
  const core = author.get({ name: 'core' })
  await core.append(BLOCKS.map((block) => block.padEnd(100)))
  const done = kept(first, core.key, BLOCKS.length)
  const peering = openPeering(network.createNode({ firewalled: false }), author, first)
  await peering.addCore(core)
  await done
  await peering.close()
  await first.stop()

  const again = await runBlindPeer(network, directory, { maxBytes: 100 })
  expect(again.peer.digest.bytesAllocated).toBe(500)
  const cleared = next(again.peer, 'gc-done')
  await again.peer.flush()
  expect(await cleared).toEqual([{ bytesCleared: 500 }])

  const active = next(again.peer, 'core-activity')
  await core.append('after')
  await openPeering(network.createNode({ firewalled: false }), author, again).addCore(core)
  await active
  await again.stop()

  const copy = createStore('blind peer').get({ key: core.key })
  expect(text(await copy.get(BLOCKS.length))).toBe('after')
  expect(await copy.get(0, { wait: false })).toBeNull()
})

test('writers of an autobase who are never there at the same time meet through a blind peer', async () => {
  const network = await localNetwork()
  const running = await runBlindPeer(network, emptyDirectory())
  const [ann, bob] = await openGroup(['ann', 'bob'])
  await bob.append({ line: 'bob goes' })
  await synced([ann, bob])
  await bob.close()
  await ann.append({ line: 'ann stays' })

  const done = kept(running, ann.local.key, ann.local.length)
  await openPeering(network.createNode({ firewalled: false }), ann.store, running).addAutobase(ann)
  await done
  await ann.close()

  const again = await openBase('bob', ann.key)
  await openPeering(network.createNode({ firewalled: false }), again.store, running).addAutobase(again)
  await until(again, () => again.view.log.length >= 2)
  expect(await again.view.log.get(1)).toBe('ann stays')
})
