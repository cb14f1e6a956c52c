// What Hypercore does while a peer does not answer a request for an upgrade.

import Protomux from 'protomux'
import { expect, test, vi } from 'vitest'
import { attach, guardMessages } from '../../src/replication.js'
import { connection, later, newCore, session, until } from '../live.js'

interface Speaking {
  readonly wireData: { send(answer: object): unknown }
}

test('Hypercore asks one peer at a time for an upgrade, and another one when that is late', async () => {
  const time = Date.now()
  const now = vi.spyOn(Date, 'now').mockReturnValue(time)
  later(() => now.mockRestore())
  const core = await newCore()
  await session(core).append('a')
  const copy = await newCore({ key: core.key })
  const reader = session(copy)
  await reader.ready()
  const connectOnce = async () => {
    const [near, far] = connection()
    guardMessages(Protomux.from(far))
    attach(core, Protomux.from(near), { asksAgain: false, onend: () => {} })
    attach(copy, Protomux.from(far), { asksAgain: false, onend: () => {} })
    const before = core.replicator.peers.length
    await until(() => core.replicator.peers.length > before)
    return core.replicator.peers[before]
  }
  const silent = await connectOnce()
  let dropped = 0
  Object.assign((silent as unknown as Speaking).wireData, { send: () => void dropped++ })
  await until(() => dropped > 0)
  const asked = await connectOnce()
  await until(() => copy.replicator.peers.every(({ remoteLength }) => remoteLength === 1))
  const { _upgrade: upgrade } = copy.replicator as unknown as { _upgrade: { inflight: unknown[] } }
  expect(upgrade.inflight.length).toBe(1)
  expect(asked?.stats.wireRequest.rx).toBe(0)

  now.mockReturnValue(time + 60_000)
  expect(Buffer.from((await reader.get(0)) ?? []).toString()).toBe('a')
})
