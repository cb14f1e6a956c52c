// A core that asks its peers for nothing.

import { expect, test } from 'vitest'
import { onlyServe } from '../../src/index.js'
import { connectedPair, newCore } from '../live.js'

test('update of Hypercore asks no peer when Replicator.addUpgrade is replaced', async () => {
  const { copy, reader, writer } = await connectedPair()
  onlyServe(copy)
  await writer.append('a')
  expect(await reader.update({ wait: true })).toBe(false)
})

test('Hypercore stores no hints when Core.flushHints is replaced', async () => {
  const core = await newCore()
  onlyServe(core)
  await core.ready()
  Object.assign(core, { hintsChanged: true })
  await core.close()
  expect(Reflect.get(core, 'hintsChanged')).toBe(true)
})
