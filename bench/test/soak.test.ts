// A soak that is short, and what it calls broken.

import { expect, test } from 'vitest'
import { attacks } from '../src/soak/attacks.js'
import { brokenIn, brokenOverAll } from '../src/soak/bounds.js'
import type { Minute, PeersFigures, StoreFigures } from '../src/soak/figures.js'
import { soak } from '../src/soak/soak.js'
import { temporaryDirectory } from './helpers/temporary.js'

test('a short soak sees honest asks, attacks, and a followed core', async () => {
  const minutes: Minute[] = []
  const hasSeenAll = ({ store, peers }: Minute) =>
    store.followed > 0 && peers.asked.length > 0 && Object.keys(peers.attacks).length > 0
  while (!minutes.slice(-1).some(hasSeenAll)) {
    await soak({
      engine: 'memory',
      directory: temporaryDirectory(),
      minutes: 1,
      minute: 4000 * (minutes.length + 1), // a slow machine needs longer ones
      cores: 20,
      share: 1,
      seed: 1,
      attacks: Object.keys(attacks),
      onminute: (minute) => minutes.push(minute),
    })
  }
  const { store } = minutes.at(-1) ?? quiet()
  for (const { store, peers } of minutes) expect([store.wrong, peers.failed]).toEqual([0, []])
  expect(store.openCores).toBeLessThanOrEqual(store.mostCores)
})

test('a quiet minute breaks no bound', () => {
  expect(brokenIn(quiet())).toEqual([])
  expect(brokenOverAll(Array.from({ length: 30 }, () => quiet()))).toEqual([])
})

test.each<[string, Partial<StoreFigures>, Partial<PeersFigures>]>([
  ['open cores', { openCores: 101 }, {}],
  ['of memory', { rss: 2 ** 30 }, {}],
  ['event loop', { stall: 10_000 }, {}],
  ['of an ask', {}, { asked: [11_000] }],
  ['failed', {}, { failed: ['Error: late'] }],
  ['no ask', {}, { asked: [] }],
  ['wrong blocks', { wrong: 1 }, {}],
  ['had written 10', { followed: 9 }, {}],
])('a minute breaks a bound: %s', (message, store, peers) => {
  expect(brokenIn(quiet(store, peers))).toEqual([expect.stringContaining(message)])
})

test('memory that grows breaks a bound', () => {
  const minutes = Array.from({ length: 30 }, (_, minute) => quiet({ rss: (100 + 5 * minute) * 2 ** 20 }))
  expect(brokenOverAll(minutes)).toEqual([expect.stringContaining('grew')])
})

function quiet(store: Partial<StoreFigures> = {}, peers: Partial<PeersFigures> = {}): Minute {
  return {
    engine: 'memory',
    minute: 1,
    store: {
      rss: 100 * 2 ** 20,
      heap: 50 * 2 ** 20,
      openCores: 10,
      mostCores: 100,
      asks: 0,
      waiting: 0,
      channels: 1,
      streams: 1,
      handles: 10,
      stall: 10,
      processor: 0,
      followed: 10,
      refused: 0,
      wrong: 0,
      ...store,
    },
    peers: { asked: [5], failed: [], written: 20, attacks: {}, processor: 0, ...peers },
    writtenBefore: 10,
  }
}
