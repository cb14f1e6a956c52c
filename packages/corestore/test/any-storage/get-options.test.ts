// The options of `get` beside those that say which core: `exclusive`, `writable`, `active`, `valueEncoding`,
// `encryption`. `preload` has a file of its own.

import { describe, expect, test } from 'vitest'
import type { StoreOptions } from '../../src/index.js'
import { bytes32, hex, text } from '../helpers/bytes.js'
import { Onlooker } from '../helpers/onlooker.js'
import { keysOf, openStore, openStoreAt, range } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'
import { connect } from '../helpers/streams.js'

describe('exclusive', () => {
  test('a writable session waits until every other exclusive writable session of the core has closed', async () => {
    const store = openStore()
    let open = 0
    let most = 0
    const write = async (block: number): Promise<void> => {
      const core = store.get({ name: 'a', exclusive: true })
      await core.append(`${block}`)
      most = Math.max(most, ++open)
      await new Promise(setImmediate)
      open--
      await core.close()
    }
    await Promise.all(range(5).map(write))
    expect(most).toBe(1)
    const core = store.get({ name: 'a' })
    await core.ready()
    expect(core.length).toBe(5)
  })

  test('holds across the sessions and namespaces of a store, however the core is asked for', async () => {
    const store = openStore()
    const first = store.get({ name: 'a', exclusive: true })
    await first.append('1')
    const { key, discoveryKey } = keysOf(first)
    const waiting = [
      store.session().get({ name: 'a', exclusive: true }),
      store.namespace('b').get({ key, exclusive: true }),
      store.get({ discoveryKey, exclusive: true }),
    ]
    await store.get(key).append('from a session that is not exclusive')
    expect(waiting.map(({ opened }) => opened)).toEqual([false, false, false])
    await first.close()
    await Promise.all(waiting.map((core) => core.ready().then(() => core.close())))
  })

  test('does not concern sessions that are not exclusive, or not writable', async () => {
    const store = openStore()
    await store.get({ name: 'a', exclusive: true }).append('block')
    const others = [store.get({ name: 'a' }), store.get({ name: 'a', exclusive: true, writable: false })]
    for (const other of others) expect(text(await other.get(0))).toBe('block')
  })
})

describe('writable', () => {
  test('false: nothing is appended through that session, but through others', async () => {
    const store = openStore()
    const reader = store.get({ name: 'a', writable: false })
    await expect(reader.append('block')).rejects.toMatchObject({ code: 'SESSION_NOT_WRITABLE' })
    await store.get({ name: 'a' }).append('block')
    expect(reader.length).toBe(1)
    expect(reader.writable).toBe(false)
  })
})

describe('active', () => {
  test.each<[string, StoreOptions, { active?: boolean }]>([
    ['of get', {}, { active: false }],
    ['of the store', { active: false }, {}],
    ['of a session', {}, {}],
  ])(
    'false: the core is not announced to peers, only served when asked for: %s',
    async (which, storeOptions, options) => {
      const store = openStore(storeOptions)
      const session = which === 'of a session' ? store.session({ active: false }) : store
      const before = session.get({ name: 'passive', ...options })
      await before.append('block')
      const onlooker = new Onlooker(store)
      const after = session.get({ name: 'passive, opened later', ...options })
      await after.append('block')

      const active = store.session({ active: true }).get({ name: 'active' })
      await active.append('block')
      await onlooker.sees(keysOf(active).discoveryKey)
      expect(onlooker.announced).toEqual([hex(active.discoveryKey)])

      const peer = openStore()
      connect(store, peer)
      for (const { key } of [before, after]) expect(text(await peer.get({ key }).get(0))).toBe('block')
    },
  )
})

describe('valueEncoding', () => {
  test('is bytes by default', async () => {
    const core = openStore().get({ name: 'a' })
    await core.append(Uint8Array.of(1, 2, 3))
    expect([...(await core.get(0))]).toEqual([1, 2, 3])
  })

  test('json takes and gives what JSON can hold', async () => {
    const core = openStore().get<{ text: string }>({ name: 'a', valueEncoding: 'json' })
    await core.append([{ text: 'hello' }, { text: 'world' }])
    expect(await core.get(1)).toEqual({ text: 'world' })
  })

  test('utf-8 takes and gives strings', async () => {
    const core = openStore().get({ name: 'a', valueEncoding: 'utf-8' })
    await core.append('hello')
    expect(await core.get(0)).toBe('hello')
  })

  test('may be a codec of your own', async () => {
    const reversed = {
      encode: (value: number[]) => Uint8Array.from(value).reverse(),
      decode: (bytes: Uint8Array) => [...bytes].reverse(),
    }
    const core = openStore().get({ name: 'a', valueEncoding: reversed })
    await core.append([[1, 2, 3]])
    expect(await core.get(0)).toEqual([1, 2, 3])
  })

  test('is a matter of each session', async () => {
    const store = openStore()
    await store.get({ name: 'a', valueEncoding: 'json' }).append({ a: 1 })
    expect(await store.get({ name: 'a', valueEncoding: 'utf-8' }).get(0)).toBe('{"a":1}')
    expect(text(await store.get({ name: 'a' }).get(0))).toBe('{"a":1}')
  })
})

describe('encryption', () => {
  const encryption = { key: bytes32(1) }

  test.each([
    ['encryption: { key }', { encryption }],
    ['encryption: key', { encryption: bytes32(1) }],
    ['encryptionKey', { encryptionKey: bytes32(1) }],
  ])('encrypts what is stored, and reads it back with the same key: %s', async (_, options) => {
    const place = newPlace()
    const store = openStoreAt(place)
    await store.get({ name: 'a', ...options }).append('a secret')
    expect(text(await store.get({ name: 'a' }).get(0))).not.toContain('secret')
    await store.close()
    const again = openStoreAt(place)
    expect(text(await again.get({ name: 'a', encryption }).get(0))).toBe('a secret')
    expect(text(await again.get({ name: 'a' }).get(0))).not.toContain('secret')
  })

  test('may be one of your own', async () => {
    const store = openStore()
    const flip = (block: Uint8Array) => block.set(block.map((byte) => ~byte))
    const own = {
      padding: () => 0,
      encrypt: (_: number, block: Uint8Array) => flip(block),
      decrypt: (_: number, block: Uint8Array) => flip(block),
    }
    const core = store.get({ name: 'a', encryption: own })
    await core.append('a secret')
    expect(text(await core.get(0))).toBe('a secret')
    expect(text(await store.get({ name: 'a' }).get(0))).not.toContain('secret')
  })

  test.each([null, undefined, false])('may be none: %s', async (none) => {
    const store = openStore()
    await store.get({ name: 'a', encryption: none as null }).append('no secret')
    expect(text(await store.get({ name: 'a' }).get(0))).toBe('no secret')
  })

  test('works with a core that has its key at once', async () => {
    const store = openStore()
    const core = store.get({ encryption })
    await core.append('a secret')
    const { key } = keysOf(core)
    expect(text(await store.get({ key, encryption }).get(0))).toBe('a secret')
    expect(hex(await store.get(key).get(0))).not.toContain(hex(new TextEncoder().encode('secret')))
  })
})
