// Idle resources that are not busy: which of them the pool closes past `maxIdle`, and what happens around it.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Pool } from '../src/index.js'
import { idlePool, live, use } from './idle-pool.js'
import { flush, Ledger } from './ledger.js'

let ledger: Ledger

beforeEach(() => {
  ledger = new Ledger()
})

afterEach(() => {
  expect(ledger.violations).toEqual([])
})

test('past maxIdle the least recently used idle resource is closed', async () => {
  const pool = await idlePool(ledger, { maxIdle: 2 }, 'a', 'b')
  await use(pool, 'a')
  await use(pool, 'c')
  expect(live(pool)).toBe('ac')
  await flush()
  expect(ledger.ids('closed')).toEqual(['b'])
})

test('leased resources do not count as idle', async () => {
  const pool = new Pool(ledger, { maxIdle: 1 })
  const leases = ['a', 'b', 'c'].map((id) => pool.acquire(id))
  await flush()
  expect(live(pool)).toBe('abc')
  for (const lease of leases) lease.release()
  expect(live(pool)).toBe('c')
})

test('with a maxIdle of 0 a resource is closed with its last release', async () => {
  const pool = await idlePool(ledger, { maxIdle: 0 }, 'a')
  expect(pool.size).toBe(0)
  await flush()
  expect(ledger.ids('closed')).toEqual(['a'])
})

test('a resource that is acquired while it closes is made anew and opens once that close has settled', async () => {
  const pool = await idlePool(ledger, { maxIdle: 1 }, 'a')
  ledger.held = true
  const b = pool.acquire('b')
  await flush()
  ledger.steps[0]?.finish()
  await b.ready()
  b.release()
  await flush()
  expect(ledger.of('a').map((thing) => thing.state)).toEqual(['closing'])

  const again = pool.acquire('a')
  await flush()
  expect(ledger.of('a').map((thing) => thing.state)).toEqual(['closing', 'made'])
  ledger.steps[0]?.finish()
  await flush()
  expect(ledger.of('a').map((thing) => thing.state)).toEqual(['closed', 'opening'])
  ledger.steps[0]?.finish()
  expect(await again.ready()).toBe(ledger.of('a')[1])
})

test('a close that fails is told, and the id opens again', async () => {
  const told: unknown[] = []
  const pool = new Pool(ledger, { maxIdle: 0, onCloseError: (...args) => told.push(args) })
  ledger.closeError = new Error('disk full')
  await use(pool, 'a')
  const again = pool.acquire('a')
  expect((await again.ready()).state).toBe('open')
  expect(told).toEqual([[ledger.closeError, 'a']])
})

test('a close that fails without anybody to tell is no unhandled rejection', async () => {
  ledger.closeError = new Error('disk full')
  await idlePool(ledger, { maxIdle: 0 }, 'a')
  await flush()
  expect(ledger.ids('closed')).toEqual(['a'])
})
