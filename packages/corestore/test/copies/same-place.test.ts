// A store that goes on where it was left writes at once: nothing can have been lost.

import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { random } from '@coreyard/random-access-kv/test'
import Corestore7 from 'corestore-7'
import { describe, expect, test } from 'vitest'
import { emptyDirectory } from '../helpers/directories.js'
import { ENGINES, runUntilKilled } from '../kill/killed.js'
import { COPIED } from './copied-places.js'
import { NEVER, openIn } from './opening.js'

test.each(COPIED)('%s that was closed is written at once when it is opened again', async (_, makePlace) => {
  const place = makePlace()
  for (const length of [1, 2, 3]) {
    await using store = openIn(place, NEVER)
    const core = store.get({ name: 'log' })
    await core.append('block')
    expect(core.length).toBe(length)
  }
})

describe.each(ENGINES)('a directory of the engine %s', (_, options) => {
  test('that was moved is written at once', async () => {
    const parent = emptyDirectory()
    await using first = openIn({ storage: join(parent, 'first'), options })
    await first.get({ name: 'log' }).append('block')
    await first.close()
    renameSync(join(parent, 'first'), join(parent, 'second'))
    await using store = openIn({ storage: join(parent, 'second'), options }, NEVER)
    await store.get({ name: 'log' }).append('block')
  })

  test('of which the process was killed is written at once', async () => {
    const directory = emptyDirectory()
    const draw = random(1)
    await runUntilKilled('writer-process.js', [directory, JSON.stringify(options)], draw)
    await using store = openIn({ storage: directory, options }, NEVER)
    for (const name of ['a', 'b', 'c', 'd', 'e']) await store.get({ name }).append('block')
  })

  test('is not changed by a store that only reads', async () => {
    const directory = emptyDirectory()
    await using first = openIn({ storage: directory, options })
    await first.get({ name: 'log' }).append('block')
    await first.close()
    await using reading = openIn({ storage: directory, options }, { readOnly: true })
    await reading.get({ name: 'log' }).ready()
    await reading.close()
    await using store = openIn({ storage: directory, options }, NEVER)
    await store.get({ name: 'log' }).append('block')
  })
})

test('Corestore 7 opens a directory that was open here, writes it, and it is written at once here again', async () => {
  const directory = emptyDirectory()
  for (const length of [1, 3]) {
    await using store = openIn({ storage: directory, options: {} }, NEVER)
    const core = store.get({ name: 'log' })
    await core.append('ours')
    expect(core.length).toBe(length)
    await store.close()
    const theirs = new Corestore7(directory)
    const same = theirs.get({ name: 'log' })
    await same.append('theirs')
    expect(same.length).toBe(length + 1)
    await theirs.close()
  }
})
