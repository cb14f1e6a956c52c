// Copies that have nothing yet: Hypercore looks for their length when they open, even for a peer.

import { expect, test } from 'vitest'
import { next } from '../helpers/events.js'
import { openStore } from '../helpers/open-store.js'
import { connect } from '../helpers/streams.js'

const KEY = new Uint8Array(32).fill(7)

test('an empty core that is open for a peer asks the peer for nothing', async () => {
  const [asking, asked] = [openStore(), openStore({ cacheSize: 0 })]
  const stored = asked.get({ key: KEY })
  await stored.ready()
  const closed = next(asked, 'core-close')
  await stored.close()
  await closed

  connect(asking, asked)
  const copy = asking.get({ key: KEY })
  await copy.update({ wait: true })
  expect(copy.peers.map(({ remoteSynced, remoteDownloading }) => [remoteSynced, remoteDownloading])).toEqual([
    [true, false],
  ])
})

test('a session that opens meanwhile downloads', async () => {
  const [writer, asking, asked] = [openStore(), openStore(), openStore({ cacheSize: 0 })]
  const core = writer.get({ name: 'core' })
  await core.append('block')
  const stored = asked.get({ key: core.key })
  await stored.ready()
  const closed = next(asked, 'core-close')
  await stored.close()
  await closed

  connect(asking, asked)
  await asking.get({ key: core.key }).update({ wait: true })
  connect(writer, asked)
  expect(String(await asked.get({ key: core.key }).get(0))).toBe('block')
})
