// `staticify` beside that of Corestore 7.

import { expect, test } from 'vitest'
import { hex, text } from '../helpers/bytes.js'
import { emptyDirectory } from '../helpers/directories.js'
import { keysOf, openStore, openStoreIn, range } from '../helpers/open-store.js'
import { openCorestore7 } from '../helpers/other-stores.js'

test('a static copy has the key that Corestore 7 gives it', async () => {
  const directory = emptyDirectory()
  const ours = openStoreIn(directory)
  await ours.get({ name: 'a' }).append(range(10).map((index) => `block ${index}`))
  await ours.close()

  const theirs = openCorestore7(directory)
  const expected = await theirs.staticify(theirs.get({ name: 'a' }))
  const { key, manifest } = expected
  await theirs.close()

  const again = openStore({ primaryKey: ours.primaryKey ?? undefined })
  const core = again.get({ name: 'a' })
  await core.append(range(10).map((index) => `block ${index}`))
  const copy = await again.staticify(core)
  expect(hex(copy.key)).toBe(hex(key))
  expect(copy.manifest).toEqual(manifest)
})

test('a static copy is found again by its key, here and by Corestore 7', async () => {
  const directory = emptyDirectory()
  const store = openStoreIn(directory)
  const core = store.get({ name: 'a' })
  await core.append(['first', 'second'])
  const { key } = keysOf(await store.staticify(core))
  await store.close()

  for (const open of [openStoreIn, openCorestore7]) {
    const again = open(directory)
    const copy = again.get(key)
    expect(text(await copy.get(1))).toBe('second')
    expect([copy.length, copy.writable, hex(copy.key)]).toEqual([2, false, hex(key)])
    await again.close()
  }
})
