// The store option `wait`, and the signal of `ready`.

import { expect, test } from 'vitest'
import { corestore } from '../../src/index.js'
import { newPlace } from '../helpers/places.js'

test('ready that is aborted ends the wait for the other store, and the directory can be opened later', async () => {
  const { storage, options } = newPlace()
  const first = corestore(storage, options)
  await first.ready()
  const waiting = corestore(storage, { ...options, wait: true })
  const controller = new AbortController()
  const opened = waiting.ready({ signal: controller.signal })
  const reason = new Error('enough')
  controller.abort(reason)
  await expect(opened).rejects.toBe(reason)
  await expect(waiting.ready()).rejects.toMatchObject({ code: 'STORAGE_CLOSED' })
  await waiting.close()
  await first.close()

  const next = corestore(storage, options)
  await next.ready()
  await next.close()
})
