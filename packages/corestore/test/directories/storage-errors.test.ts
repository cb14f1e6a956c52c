// Directories that cannot be opened: what that is answered with, that they are left as they are, and that the next store works.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bytes32, text } from '../helpers/bytes.js'
import { directoryHash, emptyDirectory } from '../helpers/directories.js'
import { holderOf } from '../helpers/holder.js'
import { expectNothingToOpen } from '../helpers/nothing-opens.js'
import { openStoreIn } from '../helpers/open-store.js'
import { storedDirectory } from '../helpers/stored-core.js'

describe('a directory that another process has open', () => {
  test('is refused, by name, and left as it is; the next store opens it', async () => {
    const directory = await storedDirectory()
    const holder = await holderOf(directory)
    const before = directoryHash(directory)
    await expectNothingToOpen(openStoreIn(directory), {
      code: 'STORAGE_LOCKED',
      directory,
      message: expect.stringContaining(`${directory} is open in another store`),
    })
    expect(directoryHash(directory)).toEqual(before)
    await holder.end()
    expect(text(await openStoreIn(directory).get({ name: 'a' }).get(0))).toBe('block')
  })

  test('is waited for with wait', async () => {
    const directory = await storedDirectory()
    const holder = await holderOf(directory)
    const block = openStoreIn(directory, { wait: true }).get({ name: 'a' }).get(0)
    await expectNothingToOpen(openStoreIn(directory), { code: 'STORAGE_LOCKED' })
    await holder.end()
    expect(text(await block)).toBe('block')
  })

  test('is refused if it is another store of this process, which goes on', async () => {
    const directory = emptyDirectory()
    const first = openStoreIn(directory)
    await first.ready()
    await expectNothingToOpen(openStoreIn(directory), { code: 'STORAGE_LOCKED', directory })
    await first.get({ name: 'a' }).append('block')
  })
})

describe('a directory that cannot be', () => {
  test.each([
    ['a file', 'file'],
    ['a path under a file', 'file/a/b'],
  ])('%s: is refused, by name, and left as it is', async (_, path) => {
    const parent = emptyDirectory()
    writeFileSync(join(parent, 'file'), 'content')
    const before = directoryHash(parent)
    const directory = join(parent, path)
    await expectNothingToOpen(openStoreIn(directory), {
      code: 'STORAGE_NOT_WRITABLE',
      directory,
      message: expect.stringContaining(
        `${directory} is a file, or lies below one: give the path of a directory`,
      ),
    })
    expect(directoryHash(parent)).toEqual(before)
  })
})

test('nobody has to listen: no rejection goes unhandled', async () => {
  const path = join(emptyDirectory(), 'file')
  writeFileSync(path, 'content')
  const store = openStoreIn(path)
  const session = store.namespace('a')
  const core = session.get({ name: 'a' })
  store.get(bytes32(1))
  store.get({ exclusive: true })
  await new Promise<void>((resolve) => core.once('close', resolve))
  await session.close()
  await store.close()
})
