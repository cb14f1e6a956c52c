// Bytes belong to the caller: what a call was given may be reused right after the call, and what a store gives out may be changed.

import Hypercore from 'hypercore'
import crypto from 'hypercore-crypto'
import { describe, expect, test } from 'vitest'
import { type Corestore, type GetOptions, memoryStorage } from '../../src/index.js'
import { bytes32, hex, listed, text, utf8 } from '../helpers/bytes.js'
import { until } from '../helpers/events.js'
import { openStore, writeCore } from '../helpers/open-store.js'

/** Calls with bytes of the caller's, which are overwritten as soon as the call has returned. */
function reusing<T>(bytes: Uint8Array, call: (bytes: Uint8Array) => T): T {
  const own = Uint8Array.from(bytes)
  const result = call(own)
  own.fill(0xee)
  return result
}

describe('get keeps its own copy of', () => {
  test('a name', async () => {
    const store = openStore()
    const core = reusing(utf8('alpha'), (name) => store.get({ name }))
    await core.append('block')
    expect(hex(core.keyPair?.publicKey ?? null)).toBe(hex((await store.createKeyPair('alpha')).publicKey))
    expect(hex(store.get({ name: 'alpha' }).key)).toBe(hex(core.key))
  })

  test('a key', async () => {
    const store = openStore()
    const { key, discoveryKey } = await writeCore(store, 'a')
    const cores = [
      reusing(key, (bytes) => store.get(bytes)),
      reusing(key, (bytes) => store.get({ key: bytes })),
    ]
    for (const core of cores) {
      expect(text(await core.get(0))).toBe('a')
      expect(hex(core.key)).toBe(hex(key))
    }
    const found = reusing(discoveryKey, (bytes) => store.get({ discoveryKey: bytes }))
    expect(text(await found.get(0))).toBe('a')
  })

  test('a key pair', async () => {
    const { publicKey, secretKey } = crypto.keyPair()
    const given = { publicKey: Uint8Array.from(publicKey), secretKey: Uint8Array.from(secretKey) }
    const core = openStore().get({ keyPair: given })
    given.publicKey.fill(0)
    given.secretKey.fill(0)
    await core.append('block')
    expect(hex(core.key)).toBe(hex(Hypercore.key(publicKey)))
  })

  test('a manifest, with all that is in it', async () => {
    const keyPair = crypto.keyPair()
    const manifest = {
      version: 2,
      signers: [{ publicKey: Uint8Array.from(keyPair.publicKey), namespace: bytes32(1) }],
      linked: [bytes32(2)],
      userData: bytes32(3),
      prologue: { length: 0, hash: bytes32(4) },
    }
    const key = hex(Hypercore.key(manifest))
    const core = openStore().get({ manifest, keyPair })
    const [signer] = manifest.signers
    const bytes = [signer?.publicKey, signer?.namespace, manifest.userData, manifest.prologue.hash]
    for (const each of [...bytes, ...manifest.linked]) each?.fill(0)
    manifest.signers.pop()
    await core.ready()
    expect([hex(core.key), hex(Hypercore.key(core.manifest ?? {}))]).toEqual([key, key])
  })

  test('an encryption key', async () => {
    const store = openStore()
    const forms = [
      (key: Uint8Array): GetOptions => ({ encryption: key }),
      (key: Uint8Array): GetOptions => ({ encryption: { key } }),
      (key: Uint8Array): GetOptions => ({ encryptionKey: key }),
    ]
    for (const form of forms) {
      const core = reusing(bytes32(1), (key) => store.get({ ...form(key), name: 'a' }))
      await core.append('a secret')
      await core.close()
      const again = store.get({ name: 'a', encryption: bytes32(1) })
      expect(text(await again.get(again.length - 1))).toBe('a secret')
      await again.close()
    }
  })

  test('user data and a group', async () => {
    const store = openStore()
    const value = utf8('value')
    const group = bytes32(1)
    const core = store.get({ name: 'a', group, userData: { key: value } })
    value.fill(0)
    group.fill(0)
    await core.append('block')
    expect(text(await core.getUserData('key'))).toBe('value')
    expect(await listed(store.notifyGroup(bytes32(1)).updates())).toEqual([hex(core.key)])
  })

  test('an option that changes while the store opens', async () => {
    const store = openStore()
    const options = { name: 'a' }
    const core = store.get(options)
    options.name = 'b'
    await core.append('block')
    expect(text(await store.get({ name: 'a' }).get(0))).toBe('block')
  })

  test('what preload gives, and of what stands beside it', async () => {
    const store = openStore()
    await writeCore(store, 'alpha')
    const name = utf8('alpha')
    const beside = store.get({ name, preload: async () => ({ valueEncoding: 'utf-8' }) })
    name.fill(0)
    expect(await beside.get(0)).toBe('alpha')

    const { key } = await writeCore(store, 'beta')
    const loaded = Uint8Array.from(key)
    const later = openStore().get({
      preload: () => {
        process.nextTick(() => loaded.fill(0))
        return { key: loaded }
      },
    })
    await later.ready()
    expect(hex(later.key)).toBe(hex(key))
  })
})

