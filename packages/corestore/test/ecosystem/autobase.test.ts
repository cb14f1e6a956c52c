// Autobase 7: many writers with a store each. A store has for each of them the cores of all writers, and those of the views,
// which the writers sign together.

import { expect, test } from 'vitest'
import { bytes32, hex, text } from '../helpers/bytes.js'
import { createStore } from '../helpers/stores.js'
import { connect } from '../helpers/streams.js'
import { addWriter, type Base, linesOf, openBase, openGroup, settle, synced, until } from './autobases.js'

/** Appends lines, one after the other. */
async function say(base: Base, name: string, count: number): Promise<void> {
  for (let index = 0; index < count; index++) await base.append({ line: `${name} ${index}` })
}

/** What `say` says. */
function said(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${name} ${index}`)
}

/** Checks that each of them comes to all lines, in one order. */
async function agree(bases: readonly Base[], expected: readonly string[]): Promise<void> {
  await settle(bases)
  const logs = await Promise.all(bases.map(linesOf))
  for (const log of logs) {
    expect(log).toEqual(logs[0])
    expect([...log].sort()).toEqual([...expected].sort())
  }
}

test('two writers that write at once agree on one order', async () => {
  const [ann, bob] = await openGroup(['ann', 'bob'])
  await Promise.all([say(ann, 'ann', 10), say(bob, 'bob', 10)])
  await agree([ann, bob], [...said('ann', 10), ...said('bob', 10)])
})

test('three writers that write at once agree on one order, and one who may no longer write is not heard', async () => {
  const [ann, bob, eve] = await openGroup(['ann', 'bob', 'eve'])
  await Promise.all([say(ann, 'ann', 5), say(bob, 'bob', 5), say(eve, 'eve', 5)])
  const all = [...said('ann', 5), ...said('bob', 5), ...said('eve', 5)]
  await agree([ann, bob, eve], all)

  await ann.append({ remove: hex(eve.local.key) })
  await until(eve, () => !eve.writable)
  await expect(eve.append({ line: 'too late' })).rejects.toThrow('writable')
  await say(bob, 'bob again', 1)
  await agree([ann, bob, eve], [...all, 'bob again 0'])
})

test('views are a log and a map that the indexers sign, and they are the same for all', async () => {
  const [ann, bob] = await openGroup(['ann', 'bob'])
  await ann.append({ key: 'color', value: 'red' })
  await ann.append({ key: 'size', value: 'small' })
  await synced([ann, bob])
  await bob.append({ key: 'color', value: 'blue' })
  await bob.append({ line: 'that was all' })

  await settle([ann, bob])
  for (const base of [ann, bob]) {
    expect(await linesOf(base)).toEqual(['that was all'])
    expect((await base.view.map.get('color'))?.value).toBe('blue')
    expect((await base.view.map.get('size'))?.value).toBe('small')
    expect(base.view.map.core.signedLength).toBe(base.view.map.core.length)
  }
  expect(hex(ann.view.map.core.key)).toBe(hex(bob.view.map.core.key))
  expect(hex(await ann.view.map.core.treeHash())).toBe(hex(await bob.view.map.core.treeHash()))
})

test('somebody who only reads comes to the same, with the key of the base alone', async () => {
  const [ann, bob] = await openGroup(['ann', 'bob'])
  const reader = await openBase('reader', ann.key)
  for (const writer of [ann, bob]) connect(writer, reader)
  await say(ann, 'ann', 3)
  await say(bob, 'bob', 3)
  await agree([ann, bob, reader], [...said('ann', 3), ...said('bob', 3)])
  expect(reader.writable).toBe(false)
})

test('a writer that restarts in the middle is the same writer, and catches up', async () => {
  const [ann, bob] = await openGroup(['ann', 'bob'])
  await Promise.all([say(ann, 'ann', 5), say(bob, 'bob', 5)])
  await agree([ann, bob], [...said('ann', 5), ...said('bob', 5)])
  const local = hex(bob.local.key)
  await bob.close()
  await say(ann, 'ann alone', 5)

  const again = await openBase('bob', ann.key)
  expect(hex(again.local.key)).toBe(local)
  await until(again, () => again.writable)
  await say(again, 'bob alone', 5)
  connect(ann, again)
  const all = ['ann', 'bob', 'ann alone', 'bob alone'].flatMap((name) => said(name, 5))
  await agree([ann, again], all)
})

test('a base that all of its writers have closed is there again without its key, as far as it was signed and beyond', async () => {
  const [ann, bob] = await openGroup(['ann', 'bob'])
  await Promise.all([say(ann, 'ann', 5), say(bob, 'bob', 5)])
  await agree([ann, bob], [...said('ann', 5), ...said('bob', 5)])
  await ann.append({ key: 'not yet', value: 'signed' })
  const { key } = ann
  const order = await linesOf(ann)
  await Promise.all([ann.close(), bob.close()])

  for (const name of ['ann', 'bob']) {
    const base = await openBase(name, null)
    expect(hex(base.key)).toBe(hex(key))
    expect(await linesOf(base)).toEqual(order)
    expect(base.view.log.signedLength).toBe(10)
    await base.append({ line: `${name} is back` })
    if (name === 'ann') expect((await base.view.map.get('not yet'))?.value).toBe('signed')
  }
})

test('two bases in namespaces of one store are two bases', async () => {
  const store = createStore('store')
  const work = await openBase(store.namespace('work'), null)
  const home = await openBase(store.namespace('home'), null)
  expect(hex(work.key)).not.toBe(hex(home.key))

  await say(work, 'work', 3)
  await say(home, 'home', 3)
  await work.close()
  expect(await linesOf(home)).toEqual(said('home', 3))
  const again = await openBase(store.namespace('work'), null)
  expect(await linesOf(again)).toEqual(said('work', 3))
})

test.each([0, 1, 2])(
  'a writer may have a key pair of its own, in a store of manifest version %i',
  async (manifestVersion) => {
    const store = createStore('store', { manifestVersion })
    const keyPair = await store.createKeyPair('writer')
    const base = await openBase(store, null, { keyPair })
    const signers = [{ publicKey: keyPair.publicKey }]
    expect(base.local.manifest).toMatchObject({ version: manifestVersion, signers })
    await say(base, 'line', 3)
    const key = hex(base.key)
    await base.close()

    const again = createStore('store', { manifestVersion })
    const reopened = await openBase(again, null, { keyPair: await again.createKeyPair('writer') })
    expect(hex(reopened.key)).toBe(key)
    expect(await linesOf(reopened)).toEqual(said('line', 3))
  },
)

test('an encrypted base is read by who has its encryption key, and keeps that over a restart', async () => {
  const encryptionKey = bytes32(9)
  const [ann, bob] = await openGroup(['ann', 'bob'], { encryptionKey })
  await say(ann, 'secret of ann', 2)
  await say(bob, 'secret of bob', 2)
  const all = [...said('secret of ann', 2), ...said('secret of bob', 2)]
  await agree([ann, bob], all)
  const { key } = ann
  const order = await linesOf(ann)
  await Promise.all([ann.close(), bob.close()])

  const store = createStore('ann')
  let blocks = 0
  for await (const discoveryKey of store.list()) {
    const stored = store.get({ discoveryKey })
    await stored.ready()
    for (let index = 0; index < stored.length; index++) {
      const block = await stored.get(index, { wait: false })
      expect(text(block)).not.toContain('secret')
      if (block !== null) blocks++
    }
  }
  expect(blocks).toBeGreaterThan(0)
  await store.close()

  const again = await openBase('ann', key, { encrypted: true })
  expect(hex(again.encryptionKey)).toBe(hex(encryptionKey))
  expect(await linesOf(again)).toEqual(order)
})

test('a writer that is added once there is much to read comes to the same', async () => {
  const ann = await openBase('ann', null)
  await say(ann, 'ann', 300)
  const bob = await openBase('bob', ann.key)
  connect(ann, bob)
  await addWriter(ann, bob)
  await say(bob, 'bob', 3)
  await agree([ann, bob], [...said('ann', 300), ...said('bob', 3)])
})
