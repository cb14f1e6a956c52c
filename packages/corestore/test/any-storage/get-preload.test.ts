// `get` with `preload`: options that are known only later.

import { describe, expect, test } from 'vitest'
import type { GetOptions } from '../../src/index.js'
import { hex, text } from '../helpers/bytes.js'
import { keysOf, openStore } from '../helpers/open-store.js'

describe('preload', () => {
  test.each<[string, (options: GetOptions) => GetOptions['preload']]>([
    ['a promise', async (options) => options],
    ['a function', (options) => () => options],
    ['a function that returns a promise', (options) => async () => options],
  ])('gives options later: %s', async (_, preload) => {
    const store = openStore()
    const written = store.get({ name: 'a' })
    await written.append('block')
    for (const options of [
      { name: 'a' },
      { key: keysOf(written).key },
      { keyPair: await store.createKeyPair('a') },
    ]) {
      const core = store.get({ preload: preload(options) })
      expect(core.key).toBe(null)
      expect(text(await core.get(0))).toBe('block')
      expect(hex(core.key)).toBe(hex(written.key))
    }
  })

  test('has the last word over the options beside it', async () => {
    const store = openStore()
    const core = store.get({
      name: 'a',
      valueEncoding: 'utf-8',
      preload: async () => ({ name: 'b', valueEncoding: 'json' }),
    })
    await store.get({ name: 'b' }).append('{"in":"b"}')
    expect(await core.get(0)).toEqual({ in: 'b' })
  })

  test('leaves the options beside it as they are otherwise', async () => {
    const store = openStore()
    const core = store.get({ valueEncoding: 'utf-8', preload: async () => ({ name: 'a' }) })
    await core.append('block')
    expect(await core.get(0)).toBe('block')
    const exclusive = store.get({ exclusive: true, preload: async () => ({ name: 'a' }) })
    await exclusive.ready()
    expect(exclusive.exclusive).toBe(true)
  })

  test.each([{}, null, undefined])('may give nothing more: %o', async (nothing) => {
    const core = openStore().get({ name: 'a', preload: async () => nothing as GetOptions })
    await core.append('block')
    expect(core.writable).toBe(true)
  })

  test('may take an encryption key', async () => {
    const store = openStore()
    const encryption = { key: new Uint8Array(32).fill(1) }
    await store.get({ name: 'a', encryption }).append('a secret')
    const core = store.get({ name: 'a', preload: async () => ({ encryption }) })
    expect(text(await core.get(0))).toBe('a secret')
  })
})
