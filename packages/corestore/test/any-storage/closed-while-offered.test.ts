// A core that closes before the peer has answered its offer.

import { Transform } from 'streamx'
import { expect, test } from 'vitest'
import { text } from '../helpers/bytes.js'
import { next } from '../helpers/events.js'
import { openStore } from '../helpers/open-store.js'

test('a peer that wants a core which closes just then reads it all the same', async () => {
  const writer = openStore({ cacheSize: 1, idleTimeout: Infinity })
  const reader = openStore()
  let arrives = Promise.resolve()
  const link = new Transform({ transform: (data, callback) => void arrives.then(() => callback(null, data)) })
  link.on('error', () => {}) // it ends with the stores
  const [near, far] = [writer.replicate(true), reader.replicate(false)]
  near.pipe(link).pipe(far).pipe(near)
  await Promise.all([near.noiseStream.opened, far.noiseStream.opened])

  // What the writer says arrives when the core has closed.
  let release = () => {}
  arrives = new Promise((resolve) => {
    release = resolve
  })
  const core = writer.get({ name: 'core' })
  const other = writer.get({ name: 'other' })
  for (const session of [core, other]) await session.append('block')
  const { key, discoveryKey } = core
  const closed = next(writer, 'core-close')
  await core.close()
  await other.close()
  expect((await closed)[0].discoveryKey).toEqual(discoveryKey)
  const copy = reader.get({ key: key ?? expect.fail('not open') })
  await copy.ready()
  release()

  expect(text(await copy.get(0))).toBe('block')
})
