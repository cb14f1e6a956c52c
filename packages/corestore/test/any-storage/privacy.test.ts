// What a peer learns of a core that it does not have the key of. Of each core that this store has open and downloads, the
// peer is sent one message, which asks it to open a channel: Hypercore's protocol name, the discovery key, and the
// capability, a hash of the key and the stream's handshake that only a holder of the key can check. A peer that knows
// the discovery key of any stored core can have that message, too, by asking. No more is sent before the peer has
// answered with a capability of its own, which it cannot make without the key.

import type { NoiseSecretStream } from '@coreyard/hypercore-types'
import { expect, test } from 'vitest'
import { bytes32, hex, utf8 } from '../helpers/bytes.js'
import { capability } from '../helpers/capability.js'
import { Onlooker } from '../helpers/onlooker.js'
import { keysOf, openStore, openStoreAt } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'
import { ask, closed, connection, recordBytes } from '../helpers/streams.js'

const PROTOCOL = 'hypercore/alpha'

test('a peer is sent the protocol name, the discovery key and the capability, of open cores only', async () => {
  const place = newPlace()
  const before = openStoreAt(place)
  await before.get({ name: 'not open' }).append('a secret')
  await before.close()

  const store = openStoreAt(place)
  const quiet = store.get({ name: 'quiet', active: false })
  await quiet.append('a secret')
  const open = store.get({ name: 'open' })
  await open.append('a secret')
  const peer = new Onlooker(store)
  const received = recordBytes(peer.stream)
  await peer.sees(keysOf(open).discoveryKey)
  const later = store.get({ name: 'later' })
  await later.append('a secret')
  await peer.sees(keysOf(later).discoveryKey)

  expect(received).toEqual([
    channelRequest(keysOf(open), peer.stream),
    channelRequest(keysOf(later), peer.stream),
  ])
  expect([open, later, quiet].map((core) => core.peers)).toEqual([[], [], []])
})

test('a peer that asks by discovery key is sent the same of a core that is stored, and nothing of others', async () => {
  const store = openStore()
  const core = store.get({ name: 'quiet', active: false })
  await core.append('a secret')
  const [near, far] = connection()
  const received = recordBytes(far)
  store.replicate(near)

  expect(await ask(far, bytes32(1))).toBe(false)
  const [control, reject, channel] = [0, 2, 1]
  const refusal = Uint8Array.from([control, reject, channel])
  expect(received).toEqual([refusal])
  expect(await ask(far, keysOf(core).discoveryKey)).toBe(true)
  expect(received).toEqual([refusal, channelRequest(keysOf(core), far)])
})

test('a peer that pretends to have the key is cut off before it is sent a block', async () => {
  const store = openStore()
  const core = store.get({ name: 'open' })
  await core.append('a secret')
  const { key, discoveryKey } = keysOf(core)
  const [near, far] = connection()
  const received = recordBytes(far)
  store.replicate(near)

  await ask(far, discoveryKey)
  await closed(near)
  const all = hex(Buffer.concat(received))
  expect(all).toContain(hex(discoveryKey))
  expect(all).not.toContain(hex(key))
  expect(all).not.toContain(hex(utf8('secret')))
  expect(core.peers).toEqual([])
})

/** What a store sends to have its channel for a core opened: a batch of one, as Protomux frames it. */
function channelRequest(
  { key, discoveryKey }: { key: Uint8Array; discoveryKey: Uint8Array },
  stream: NoiseSecretStream,
): Uint8Array {
  const [open, channel, seeks] = [1, 1, 1]
  const request = [
    ...[open, channel, PROTOCOL.length, ...utf8(PROTOCOL), discoveryKey.length, ...discoveryKey],
    ...[seeks, ...capability(key, stream)],
  ]
  const [control, batch] = [0, 0]
  return Uint8Array.from([control, batch, control, request.length, ...request])
}
