// The program: Alice shares her cores with Bob and Carol, each as far as she allows it. Both know the keys of all of them;
// who gets what is up to her replicator alone.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GuestList } from './guest-list.js'
import { Person } from './person.js'

const directory = await mkdtemp(join(tmpdir(), 'custom-replicator-'))
const guests = new GuestList()
const alice = await Person.open(directory, 'alice', { replicator: guests })
const bob = await Person.open(directory, 'bob')
const carol = await Person.open(directory, 'carol')

const photos = await write('photos', 'The lake, with the dog in it')
const notes = await write('notes', 'Meet at seven, bring bread')
const diary = await write('diary', 'Told nobody about the bread')
guests.allow(photos.discoveryKey, bob.publicKey)
guests.allow(notes.discoveryKey, bob.publicKey)
guests.allow(notes.discoveryKey, carol.publicKey)

for (const friend of [bob, carol]) {
  const copies = [photos, notes, diary].map(({ name, key }) => ({ name, core: open(friend, key) }))
  for (const { core } of copies) await core.ready()
  alice.connect(friend)
  for (const { name, core } of copies) {
    // Waits until Alice has answered, one way or the other.
    await core.update({ wait: true })
    report(friend, name, core.length > 0 ? await core.get(0) : null)
  }
}

guests.allow(photos.discoveryKey, carol.publicKey)
report(carol, photos.name, await open(carol, photos.key).get(0))

for (const { store } of [alice, bob, carol]) await store.close()
await rm(directory, { recursive: true })

/** Has Alice write one block to a core. */
async function write(name: string, block: string) {
  const core = alice.store.get({ name, valueEncoding: 'utf-8' })
  await core.append(block)
  const { key, discoveryKey } = core
  if (key === null || discoveryKey === null)
    throw new Error('A core that was written is open, and has its keys')
  return { name, key, discoveryKey }
}

function open({ store }: Person, key: Uint8Array) {
  return store.get({ key, valueEncoding: 'utf-8' })
}

function report({ name: person }: Person, name: string, block: string | null): void {
  console.log(`${person.padEnd(6)} ${name.padEnd(7)} ${block ?? '(not shared)'}`)
}
