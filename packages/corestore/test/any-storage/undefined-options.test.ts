// An option that is `undefined` was not given: it never takes the place of a default or of what a session inherits.

import { describe, expect, test } from 'vitest'
import type { GetOptions } from '../../src/options/get-options.js'
import { bytes32, hex, text } from '../helpers/bytes.js'
import { openStore } from '../helpers/open-store.js'

const encryption = { key: bytes32(1) }

describe('an option of get that is undefined', () => {
  test.each([{ encryption: undefined }, { encryptionKey: undefined }, { name: 'a', encryption: undefined }])(
    'leaves the encryption of the store: %o',
    async (options) => {
      const store = openStore({ encryption })
      await store.get({ name: 'a', ...options }).append('a secret')
      expect(text(await asStored(store))).not.toContain('secret')
      expect(text(await store.get({ name: 'a' }).get(0))).toBe('a secret')
    },
  )

  test('leaves the value encoding and the timeout of the store', async () => {
    const store = openStore({ valueEncoding: 'json', timeout: 50 })
    const options: GetOptions = { name: 'a', valueEncoding: undefined, timeout: undefined, wait: undefined }
    const core = store.get(options)
    await core.append({ a: 1 })
    expect(await core.get(0)).toEqual({ a: 1 })
    expect(core.timeout).toBe(50)
  })

  test('leaves a core writable and active', async () => {
    const core = openStore().get({ name: 'a', writable: undefined, active: undefined, exclusive: undefined })
    await core.append('block')
    expect([core.writable, core.exclusive]).toEqual([true, false])
  })

  test('leaves what stands beside preload, and the encryption of the store', async () => {
    const store = openStore({ encryption })
    const core = store.get({
      name: 'a',
      valueEncoding: 'utf-8',
      preload: async () => ({
        name: undefined,
        key: undefined,
        valueEncoding: undefined,
        encryption: undefined,
      }),
    })
    await core.append('a secret')
    expect(await core.get(0)).toBe('a secret')
    expect(text(await asStored(store))).not.toContain('secret')
  })

  test('of default leaves its name', async () => {
    const store = openStore()
    await store.default({ name: undefined, valueEncoding: undefined }).append('block')
    expect(text(await store.default().get(0))).toBe('block')
  })
})

describe('an option of session that is undefined', () => {
  test('leaves what the store that made it has', async () => {
    const primaryKey = bytes32(2)
    const parent = openStore().session({
      namespace: bytes32(3),
      primaryKey,
      readOnly: true,
      active: false,
      manifestVersion: 2,
    })
    const session = parent.session({
      namespace: undefined,
      primaryKey: undefined,
      readOnly: undefined,
      writable: undefined,
      active: undefined,
      manifestVersion: undefined,
      detach: undefined,
      encryption: undefined,
    })
    expect(hex(session.ns)).toBe(hex(bytes32(3)))
    expect(hex(session.primaryKey)).toBe(hex(primaryKey))
    expect([session.readOnly, session.manifestVersion]).toEqual([true, 2])
    await session.close()
    expect(parent.closing).toBe(null)
  })

  test.each(['session', 'namespace'] as const)('leaves the encryption of the store: %s', async (member) => {
    const store = openStore({ encryption })
    const session =
      member === 'session'
        ? store.session({ encryption: undefined })
        : store.namespace('n', { encryption: undefined })
    await session.get({ name: 'a' }).append('a secret')
    expect(text(await asStored(session))).not.toContain('secret')
    expect(text(await session.get({ name: 'a' }).get(0))).toBe('a secret')
  })
})

describe('an option of a store that is undefined', () => {
  test('has its default', async () => {
    const store = openStore({
      primaryKey: undefined,
      namespace: undefined,
      cacheSize: undefined,
      readOnly: undefined,
      writable: undefined,
      manifestVersion: undefined,
      replicator: undefined,
      randomAccess: undefined,
      treeCache: undefined,
      globalCache: undefined,
      suspend: undefined,
      id: undefined,
      wait: undefined,
      allowBackup: undefined,
      encryption: undefined,
      valueEncoding: undefined,
      active: undefined,
    })
    await store.get({ name: 'a' }).append('block')
    expect([hex(store.ns), store.readOnly, store.manifestVersion]).toEqual([hex(bytes32(0)), false, 1])
  })

  test('has its default inside of options that hold options', async () => {
    const store = openStore({
      treeCache: { maxSize: undefined, maxAge: undefined },
      randomAccess: { sync: undefined, cacheSize: undefined, logSize: undefined, pageSize: undefined },
      replicator: { authorize: undefined, active: undefined, maxUnknown: undefined, maxLookups: undefined },
    })
    for (const block of ['1', '2', '3']) await store.get({ name: 'a' }).append(block)
    expect(text(await store.get({ name: 'a' }).get(2))).toBe('3')
  })
})

describe('an encryption that get was given', () => {
  test('takes the place of the older form that the store has, and the older form of the newer one', async () => {
    const store = openStore({ encryptionKey: bytes32(1) })
    await store.get({ name: 'a', encryption: bytes32(2) }).append('a secret')
    const other = openStore({ encryption: bytes32(1) })
    await other.get({ name: 'a', encryptionKey: bytes32(2) }).append('a secret')
    for (const each of [store, other]) {
      const core = each.session({ encryption: null }).get({ name: 'a', encryption: bytes32(2) })
      expect(text(await core.get(0))).toBe('a secret')
    }
  })

  test('is none if it is null, whichever form the store has', async () => {
    for (const options of [{ encryptionKey: bytes32(1) }, { encryption: bytes32(1) }]) {
      const store = openStore(options)
      await store.get({ name: 'a', encryption: null }).append('no secret')
      expect(text(await asStored(store))).toBe('no secret')
    }
  })
})

/** The last block of the core named `a`, as it is stored. */
async function asStored(store: ReturnType<typeof openStore>): Promise<Uint8Array> {
  const core = store.get({ name: 'a', encryption: null })
  await core.ready()
  return core.get(core.length - 1)
}
