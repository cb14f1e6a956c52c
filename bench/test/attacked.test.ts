// When the requests of an honest peer count that are made during an attack.

import { describe, expect, test } from 'vitest'
import type { Place, Store } from '../src/contestants/contestant.js'
import { coreyard } from '../src/contestants/coreyard.js'
import { AttackedStore, isEnough } from '../src/tasks/attacked.js'
import type { NewPlace } from '../src/tasks/task.js'
import { openUnknown } from '../src/wire.js'
import { temporaryDirectory } from './helpers/temporary.js'

const OPENS = 8000
const flood = { role: 'flood', opens: OPENS, streams: 1 } as const

describe('a request during an attack', () => {
  test('begins when the store has received part of the attack', async () => {
    const { place, received } = await observedPlace()
    const seen: number[] = []
    const times = await AttackedStore.with(
      place,
      peer(() => seen.push(received())),
      (store) => store.requestDuring(flood, ['key']),
    )
    expect(times).toEqual([1])
    expect(seen[0]).toBeGreaterThan(openUnknown(1, OPENS / 20).byteLength)
  })

  test('begins before the end of the attack', async () => {
    const { place } = await observedPlace()
    const keys = Array.from({ length: 10_000_000 }, () => 'key') // more than one attack has time for
    const times = await AttackedStore.with(place, peer(), (store) => store.requestDuring(flood, keys))
    expect(times.length).toBeGreaterThan(0)
    expect(times.length).toBeLessThan(keys.length)
  })

  test('resolves when the store has received the whole attack', async () => {
    const { place, received } = await observedPlace()
    await AttackedStore.with(place, peer(), async (store) => {
      await store.requestDuring({ ...flood, streams: 4 }, [])
      expect(received()).toBeGreaterThan(4 * openUnknown(1, OPENS / 4).byteLength)
    })
  })

  test('fails with the process that attacks', async () => {
    const { place } = await observedPlace()
    const attack = { role: 'mirror', keys: ['no key'] } as const
    await AttackedStore.with(place, peer(), async (store) => {
      await expect(store.requestDuring(attack, [])).rejects.toThrow('The process of the peers ended with 1')
    })
  })
})

test.each([
  ['all that were wanted', [1], 1, true],
  ['five of many', [1, 1, 1, 1, 1], 40, true],
  ['four of many', [1, 1, 1, 1], 40, false],
  ['two that took a second together', [4e5, 6e5], 40, true],
  ['none', [], 40, false],
])('requests are enough: %s', (_, times, wanted, enough) => {
  expect(isEnough(times, wanted)).toBe(enough)
})

/** An honest peer without a process. Each request takes a turn of the event loop. */
function peer(asked = () => {}): Parameters<typeof AttackedStore.with>[1] {
  return {
    async ask<Answer>(message: object | string): Promise<Answer> {
      if (typeof message === 'object' && 'key' in message) asked()
      await new Promise((resolve) => setImmediate(resolve))
      return { time: 1 } as Answer
    },
  }
}

/** A store in memory, and how many bytes its streams have received. */
async function observedPlace(): Promise<{ place: NewPlace; received(): number }> {
  const memory = coreyard.find(({ engine }) => engine === 'memory')
  if (memory === undefined) throw new Error('no contestant')
  const directory = temporaryDirectory()
  const place: Place = (await memory.load())(directory)
  const streams: ReturnType<Store['replicate']>[] = []
  return {
    place: {
      directory,
      async open() {
        const store = await place.open()
        return {
          ...store,
          replicate(target) {
            const stream = store.replicate(target)
            streams.push(stream)
            return stream
          },
        }
      },
    },
    received: () => streams.reduce((sum, { noiseStream }) => sum + noiseStream.rawBytesRead, 0),
  }
}
