// Stores of Corestore 6, converted: what they had is here, and the two generations go on together.

import { convert } from '@coreyard/convert'
import { Keychain } from '@coreyard/keychain'
import RAM from 'random-access-memory'
import { describe, expect, test } from 'vitest'
import { bytes32, text } from '../helpers/bytes.js'
import { Contents } from '../helpers/contents.js'
import { directoryHash, emptyDirectory } from '../helpers/directories.js'
import { keysOf, openStoreAt } from '../helpers/open-store.js'
import { openCorestore6 } from '../helpers/other-stores.js'
import { newPlace } from '../helpers/places.js'
import { connect, reads } from '../helpers/streams.js'

describe.each([
  ['with the keys that it makes by default', undefined],
  ['with manifests', { manifestVersion: 1, compat: false }],
  ['with manifests of version 0', { manifestVersion: 0, compat: false }],
])('a directory of Corestore 6 %s', (_, options) => {
  test('has all that it held when it is converted, and goes on there', async () => {
    const directory = emptyDirectory()
    const store = openCorestore6(directory, options)
    const contents = await Contents.write(store)
    await store.close()
    const before = directoryHash(directory)
    for (const to of [newPlace('memory'), newPlace('rocksdb')]) {
      await convert(directory, to.storage)
      expect(directoryHash(directory)).toEqual(before)
      const converted = openStoreAt(to)
      await contents.expectIn(converted)
      await contents.expectServedBy(converted)
      await converted.get({ name: 'new' }).append('x')
    }
    // Corestore 6 opens its own as before.
    await contents.expectIn(openCorestore6(directory, options))
  })
})

test('a converted core takes what a peer of Corestore 6 has, and gives what it appends', async () => {
  const directory = emptyDirectory()
  const peer = openCorestore6()
  const theirs = peer.get({ name: 'theirs' })
  await theirs.append(['1', '2'])
  const store = openCorestore6(directory)
  const mine = store.get({ name: 'mine' })
  await mine.append(['a', ''])
  const copy = store.get(keysOf(theirs).key)
  connect(store, peer)
  await reads(copy, '2', 1)
  await store.close()

  const to = newPlace('memory')
  await convert(directory, to.storage)
  const converted = openStoreAt(to)
  connect(converted, peer)
  const again = converted.get({ name: 'mine' })
  await again.append('c')
  const seen = peer.get(keysOf(mine).key)
  await reads(seen, 'c', 2)
  await reads(seen, '', 1)
  await theirs.append('3')
  await reads(converted.get(keysOf(theirs).key), '3', 2)
})

test('the cores of a Corestore 6 in memory are named by a keychain', async () => {
  const ram = RAM.reusable()
  const store = openCorestore6(ram as never)
  await store.namespace('app').get({ name: 'a' }).append('x')
  await store.get({ name: 'b' }).append('y')
  await store.close()
  const to = newPlace('memory')
  await convert(ram, to.storage, {
    cores: (primaryKey) => {
      const keychain = Keychain.from(primaryKey)
      return [keychain.namespace('app').keyPair('a').publicKey, keychain.keyPair('b').publicKey]
    },
  })
  const converted = openStoreAt(to)
  await reads(converted.namespace('app').get({ name: 'a' }), 'x')
  const core = converted.get({ name: 'b' })
  await core.append('z')
  expect([core.length, core.writable]).toEqual([2, true])
})

test('an encrypted core is stored as it was, and read with its key', async () => {
  const directory = emptyDirectory()
  const store = openCorestore6(directory)
  const core = store.get({ name: 'a', encryptionKey: bytes32(5) })
  await core.append(['secret', 'more'])
  await store.close()
  const to = newPlace('memory')
  await convert(directory, to.storage)
  const converted = openStoreAt(to)
  const again = converted.get({ name: 'a', encryption: { key: bytes32(5) } })
  await reads(again, 'secret')
  expect(text(await again.get(1))).toBe('more')
  expect(
    text(await converted.get({ key: keysOf(again).key, raw: true } as never).get(0, { raw: true })),
  ).not.toContain('secret')
})

test('a core that was first known by its key, then by its name, is writable by its name', async () => {
  const directory = emptyDirectory()
  const first = openCorestore6(directory)
  const { publicKey } = await first.createKeyPair('a')
  const known = first.get(publicKey)
  await known.ready()
  await known.close()
  const core = first.get({ name: 'a' })
  await core.append('x')
  await first.close()
  const to = newPlace('memory')
  await convert(directory, to.storage)
  const again = openStoreAt(to).get({ name: 'a' })
  await again.append('y')
  expect([again.length, again.writable]).toEqual([2, true])
})
