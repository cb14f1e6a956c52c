// What a window is told of a source, and how much.

import type { Source } from '@coreyard/window'
import { expect, onTestFinished, test } from 'vitest'
import type { Board, Update } from '../src/board/board.js'
import { Feed } from '../src/source/feed.js'
import { storeSource } from '../src/source/source.js'
import { connect, openStore, write } from './stores.js'

test('a store that was suspended when it was first seen is listed once it resumes', async () => {
  const store = openStore()
  await write(store, 'chat')
  await store.suspend()
  const follower = newFollower(storeSource(store))
  await follower.until(({ status }) => status.note !== null)
  await store.resume()
  await follower.until(({ status }) => status.note === null && !status.listing)
})

test('peers and cores at rest are not told of again', async () => {
  const [store, other] = [openStore(), openStore()]
  const core = await write(store, 'chat')
  connect(store, other)
  await other.get({ key: core.key ?? undefined }).get(0)
  const follower = newFollower(storeSource(store))
  await follower.until(({ peers, cells }) => peers.size === 1 && cells.size === 1)
  await follower.untilUpdate(({ peers, cells, rows }) => peers.length + cells.length + rows.length === 0)
})

test('a source that fails says why, and its cores stay', async () => {
  const source: Source = {
    async *sights() {
      yield { type: 'begins', state: 'live', directory: null, note: null }
      throw new Error('it broke')
    },
    explain: () => Promise.reject(new Error('it broke')),
  }
  const follower = newFollower(source)
  await follower.until(({ status }) => status.state === 'waiting' && status.note === 'it broke')
})

test('a window that nobody shows looks no longer, and looks again for the next one', async () => {
  let looks = 0
  let ended = 0
  const source: Source = {
    async *sights(signal) {
      looks++
      try {
        yield { type: 'begins', state: 'live', directory: null, note: null }
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
      } finally {
        ended++
      }
    },
    explain: () => Promise.reject(new Error('not asked')),
  }
  const feed = new Feed(source)
  feed.follow(() => {})()
  await feed.end()
  expect([looks, ended]).toEqual([1, 1])
  feed.follow(() => {})
  await feed.end()
  expect([looks, ended]).toEqual([2, 2])
})

function newFollower(source: Source) {
  const feed = new Feed(source)
  let onUpdate: (update: Update) => void = () => {}
  const unfollow = feed.follow((update) => onUpdate(update))
  onTestFinished(async () => {
    unfollow()
    await feed.end()
  })
  const untilUpdate = (holds: (update: Update) => boolean) =>
    new Promise<void>((resolve) => {
      onUpdate = (update) => {
        if (holds(update)) resolve()
      }
    })
  const until = async (holds: (board: Board) => boolean) => {
    while (!holds(feed.board)) await untilUpdate(() => true)
  }
  return { until, untilUpdate }
}
