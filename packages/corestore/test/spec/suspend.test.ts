// `suspend` and `resume`: not using the disk for a while.

import { expect, test } from 'vitest'
import { text } from '../helpers/bytes.js'
import { openStore, openStoreAt } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'
import { nextWarning } from '../helpers/warnings.js'

test('what needs the disk waits between suspend and resume, and goes on then', async () => {
  const store = openStore()
  const core = store.get({ name: 'a' })
  await core.append('first')
  await store.suspend()
  const work = Promise.all([core.append('second'), store.get({ name: 'b' }).ready()])
  expect(await Promise.race([work, turn()])).toBe('pending')
  await store.resume()
  await work
  expect([text(await core.get(0)), text(await core.get(1))]).toEqual(['first', 'second'])
})

test('what was written before a suspend is there if the process ends during it', async () => {
  const place = newPlace()
  const store = openStoreAt(place)
  await store.get({ name: 'a' }).append('block')
  await store.suspend()
  await store.close()
  expect(text(await openStoreAt(place).get({ name: 'a' }).get(0))).toBe('block')
})

test('a store that is suspended can be closed, with writes that are waiting', async () => {
  const place = newPlace()
  const store = openStoreAt(place)
  const core = store.get({ name: 'a' })
  await core.append('first')
  await store.suspend()
  const appended = core.append('second').then(
    () => 'second',
    () => undefined,
  )
  await store.close()
  const expected = ['first', await appended].filter((block) => block !== undefined)
  const again = openStoreAt(place).get({ name: 'a' })
  await again.ready()
  expect(again.length).toBeGreaterThanOrEqual(expected.length)
  for (const [index, block] of expected.entries()) expect(text(await again.get(index))).toBe(block)
})

test('a store may be suspended right away, before it is open', async () => {
  const store = openStore()
  await store.suspend()
  await store.resume()
  await store.get({ name: 'a' }).append('block')
})

test('it can be done again and again, and twice is as once', async () => {
  const store = openStore()
  const core = store.get({ name: 'a' })
  for (let round = 0; round < 5; round++) {
    await store.suspend()
    await store.suspend()
    const appended = core.append(`block ${round}`)
    await store.resume()
    await store.resume()
    await appended
  }
  expect(core.length).toBe(5)
})

test.each([
  ['at once', undefined],
  ['while it is being done', turn],
])('the last call counts, also if it comes %s', async (_, log) => {
  const store = openStore()
  const core = store.get({ name: 'a' })
  await core.append('first')
  const suspended = store.suspend({ log })
  if (log) await new Promise(setImmediate)
  await Promise.all([suspended, store.resume()])
  await core.append('second')

  const resumed = store.resume()
  const again = store.suspend({ log })
  await Promise.all([resumed, again])
  const appended = core.append('third')
  expect(await Promise.race([appended, turn()])).toBe('pending')
  await Promise.all([store.resume(), appended])
})

test('a session is closed while the store is suspended, with a core that is opening', async () => {
  const store = openStore()
  await store.get({ name: 'a' }).append('block')
  const session = store.session()
  await store.suspend()
  const core = session.get({ name: 'b' })
  const failed = core.ready().catch(() => {})
  await session.close()
  await store.resume()
  await failed
  expect(core.closed).toBe(true)
})

test('any store of a family suspends for all', async () => {
  const store = openStore()
  const session = store.session()
  const core = store.get({ name: 'a' })
  await core.append('first')
  await session.suspend()
  const appended = core.append('second')
  expect(await Promise.race([appended, turn()])).toBe('pending')
  await store.resume()
  expect(await appended).toMatchObject({ length: 2 })
})

test('log is told what is being done', async () => {
  const messages: string[] = []
  const store = openStore()
  await store.suspend({ log: (message) => messages.push(message) })
  expect(messages.length).toBeGreaterThan(0)
  expect(messages.every((message) => typeof message === 'string')).toBe(true)
  await store.resume()
})

test('suspend refuses options that are wrong, and leaves the store as it is', async () => {
  const store = openStore()
  for (const options of [null, 1, 'log', { log: 'log' }, { log: null }]) {
    await expect(store.suspend(options as never)).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
  }
  const core = store.get({ name: 'a' })
  await core.append('block')
  expect(core.length).toBe(1)
})

test('a log that throws is a warning of the process, and the store suspends all the same', async () => {
  const store = openStore()
  await store.ready()
  const warned = nextWarning('no log')
  const log = () => {
    throw new Error('no log')
  }
  await store.suspend({ log })
  await warned
  await store.resume()
  await store.get({ name: 'a' }).append('block')
})

test('the option suspend: false makes both do nothing', async () => {
  const store = openStore({ suspend: false })
  const core = store.get({ name: 'a' })
  await store.suspend()
  await core.append('block')
  await store.resume()
  expect(core.length).toBe(1)
})

test('a store that is closed is neither suspended nor resumed', async () => {
  const store = openStore()
  await store.close()
  await expect(store.suspend()).rejects.toMatchObject({ code: 'SESSION_CLOSED' })
  await expect(store.resume()).rejects.toMatchObject({ code: 'SESSION_CLOSED' })
})

/** Comes after all that could settle at once has settled. */
async function turn(): Promise<'pending'> {
  for (let count = 0; count < 10; count++) await new Promise(setImmediate)
  return 'pending'
}
