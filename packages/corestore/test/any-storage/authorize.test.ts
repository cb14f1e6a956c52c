// `authorize`, an option of the default replicator: who may have which core.

import type { KeyPair } from '@coreyard/hypercore-types'
import SecretStream from '@hyperswarm/secret-stream'
import { expect, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { bytes32, hex } from '../helpers/bytes.js'
import { next } from '../helpers/events.js'
import { openStore, writeCore } from '../helpers/open-store.js'
import { ask, connection, reads, recordBytes } from '../helpers/streams.js'

test('a core goes to the peers that are permitted to have it, and to no others', async () => {
  const friend = SecretStream.keyPair()
  const stranger = SecretStream.keyPair()
  const asked = new Set<string>()
  const store = openStore({
    replicator: {
      authorize: (discoveryKey, remotePublicKey) => {
        asked.add(`${hex(discoveryKey)} ${hex(remotePublicKey)}`)
        return hex(discoveryKey) === hex(open.discoveryKey) || hex(remotePublicKey) === hex(friend.publicKey)
      },
    },
  })
  const open = await writeCore(store, 'open')
  const secret = await writeCore(store, 'secret')

  const friends = connectAs(store, friend)
  await reads(friends.get(secret.key), 'secret')
  await reads(friends.get(open.key), 'open')
  const strangers = connectAs(store, stranger)
  const refused = strangers.get(secret.key)
  await refused.ready()
  await reads(strangers.get(open.key), 'open')
  expect(refused.peers).toEqual([])
  expect(refused.length).toBe(0)
  for (const { publicKey } of [friend, stranger]) {
    for (const { discoveryKey } of [open, secret]) {
      expect(asked).toContain(`${hex(discoveryKey)} ${hex(publicKey)}`)
    }
  }
})

test('a refused peer cannot tell whether the core is there', async () => {
  const store = openStore({ replicator: { authorize: async () => false } })
  const { discoveryKey } = await writeCore(store, 'secret')
  const [near, far] = connection()
  const received = recordBytes(far)
  store.replicate(near)
  await writeCore(store, 'later')

  const answers = await Promise.all([ask(far, discoveryKey), ask(far, bytes32(1))])
  expect(answers).toEqual([false, false])
  const [control, reject] = [0, 2]
  expect(received).toEqual([Uint8Array.of(control, reject, 1), Uint8Array.of(control, reject, 2)])
})

const fail = (): never => {
  throw new Error('No list of friends')
}

const THEN = 'then'
const rejected = (_: unknown, reject: (error: Error) => void) => reject(new Error('No list of friends'))

test.each<[string, () => never]>([
  ['throws', fail],
  ['rejects', () => Promise.reject(new Error('No list of friends')) as never],
  ['rejects as the promises of another library do', () => ({ [THEN]: rejected }) as never],
])('an authorize that %s refuses, tells the stream, and harms nothing else', async (_, refuse) => {
  const store = openStore({
    replicator: {
      authorize: (discoveryKey) => {
        if (hex(discoveryKey) === hex(secret.discoveryKey)) return refuse()
        return true
      },
    },
  })
  const secret = await writeCore(store, 'secret')
  const open = await writeCore(store, 'open')
  const [near, far] = connection()
  const warned = next(near, 'warning')
  const storeWarned = next(store, 'warning')
  store.replicate(near)
  const peer = openStore()
  peer.replicate(far)
  await reads(peer.get(open.key), 'open')
  expect(await warned).toEqual([expect.objectContaining({ message: 'No list of friends' })])
  expect(await storeWarned).toEqual([expect.objectContaining({ message: 'No list of friends' })])
})

/** A store on the other end of a stream, with that identity. */
function connectAs(store: Corestore, keyPair: KeyPair): Corestore {
  const peer = openStore()
  const near = store.replicate(true)
  const far = peer.replicate(false, { keyPair })
  near.pipe(far).pipe(near)
  return peer
}
