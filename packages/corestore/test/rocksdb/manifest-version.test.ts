// Named cores stay the same core in a directory of Corestore 6 or 7, and in one of ours that they open, whatever the manifest version.

import { describe, expect, test } from 'vitest'
import { hex, text } from '../helpers/bytes.js'
import { emptyDirectory } from '../helpers/directories.js'
import { openStoreIn } from '../helpers/open-store.js'
import { openCorestore6, openCorestore7 } from '../helpers/other-stores.js'
import { expectSame, write } from '../helpers/same-core.js'

describe.each([0, 1, 2])('under manifest version %i', (manifestVersion) => {
  test.each([0, 1])('a core that Corestore 7 named under version %i is the same one', async (theirs) => {
    const directory = emptyDirectory()
    const before = openCorestore7(directory, { manifestVersion: theirs })
    const core = before.namespace('n').get({ name: 'a' })
    await core.append('block')
    await before.close()
    await expectSame(openStoreIn(directory, { manifestVersion }).namespace('n'), hex(core.key))
  })

  test('a core that is named here is the same one in Corestore 7', async () => {
    const directory = emptyDirectory()
    const store = openStoreIn(directory, { manifestVersion })
    const key = await write(store.namespace('n'), 'block')
    await store.close()
    const there = openCorestore7(directory).namespace('n').get({ name: 'a' })
    expect(text(await there.get(0))).toBe('block')
    expect([hex(there.key), there.length, there.writable]).toEqual([key, 1, true])
  })

  test.each([
    ['by default', undefined],
    ['with manifests of version 0', { manifestVersion: 0, compat: false }],
    ['with manifests of version 1', { manifestVersion: 1, compat: false }],
  ])('a core that Corestore 6 named %s is the same one', async (_, options) => {
    const directory = emptyDirectory()
    const before = openCorestore6(directory, options)
    const core = before.namespace('n').get({ name: 'a' })
    await core.append('block')
    await before.close()
    await expectSame(openStoreIn(directory, { manifestVersion }).namespace('n'), hex(core.key))
    await expectSame(openStoreIn(directory, { manifestVersion: 1 }).namespace('n'), hex(core.key), 2)
  })
})
