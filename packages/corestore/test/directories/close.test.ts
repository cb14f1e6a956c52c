// `close` while the directory cannot be had.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { emptyDirectory } from '../helpers/directories.js'
import { openStoreIn } from '../helpers/open-store.js'

describe('close never hangs on a directory', () => {
  test('that waits for another store to close', async () => {
    const directory = emptyDirectory()
    await openStoreIn(directory).ready()
    const waiting = openStoreIn(directory, { wait: true })
    const ready = failure(waiting)
    await waiting.close()
    expect(await ready).toBe('SESSION_CLOSED')
  })

  test('that cannot be opened', async () => {
    const path = join(emptyDirectory(), 'file')
    writeFileSync(path, 'content')
    const store = openStoreIn(path)
    const core = failure(store.get({ name: 'a' }))
    await store.session().close()
    await store.close()
    expect(await core).toBe('STORAGE_NOT_WRITABLE')
  })
})

/** The code of the error that `ready` ends with. */
function failure(opening: { ready(): Promise<void> }): Promise<unknown> {
  return opening.ready().then(
    () => 'none',
    (error) => error.code,
  )
}
