// Cores that a mirror removes, and peers that ask for them again meanwhile.

import createTestnet from '@hyperswarm/testnet'
import { expect, onTestFinished, test } from 'vitest'
import { Removal } from '../src/mirror/removal.js'
import { ask, blindPeer } from './blind-peers.js'

test('a core that is asked for again while it is removed leaves no bytes that count', async () => {
  const testnet = await createTestnet(3)
  onTestFinished(() => testnet.destroy())
  const { peer, store } = await blindPeer(testnet)
  const removal = new Removal(peer, store)
  const { core } = await ask(testnet, peer)
  const removed = new Promise<boolean>((resolve) => {
    store.on('core-open', (opened) => {
      opened.on('append', () => {
        resolve(removal.remove(opened))
        // What blind-peer does when the core is asked for, and when it has grown.
        const { key, id } = opened
        peer.db.addCore({ key: key ?? new Uint8Array(), priority: 0, announce: false, referrer: null })
        const record = { key: key ?? new Uint8Array(), length: 1, announce: false }
        peer.db.updateCore({ ...record, bytesAllocated: 5 }, id ?? '')
      })
    })
  })
  await core.append('block')
  expect(await removed).toBe(true)
  await expect.poll(() => store.list().size).toBe(0)
  await expect.poll(() => peer.digest).toMatchObject({ cores: 1, bytesAllocated: 0 })
})
