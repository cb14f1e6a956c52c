// What the peers of a core say that they have of it.

import { expect, test } from 'vitest'
import { PeersWords } from '../../src/index.js'
import { connectedPair } from '../live.js'

test('Hypercore calls Replicator._onpeerupdate for a new peer before Peer.onsync', async () => {
  const calls: string[] = []
  const { core, writer } = await connectedPair(({ replicator }) => {
    const original: (isAdded: boolean, peer: { onsync: (message: object) => Promise<void> }) => void =
      Reflect.get(replicator, '_onpeerupdate')
    const observed: typeof original = (isAdded, peer) => {
      calls.push(`_onpeerupdate ${isAdded}`)
      const { onsync } = peer
      peer.onsync = (message) => {
        calls.push('onsync')
        return onsync.call(peer, message)
      }
      original.call(replicator, isAdded, peer)
    }
    Reflect.set(replicator, '_onpeerupdate', observed)
  })
  await writer.append('a')
  while (!core.replicator.peers[0]?.remoteSynced) await new Promise(setImmediate)
  expect(calls.slice(0, 2)).toEqual(['_onpeerupdate true', 'onsync'])
})

test('the peers of an empty core have settled once all of them have synced', async () => {
  let words: PeersWords | undefined
  const { core } = await connectedPair((made) => {
    words = new PeersWords(made)
  })
  expect(words?.isSettled).toBe(false)
  while (!core.replicator.peers[0]?.remoteSynced) await new Promise(setImmediate)
  expect(words?.isSettled).toBe(true)
})
