// Storages that are not opened: what that is answered with, that they are left as they are, and that the next store works. What
// can be wrong with a directory is in files of its own.

import { describe, expect, test } from 'vitest'
import { bytes32, hex, text } from '../helpers/bytes.js'
import { expectNothingToOpen } from '../helpers/nothing-opens.js'
import { openStoreAt } from '../helpers/open-store.js'
import { storedPlace } from '../helpers/stored-core.js'

describe('a storage with a different primary key', () => {
  test('is refused, and every byte of it is left as it is', async () => {
    const place = await storedPlace()
    const before = await place.content()
    await expectNothingToOpen(openStoreAt(place, { primaryKey: bytes32(7) }), {
      code: 'STORAGE_CONFLICT',
      message: expect.stringContaining('holds a store with another primary key: leave out primaryKey'),
    })
    expect(await place.content()).toEqual(before)
    expect(text(await openStoreAt(place).get({ name: 'a' }).get(0))).toBe('block')
  })

  test('is told without showing either key', async () => {
    const place = await storedPlace()
    const error: Error = await openStoreAt(place, { primaryKey: bytes32(7) })
      .ready()
      .then(
        () => new Error('It opened'),
        (error) => error,
      )
    const printed = `${error.message} ${JSON.stringify(error)} ${error.stack}`
    expect(printed).not.toContain(hex(bytes32(7)))
    expect(printed).not.toContain(bytes32(7).join(','))
  })
})
