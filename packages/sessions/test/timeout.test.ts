// Idle resources that nobody uses any more: what `idleTimeout` closes, and its timer.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { idlePool, live, setBusy, use } from './idle-pool.js'
import { Ledger } from './ledger.js'

let ledger: Ledger

beforeEach(() => {
  ledger = new Ledger()
})

afterEach(() => {
  vi.useRealTimers()
  expect(ledger.violations).toEqual([])
})

function fakeTimers(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
}

test('an idle resource is closed after idleTimeout, one that is used meanwhile later', async () => {
  fakeTimers()
  const pool = await idlePool(ledger, { idleTimeout: 1000 }, 'a', 'b')
  vi.advanceTimersByTime(600)
  await use(pool, 'a')
  vi.advanceTimersByTime(399)
  expect(live(pool)).toBe('ab')
  vi.advanceTimersByTime(1)
  expect(live(pool)).toBe('a')
  vi.advanceTimersByTime(599)
  expect(live(pool)).toBe('a')
  vi.advanceTimersByTime(1)
  expect(live(pool)).toBe('')
})

test('idleTimeout closes neither a leased nor a busy resource', async () => {
  fakeTimers()
  const pool = await idlePool(ledger, { idleTimeout: 1000 }, 'a', 'b', 'c', 'd')
  setBusy(pool, 'a', 'soft')
  setBusy(pool, 'b', 'hard')
  const lease = pool.acquire('c')
  vi.advanceTimersByTime(5000)
  expect(live(pool)).toBe('abc')
  for (const id of ['a', 'b']) {
    setBusy(pool, id, 'no')
    pool.check(id)
  }
  lease.release()
  vi.advanceTimersByTime(1000)
  expect(live(pool)).toBe('')
})

test('pause stops the timer, and resume closes what has been idle for long enough', async () => {
  fakeTimers()
  const pool = await idlePool(ledger, { idleTimeout: 1000 }, 'a')
  pool.pause()
  expect(vi.getTimerCount()).toBe(0)
  vi.advanceTimersByTime(600)
  await use(pool, 'b')
  vi.advanceTimersByTime(600)
  expect(live(pool)).toBe('ab')
  pool.resume()
  vi.advanceTimersByTime(0)
  expect(live(pool)).toBe('b')
  vi.advanceTimersByTime(400)
  expect(live(pool)).toBe('')
})

test('resume of a closed pool starts no timer', async () => {
  fakeTimers()
  const pool = await idlePool(ledger, { idleTimeout: 1000 }, 'a')
  await pool.close()
  pool.resume()
  expect(vi.getTimerCount()).toBe(0)
})

test('one timer serves the whole pool, and closing the pool stops it', async () => {
  fakeTimers()
  const pool = await idlePool(ledger, { idleTimeout: 1000 }, ...'abcdefgh')
  expect(vi.getTimerCount()).toBe(1)
  await pool.close()
  expect(vi.getTimerCount()).toBe(0)
})

test('an idleTimeout longer than a timer can wait is kept', async () => {
  fakeTimers()
  const month = 30 * 24 * 3600 * 1000
  const pool = await idlePool(ledger, { idleTimeout: month }, 'a')
  vi.advanceTimersByTime(month - 1)
  expect(live(pool)).toBe('a')
  vi.advanceTimersByTime(1)
  expect(live(pool)).toBe('')
})

test('the timer does not keep the process running', async () => {
  const timers = vi.spyOn(globalThis, 'setTimeout')
  const pool = await idlePool(ledger, { idleTimeout: 60_000 }, 'a')
  expect(timers.mock.results.map(({ value }) => value.hasRef())).toEqual([false])
  timers.mockRestore()
  await pool.close()
})
