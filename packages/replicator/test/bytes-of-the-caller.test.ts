import SecretStream from '@hyperswarm/secret-stream'
import { expect, test } from 'vitest'
import { openReplicationStream } from '../src/replication-stream.js'
import { connect } from '../src/test/streams.js'
import { keysOf, reads } from '../src/test/suite.js'
import { hex, openStore, until } from './peers.js'

test.each([
  ['at once', false],
  ['by a promise', true],
])('a stream keeps its own copy of the key pair and remote key that it was given: %s', async (_, isLater) => {
  const [one, other] = [SecretStream.keyPair(), SecretStream.keyPair()]
  const given = copyOf(one)
  const remotePublicKey = Uint8Array.from(other.publicKey)
  const keyPair = isLater ? Promise.resolve(given) : given
  const first = openReplicationStream(true, { keyPair, remotePublicKey, pattern: 'IK' })
  const second = openReplicationStream(false, { keyPair: other, pattern: 'IK' })
  await keyPair
  await Promise.resolve()
  for (const bytes of [given.publicKey, given.secretKey, remotePublicKey]) bytes.fill(0)
  first.stream.pipe(second.stream).pipe(first.stream)
  await Promise.all([first.noiseStream.opened, second.noiseStream.opened])
  expect(first.noiseStream.remotePublicKey).toEqual(Buffer.from(other.publicKey))
  expect(second.noiseStream.remotePublicKey).toEqual(Buffer.from(one.publicKey))
  first.noiseStream.destroy()
  second.noiseStream.destroy()
})

test('an authorize that changes the keys that it is given harms neither the core nor the stream', async () => {
  const seen: string[] = []
  const store = await openStore({
    authorize: (discoveryKey, remotePublicKey) => {
      seen.push(`${hex(discoveryKey)} ${hex(remotePublicKey)}`)
      discoveryKey.fill(0)
      remotePublicKey.fill(0)
      return true
    },
  })
  const reader = await openStore()
  const { key, discoveryKey } = keysOf(await store.write(['block']))
  const id = hex(discoveryKey)
  connect(store, reader)
  await reads(await reader.get(key), 'block')
  const before = seen.length
  store.replicator.revoke()
  await until(() => seen.length > before)
  expect(new Set(seen)).toEqual(new Set([`${id} ${hex(reader.identity.publicKey)}`]))
})

function copyOf({ publicKey, secretKey }: ReturnType<typeof SecretStream.keyPair>) {
  return { publicKey: Uint8Array.from(publicKey), secretKey: Uint8Array.from(secretKey) }
}