describe('a store keeps its own copy of', () => {
  test('its namespace', async () => {
    const store = openStore()
    const session = reusing(bytes32(1), (namespace) => store.session({ namespace }))
    const root = reusing(bytes32(1), (namespace) => openStore({ namespace, primaryKey: bytes32(2) }))
    expect([hex(session.ns), hex(root.ns)]).toEqual([hex(bytes32(1)), hex(bytes32(1))])
    const expected = (await store.createKeyPair('a', bytes32(1))).publicKey
    expect(hex((await session.createKeyPair('a')).publicKey)).toBe(hex(expected))
  })

  test('its primary key', async () => {
    const expected = await openStore({ primaryKey: bytes32(1) }).createKeyPair('a')
    const root = reusing(bytes32(1), (primaryKey) => openStore({ primaryKey }))
    const session = reusing(bytes32(1), (primaryKey) => openStore().session({ primaryKey }))
    for (const store of [root, session]) {
      expect(hex((await store.createKeyPair('a')).publicKey)).toBe(hex(expected.publicKey))
      expect(hex(store.primaryKey)).toBe(hex(bytes32(1)))
    }
  })

  test('an encryption key for every get', async () => {
    const encryption = { key: bytes32(1) }
    const store = openStore({ encryption })
    encryption.key.fill(0)
    await store.get({ name: 'a' }).append('a secret')
    expect(text(await store.get({ name: 'a', encryption: bytes32(1) }).get(0))).toBe('a secret')
  })

  test('the namespace that it gives out', async () => {
    const store = openStore()
    const expected = hex((await store.createKeyPair('a')).publicKey)
    const child = hex(store.namespace('b').ns)
    store.ns.fill(1)
    expect(hex((await store.createKeyPair('a')).publicKey)).toBe(expected)
    expect(hex(store.namespace('b').ns)).toBe(child)
    expect(hex(openStore().ns)).toBe(hex(bytes32(0)))
  })
})

describe('a caller may change, with no effect on the store,', () => {
  const wipe = (bytes: Uint8Array | null | undefined) => bytes?.fill(0xee)

  test('the primary key that the store gives out, which stays after the store has closed', async () => {
    const store = openStore({ primaryKey: bytes32(1) })
    const { key } = await writeCore(store, 'a')
    wipe(store.primaryKey)
    const { primaryKey } = store
    expect(hex(primaryKey)).toBe(hex(bytes32(1)))
    const other = store.session({ primaryKey: bytes32(0xee) }).get({ name: 'a' })
    const same = store.session({ primaryKey: bytes32(1) }).get({ name: 'a' })
    await Promise.all([other.ready(), same.ready()])
    expect([hex(other.key) === hex(key), hex(same.key)]).toEqual([false, hex(key)])
    await store.close()
    expect(hex(primaryKey)).toBe(hex(bytes32(1)))
  })

  test('the primary key that a session gives out, before and after it is open', async () => {
    const store = openStore()
    const keyOf = async (session: Corestore) =>
      hex((await session.namespace('b').createKeyPair('a')).publicKey)
    const expected = await keyOf(store.session({ primaryKey: bytes32(5) }))
    const early = store.session({ primaryKey: bytes32(5) })
    wipe(early.primaryKey)
    const late = store.session({ primaryKey: bytes32(5) })
    await late.ready()
    wipe(late.primaryKey)
    expect([await keyOf(early), await keyOf(late)]).toEqual([expected, expected])
  })

  test('the topic and the key of a change of a group', async () => {
    const store = openStore()
    const changes: string[] = []
    const note = (event: string, topic: Uint8Array | null, { key }: { key: Uint8Array }) => {
      changes.push(`${event} ${hex(topic)} ${hex(key)}`)
      wipe(topic)
      wipe(key)
    }
    store.on('group-active', (topic, update) => note('store', topic, update))
    store.namespace('a').on('group-active', (topic, update) => note('namespace', topic, update))
    for (const name of ['one', 'other']) {
      store.notifyGroup(bytes32(1)).on('update', (update) => note(name, null, update))
    }
    const core = store.get({ name: 'a', group: bytes32(1) })
    await core.ready()
    const [topic, key] = [hex(bytes32(1)), hex(core.key)]
    for (const block of ['first', 'second']) {
      await core.append(block)
      await until(() => changes.length === 4)
      const expected = [`store ${topic} ${key}`, `namespace ${topic} ${key}`, `one  ${key}`, `other  ${key}`]
      expect(changes.splice(0)).toEqual(expected)
    }
  })

  test('the options that feed tells', async () => {
    const store = openStore({ encryption: { key: bytes32(1) } })
    let count = 0
    store.on('feed', (_, { encryption, keyPair }) => {
      count++
      wipe(keyPair?.secretKey)
      if (encryption && 'key' in encryption) wipe(encryption.key)
    })
    const core = store.get({ keyPair: crypto.keyPair() })
    await core.append('a secret')
    await until(() => count === 1)
    await core.append('another')
    const next = store.get({ name: 'a' })
    await next.append('a secret')
    expect(text(await store.get({ key: core.key, encryption: bytes32(1) }).get(1))).toBe('another')
    expect(text(await store.get({ name: 'a', encryption: bytes32(1) }).get(0))).toBe('a secret')
  })

  test('what lists and getAuth give', async () => {
    const store = openStore()
    const { key, discoveryKey } = await writeCore(store, 'a')
    const { ns } = store
    for (const _ of ['first', 'second']) {
      const found: string[] = []
      for await (const bytes of store.list()) found.push(hex(bytes)) && wipe(bytes)
      for await (const bytes of store.list(ns)) found.push(hex(bytes)) && wipe(bytes)
      for await (const core of store.stored({ namespace: ns })) {
        found.push(hex(core.key), hex(core.discoveryKey), hex(core.namespace))
        for (const bytes of [core.key, core.discoveryKey, core.namespace]) wipe(bytes)
      }
      const auth = await store.getAuth(discoveryKey)
      found.push(hex(auth?.key ?? null))
      for (const bytes of [auth?.key, auth?.keyPair?.secretKey]) wipe(bytes)
      const id = hex(discoveryKey)
      expect(found).toEqual([id, id, hex(key), id, hex(ns), hex(key)])
    }
  })
})

