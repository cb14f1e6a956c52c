// Where what a core tells its peers can be held.

import type { Core } from '@coreyard/hypercore-types'
import { expect, test } from 'vitest'
import { closingSteps, gateSends, type Syncs } from '../../src/index.js'
import { connectedPair, newCore, session } from '../live.js'

/** Syncs that end when the test says so. */
class HeldSyncs implements Syncs {
  readonly #held: (() => void)[] = []
  isHeld = true
  signedWrites = 0
  readonly isComplete = false

  signed(): void {
    this.signedWrites++
  }

  async sync(): Promise<boolean> {
    if (this.isHeld) await new Promise<void>((resolve) => this.#held.push(resolve))
    return true
  }

  async waitFor(): Promise<void> {}

  release(): void {
    this.isHeld = false
    for (const resolve of this.#held.splice(0)) resolve()
  }
}

test('a peer hears of a block only through the messages that Replicator._makePeer has made', async () => {
  const syncs = new HeldSyncs()
  const { writer, reader } = await connectedPair((core) => gateSends(core, syncs))
  await writer.append('a')
  for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate)
  expect(reader.length).toBe(0)
  syncs.release()
  expect(await reader.get(0)).toEqual(Buffer.from('a'))
})

test('a core that closes syncs, and its peers hear what was held', async () => {
  const syncs = new HeldSyncs()
  const { core, writer, reader } = await connectedPair((opened) => gateSends(opened, syncs))
  while (reader.peers.length === 0) await new Promise(setImmediate)
  const [peer] = reader.peers
  await writer.append('a')
  const closing = closeInOrder(core)
  for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate)
  expect(peer?.remoteLength).toBe(0)
  syncs.release()
  await closing
  while (peer?.remoteLength === 0) await new Promise(setImmediate)
})

async function closeInOrder(core: Core): Promise<void> {
  for (const step of closingSteps(core, null)) await step()
}

test('Hypercore signs through SessionState.append, truncate and commit, and through _oncommit for an atom', async () => {
  const syncs = new HeldSyncs()
  syncs.release()
  const core = await newCore()
  gateSends(core, syncs)
  const writer = session(core)
  await writer.append(['a', 'b'])
  expect(syncs.signedWrites).toBe(1)
  await writer.truncate(1)
  expect(syncs.signedWrites).toBe(2)

  const draft = writer.session({ name: 'draft' })
  await draft.append('c')
  await writer.commit(draft)
  expect(syncs.signedWrites).toBe(3)
  await draft.close()

  await atomicAppend(core)
  expect(syncs.signedWrites).toBeGreaterThan(3)
})

async function atomicAppend(core: Core): Promise<void> {
  const atom = core.storage?.createAtom() ?? expect.fail('The core is open')
  await session(core, { atom }).append('d')
  await atom.flush()
  expect(core.state?.length).toBe(3)
}

test('a peer answers each request in Peer._handleRequest, with message number 3', async () => {
  const { core, writer, reader } = await connectedPair()
  while (core.replicator.peers.length === 0) await new Promise(setImmediate)
  const [peer] = core.replicator.peers
  if (peer === undefined) return expect.fail('There is a peer')
  const calls: string[] = []
  const handle: (request: object) => Promise<void> = Reflect.get(peer, '_handleRequest')
  Reflect.set(peer, '_handleRequest', (request: object) => {
    calls.push('_handleRequest')
    return handle.call(peer, request)
  })
  const data = peer.channel.messages[3] ?? expect.fail('There are ten messages')
  const send = data.send.bind(data)
  data.send = (value) => {
    calls.push('data')
    return send(value)
  }
  // Only now: the peer asks by itself for what it has heard of, and could have been answered before the calls are noted.
  await writer.append('a')
  await reader.get(0)
  expect(calls.slice(0, 2)).toEqual(['_handleRequest', 'data'])
})
