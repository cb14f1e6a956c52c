// Directories of Corestore 6 and 7 opened here, and ours there: "keeps" means names, namespaces, keys, lengths, blocks,
// writability and the primary key.

import { describe, expect, test } from 'vitest'
import { bytes32, hex, text, utf8 } from '../helpers/bytes.js'
import { type AnyStore, Contents } from '../helpers/contents.js'
import { emptyDirectory } from '../helpers/directories.js'
import { openStoreIn } from '../helpers/open-store.js'
import { openCorestore6, openCorestore7 } from '../helpers/other-stores.js'

describe('a directory of Corestore 7', () => {
  test('keeps all that it holds when it opens here', async () => {
    const { directory, contents } = await written(openCorestore7)
    const store = openStoreIn(directory)
    await contents.expectIn(store)
    await contents.expectServedBy(store)
  })

  test('keeps all that it was given here when it opens there', async () => {
    const { directory, contents } = await written(openStoreIn)
    const store = openCorestore7(directory)
    await contents.expectIn(store)
    await contents.expectServedBy(store)
  })

  test('is written here and there in turns', async () => {
    const { directory, contents } = await written(openCorestore7)
    for (const [turn, open] of [openStoreIn, openCorestore7, openStoreIn, openCorestore7].entries()) {
      const store = open(directory)
      await contents.expectIn(store)
      await contents.extendIn(store, `turn ${turn}`)
      await store.close()
    }
    await contents.expectIn(openStoreIn(directory))
  })

  test('lists the same cores here and there, all of them and those of a namespace', async () => {
    const { directory, contents } = await written(openStoreIn)
    const there = openCorestore7(directory)
    const { ns } = openStoreIn(emptyDirectory()).namespace('app')
    const all = await sorted(there.list())
    const inNamespace = await sorted(there.list(ns))
    await there.close()
    expect([all.length, inNamespace.length]).toEqual([contents.size, 1])

    const here = openStoreIn(directory)
    expect(await sorted(here.list())).toEqual(all)
    expect(await sorted(here.list(ns))).toEqual(inNamespace)
  })
})

describe.each([
  ['with the keys that it makes by default', undefined],
  ['with manifests', { manifestVersion: 1, compat: false }],
  ['with manifests of version 0', { manifestVersion: 0, compat: false }],
])('a directory of Corestore 6 %s', (_, options) => {
  test('keeps all that it holds when it opens here', async () => {
    const { directory, contents } = await written((path) => openCorestore6(path, options))
    const store = openStoreIn(directory)
    await contents.expectIn(store)
    await contents.expectServedBy(store)
  })

  test('serves a peer all that it holds, although nothing of it was opened here before', async () => {
    const { directory, contents } = await written((path) => openCorestore6(path, options))
    await contents.expectServedBy(openStoreIn(directory))
  })

  test('keeps what is encrypted, and the user data of a core', async () => {
    const directory = emptyDirectory()
    const key = bytes32(7)
    const before = openCorestore6(directory, options)
    const secret = before.get({ name: 'secret', encryptionKey: key })
    await secret.append('a secret')
    await secret.setUserData('referrer', utf8('somebody'))
    await before.close()

    const core = openStoreIn(directory).get({ name: 'secret', encryption: { key } })
    expect(text(await core.get(0))).toBe('a secret')
    expect(text(await core.getUserData('referrer'))).toBe('somebody')
    expect(text(await core.get(0, { raw: true }))).not.toContain('a secret')
  })

  test('goes on being written here, and is one of Corestore 7 from then on', async () => {
    const { directory, contents } = await written((path) => openCorestore6(path, options))
    const store = openStoreIn(directory)
    await contents.extendIn(store, 'here')
    await contents.expectServedBy(store)
    await store.close()

    const there = openCorestore7(directory)
    await contents.expectIn(there)
    await contents.extendIn(there, 'there')
    await there.close()
    await contents.expectIn(openStoreIn(directory))
  })
})

/** A directory that a store has written and closed, and what is in it. */
async function written(
  open: (directory: string) => AnyStore,
): Promise<{ directory: string; contents: Contents }> {
  const directory = emptyDirectory()
  const store = open(directory)
  const contents = await Contents.write(store)
  await store.close()
  return { directory, contents }
}

/** Discovery keys in hex, in order. */
async function sorted(keys: AsyncIterable<Uint8Array>): Promise<string[]> {
  const list: string[] = []
  for await (const key of keys) list.push(hex(key))
  return list.sort()
}
