// `recover`, which waits for the peers that may have blocks of this writer that a repaired database lost.

import Hypercore from 'hypercore'
import { expect, onTestFinished, test } from 'vitest'
import { connect, openCore } from './stores.js'

function setRecoveryPeers(publicKeys: readonly Uint8Array[]): void {
  Hypercore.setRecoveryPeers(publicKeys)
  onTestFinished(() => Hypercore.setRecoveryPeers(null))
}

test('recover ends when a recovery peer has had no more blocks for the time given as settle', async () => {
  const writer = await openCore()
  await writer.append('a')
  const peer = await openCore(writer.key)
  connect(writer, peer)
  await peer.get(0)
  const publicKey = writer.peers[0]?.remotePublicKey
  if (!publicKey || !writer.core?.header) throw new Error('The core is open and has a peer')
  setRecoveryPeers([publicKey])
  writer.core.header.hints.recovering = 1

  expect(writer.recovering).toBe(1)
  await writer.recover({ settle: 1 })
  expect(writer.recovering).toBe(0)
})

test('recover rejects when timeout milliseconds have passed without a recovery peer', async () => {
  const core = await openCore()
  setRecoveryPeers([new Uint8Array(32)])

  await expect(core.recover({ timeout: 1 })).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' })
})

test('recover rejects when its session closes', async () => {
  const core = await openCore()
  setRecoveryPeers([new Uint8Array(32)])

  const recovering = expect(core.recover()).rejects.toMatchObject({ code: 'SESSION_CLOSED' })
  await core.close()
  await recovering
})

test('recover rejects without recovery peers, and on a snapshot', async () => {
  const core = await openCore()
  await core.append('a')
  await expect(core.recover()).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
  setRecoveryPeers([new Uint8Array(32)])
  const snapshot = core.snapshot()
  await expect(snapshot.recover()).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
  await snapshot.close()
})
