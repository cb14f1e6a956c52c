// `audit` of a directory that Corestore 6 has written.

import { expect, test } from 'vitest'
import { emptyDirectory } from '../helpers/directories.js'
import { openStoreIn, range } from '../helpers/open-store.js'
import { openCorestore6 } from '../helpers/other-stores.js'
import { recordsOf } from '../helpers/records.js'

test('audit with dryRun moves no core of Corestore 6, and audit does', async () => {
  const directory = emptyDirectory()
  const before = openCorestore6(directory)
  for (const name of ['a', 'b']) await before.get({ name }).append(range(8).map((index) => `block ${index}`))
  await before.close()

  const store = openStoreIn(directory)
  await store.ready()
  const records = await recordsOf(store)
  for await (const { audit } of store.audit({ dryRun: true })) expect(audit).not.toBe(null)
  expect(await recordsOf(store)).toEqual(records)
  const blocks: unknown[] = []
  for await (const { audit } of store.audit()) blocks.push(audit?.blocks)
  expect(blocks).toEqual([8, 8])
})
