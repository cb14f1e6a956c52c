// The replicator: a replicator as every other, with a list.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hypercore } from '@coreyard/hypercore-types'
import { testReplicator } from '@coreyard/replicator/test'
import { describe, expect, onTestFinished, test } from 'vitest'
import { GuestList } from '../src/guest-list.js'
import { Person } from '../src/person.js'

describe('as a replicator', () => {
  testReplicator({
    test,
    create: () => new GuestList(),
    permit: (guests, discoveryKey, publicKey) => guests.allow(discoveryKey, publicKey),
  })
})

describe('a core', () => {
  test('goes to the peers on its list, open or only stored, and to nobody else', async () => {
    const { guests, host, guest, stranger } = await meeting()
    const open = await write(host, 'open')
    const stored = await write(host, 'stored')
    await stored.close()
    for (const core of [open, stored]) guests.allow(keysOf(core).discoveryKey, guest.publicKey)

    host.connect(guest)
    host.connect(stranger)
    for (const core of [open, stored]) {
      const { key } = keysOf(core)
      expect(String(await guest.store.get(key).get(0))).toBe('block')
      const refused = stranger.store.get(key)
      expect(await refused.update({ wait: true })).toBe(false)
      expect([refused.length, refused.peers.length]).toEqual([0, 0])
    }
  })

  test('that a peer may have later reaches it over the stream that is there', async () => {
    const { guests, host, guest } = await meeting()
    const core = await write(host, 'later')
    const { key, discoveryKey } = keysOf(core)
    host.connect(guest)
    const copy = guest.store.get(key)
    expect(await copy.update({ wait: true })).toBe(false)

    guests.allow(discoveryKey, guest.publicKey)
    expect(String(await copy.get(0))).toBe('block')
  })
})

/** A host with a guest list, and two others. */
async function meeting() {
  const directory = await mkdtemp(join(tmpdir(), 'custom-replicator-'))
  const guests = new GuestList()
  const host = await Person.open(directory, 'host', { replicator: guests })
  const guest = await Person.open(directory, 'guest')
  const stranger = await Person.open(directory, 'stranger')
  onTestFinished(async () => {
    for (const { store } of [host, guest, stranger]) await store.close()
    await rm(directory, { recursive: true })
  })
  return { guests, host, guest, stranger }
}

async function write({ store }: Person, name: string): Promise<Hypercore> {
  const core = store.get({ name })
  await core.append('block')
  return core
}

function keysOf({ key, discoveryKey }: Hypercore): { key: Uint8Array; discoveryKey: Uint8Array } {
  if (key === null || discoveryKey === null) throw new Error('The core is not open')
  return { key, discoveryKey }
}
