// What a peer would like to hear of when the other one has not what it looks for.

import { expect, test } from 'vitest'
import { gateSends } from '../../src/index.js'
import { later, newCore, session, until } from '../live.js'

const SYNCED = { isComplete: true, signed: () => {}, sync: async () => true, waitFor: async () => {} }

/** As Hypercore's seeks, ranges and forks keep their wants. */
class Handle {
  readonly wants = new Set<object>()

  addWant(want: object): void {
    this.wants.add(want)
  }

  removeWant(want: object): void {
    this.wants.delete(want)
  }
}

interface Wanting {
  _maybeWantAnyRange(start: number, length: number, handle: Handle): void
}

test('Peer._maybeWantAnyRange tells the other peer once, however often the same range is wanted', async () => {
  const core = await newCore()
  const writer = session(core)
  await writer.append(['a', 'b', 'c'])
  await writer.clear(0, 2)
  const copy = await newCore({ key: core.key })
  gateSends(copy, SYNCED)
  const reader = session(copy)
  await reader.ready()
  const [left, right] = [writer.replicate(true), reader.replicate(false)]
  left.pipe(right).pipe(left)
  later(() => {
    left.destroy()
    right.destroy()
  })
  await until(() => copy.replicator.peers.length > 0)

  const [peer] = copy.replicator.peers
  if (peer === undefined) throw new Error('There is no peer')
  const told: string[] = []
  for (const [number, name] of [
    [5, 'want'],
    [6, 'unwant'],
  ] as const) {
    const message = peer.channel.messages[number]
    if (message) message.send = (range) => told.push(`${name} ${JSON.stringify(range)}`) > 0
  }
  const handle = new Handle()
  const wanting = peer as unknown as Wanting
  for (let time = 0; time < 3; time++) wanting._maybeWantAnyRange(0, 2, handle)
  expect(told).toEqual(['want {"start":0,"length":2097152,"any":false}'])
  // Another range takes the place of the first one.
  wanting._maybeWantAnyRange(2 ** 21 + 5, 10, handle)
  expect(told.slice(1)).toEqual([
    'unwant {"start":0,"length":2097152,"any":false}',
    'want {"start":2097152,"length":2097152,"any":false}',
  ])
  expect(handle.wants.size).toBe(1)
})