describe('every other call keeps its own copy of', () => {
  test('the core that delete is given', async () => {
    const store = openStore()
    const [kept, ...doomed] = await Promise.all(['kept', 'a', 'b', 'c'].map((name) => writeCore(store, name)))
    await Promise.all([...store.sessions].map((core) => core.close()))
    const keep = (bytes: Uint8Array) => bytes.set(kept?.discoveryKey ?? [])

    const discoveryKey = Uint8Array.from(doomed[0]?.discoveryKey ?? [])
    const key = Uint8Array.from(doomed[1]?.key ?? [])
    const name = utf8('c')
    const deleting = [store.delete({ discoveryKey }), store.delete(key), store.delete({ name })]
    keep(discoveryKey)
    key.set(kept?.key ?? [])
    name.fill(0)
    expect(await Promise.all(deleting)).toEqual([true, true, true])
    expect(await listed(store.list())).toEqual([hex(kept?.discoveryKey ?? null)])
  })

  test('the namespace that list and stored are given', async () => {
    const store = openStore()
    const { discoveryKey } = await writeCore(store.namespace('a'), 'core')
    const { ns } = store.namespace('a')
    expect(await listed(reusing(ns, (namespace) => store.list(namespace)))).toEqual([hex(discoveryKey)])
    const stored: string[] = []
    for await (const core of reusing(ns, (namespace) => store.stored({ namespace }))) {
      stored.push(hex(core.discoveryKey), hex(core.namespace))
    }
    expect(stored).toEqual([hex(discoveryKey), hex(ns)])
  })

  test('the name and namespace that createKeyPair is given', async () => {
    const store = openStore()
    const name = utf8('name')
    const namespace = bytes32(1)
    const derived = store.createKeyPair(name, namespace)
    name.fill(0)
    namespace.fill(0)
    const expected = await store.createKeyPair('name', bytes32(1))
    expect(hex((await derived).publicKey)).toBe(hex(expected.publicKey))
  })

  test('the discovery key that getAuth is given', async () => {
    const store = openStore()
    const { key, discoveryKey } = await writeCore(store, 'a')
    const auth = await reusing(discoveryKey, (bytes) => store.getAuth(bytes))
    expect(hex(auth?.key ?? null)).toBe(hex(key))
  })

  test('the topic that notifyGroup is given', async () => {
    const store = openStore()
    const handle = reusing(bytes32(1), (topic) => store.notifyGroup(topic))
    const updated = new Promise((resolve) => handle.once('update', resolve))
    const core = store.get({ name: 'a', group: bytes32(1) })
    await core.append('block')
    await updated
    expect(await listed(handle.updates())).toEqual([hex(core.key)])
  })

  test('the options that updates of a group is given', async () => {
    const store = openStore()
    const core = store.get({ name: 'a', group: bytes32(1) })
    await core.append('block')
    const options = { since: 0 }
    const updates = store.notifyGroup(bytes32(1)).updates(options)
    options.since = Number.MAX_SAFE_INTEGER
    expect(await listed(updates)).toEqual([hex(core.key)])
  })

  test('the options that backup is given', async () => {
    const store = openStore()
    await writeCore(store, 'a')
    const options = { batchSize: 1000, to: { randomAccess: { pageSize: 4096 } } }
    const copying = store.backup(memoryStorage(), options)
    options.batchSize = -1
    Object.assign(options.to, { randomAccess: 'none' })
    expect(await copying).toMatchObject({ cores: 1 })
  })

  test('the options that staticify is given', async () => {
    const store = openStore()
    const core = store.get({ name: 'a' })
    await core.append('block')
    const value = utf8('value')
    const copying = reusing(bytes32(2), (group) => store.staticify(core, { group, userData: { key: value } }))
    value.fill(0)
    const copy = await copying
    expect(text(await copy.getUserData('key'))).toBe('value')
    expect(await store.storage.getGroup(bytes32(2))).not.toBe(null)
  })
})
