// Busy resources: when they are asked, what each answer means, and what `check` is for.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Pool } from '../src/index.js'
import { idlePool, live, setBusy, use } from './idle-pool.js'
import { Ledger, type Thing } from './ledger.js'

let ledger: Ledger

beforeEach(() => {
  ledger = new Ledger()
})

afterEach(() => {
  expect(ledger.violations).toEqual([])
})

test('a hard busy resource is neither closed nor counted as idle, until a check finds that it no longer is', async () => {
  const pool = new Pool(ledger, { maxIdle: 0 })
  const lease = pool.acquire('a')
  await lease.ready()
  setBusy(pool, 'a', 'hard')
  lease.release()
  expect([live(pool), pool.idle]).toEqual(['a', 0])
  setBusy(pool, 'a', 'no')
  pool.check('a')
  expect(live(pool)).toBe('')
})

test('softly busy resources are closed when no other idle one is left, least recently used first', async () => {
  const pool = await idlePool(ledger, { maxIdle: 3 }, 'a', 'b', 'c')
  for (const id of ['a', 'b']) {
    setBusy(pool, id, 'soft')
    pool.check(id)
  }
  await use(pool, 'd')
  expect(live(pool)).toBe('abd')
  setBusy(pool, 'd', 'soft')
  pool.check('d')
  const e = pool.acquire('e')
  await e.ready()
  setBusy(pool, 'e', 'soft')
  e.release()
  expect(live(pool)).toBe('bde')
})

test('a resource is asked again before it is closed, whatever it said when it became idle', async () => {
  const pool = await idlePool(ledger, { maxIdle: 3 }, 'a', 'b', 'c')
  setBusy(pool, 'a', 'hard')
  setBusy(pool, 'b', 'soft')
  await use(pool, 'd')
  expect([live(pool), pool.idle]).toEqual(['abcd', 3])
  await use(pool, 'e')
  expect([live(pool), pool.idle]).toEqual(['abde', 3])
})

test('a softly busy resource that has become hard busy without a check is left open', async () => {
  const pool = await idlePool(ledger, { maxIdle: 1 }, 'a')
  setBusy(pool, 'a', 'soft')
  pool.check('a')
  setBusy(pool, 'a', 'hard')
  const b = pool.acquire('b')
  await b.ready()
  b.resource.busy = 'soft'
  b.release()
  expect([live(pool), pool.idle]).toEqual(['ab', 1])
})

test('a check counts as a use', async () => {
  const pool = await idlePool(ledger, { maxIdle: 2 }, 'a', 'b')
  pool.check('a')
  await use(pool, 'c')
  expect(live(pool)).toBe('ac')
})

test('a check of an unknown, opening, leased or closing resource changes nothing', async () => {
  const pool = new Pool(ledger, { maxIdle: 1 })
  pool.check('a')
  const lease = pool.acquire('a')
  pool.check('a')
  await lease.ready()
  pool.check('a')
  expect([pool.size, pool.idle]).toEqual([1, 0])
  lease.release()
  ledger.held = true
  const evicted = pool.evict('a')
  pool.check('a')
  expect([pool.size, pool.idle]).toEqual([0, 0])
  await ledger.finishAll()
  expect(await evicted).toBe(true)
})

test('however many are softly busy, a release asks but a few of them', async () => {
  const ids = Array.from({ length: 500 }, (_, i) => `${i}`)
  const pool = await idlePool(ledger, { maxIdle: ids.length }, ...ids)
  for (const id of ids) {
    setBusy(pool, id, 'soft')
    pool.check(id)
  }
  ledger.asked = 0
  await use(pool, 'a')
  expect(ledger.asked).toBeLessThanOrEqual(2)
})

describe('busy may call the pool:', () => {
  /** Runs within the next call of `busy`. */
  let during: () => unknown = () => {}

  async function reentrantPool(maxIdle: number, ...ids: string[]): Promise<Pool<Thing>> {
    const pool = new Pool<Thing>(
      {
        create: (...args) => ledger.create(...args),
        open: (thing) => ledger.open(thing),
        close: (thing) => ledger.close(thing),
        busy: (thing) => {
          const once = during
          during = () => {}
          once()
          return thing.busy
        },
      },
      { maxIdle },
    )
    for (const id of ids) await use(pool, id)
    return pool
  }

  test('what it acquires is not idle', async () => {
    const pool = await reentrantPool(2, 'a', 'b')
    during = () => pool.acquire('a')
    pool.check('a')
    expect([pool.leases, pool.idle]).toEqual([1, 1])
    during = () => pool.acquire('b')
    expect(await pool.evict('b')).toBe(false)
    expect([pool.leases, pool.idle]).toEqual([2, 0])
  })

  test('what it acquires when it is about to be closed stays open', async () => {
    const pool = await reentrantPool(1, 'a')
    const b = pool.acquire('b')
    await b.ready()
    during = () => {
      during = () => pool.acquire('a')
    }
    b.release()
    expect([live(pool), pool.idle, pool.leases]).toEqual(['ab', 1, 1])
  })

  test('what it checks is idle once', async () => {
    const pool = await reentrantPool(2, 'a')
    during = () => pool.check('a')
    pool.check('a')
    expect(pool.idle).toBe(1)
  })

  test('what it evicts is closed once', async () => {
    const pool = await reentrantPool(2, 'a')
    during = () => pool.evict('a')
    expect(await pool.evict('a')).toBe(true)
    expect(ledger.ids('closed')).toEqual(['a'])
  })

  test('when it closes the pool nothing is left', async () => {
    const pool = await reentrantPool(2, 'a', 'b')
    during = () => pool.close()
    pool.check('a')
    expect([pool.size, pool.idle]).toEqual([0, 0])
    await pool.close()
    expect(ledger.ids('closed')).toEqual(['a', 'b'])
  })
})

describe('evicting', () => {
  let evicted: string[]
  let during: (thing: Thing) => void

  beforeEach(() => {
    evicted = []
    during = () => {}
  })

  async function softPool(maxIdle: number, ...ids: string[]): Promise<Pool<Thing>> {
    const pool = new Pool<Thing>(
      {
        create: (...args) => ledger.create(...args),
        open: (thing) => ledger.open(thing),
        close: (thing) => ledger.close(thing),
        busy: (thing) => ledger.busy(thing),
        evicting: (thing) => {
          evicted.push(thing.id)
          during(thing)
        },
      },
      { maxIdle },
    )
    for (const id of ids) {
      await use(pool, id)
      setBusy(pool, id, 'soft')
      pool.check(id)
    }
    return pool
  }

  test('is called with a softly busy resource before it is closed for maxIdle, and with no other', async () => {
    const pool = await softPool(2, 'a')
    await use(pool, 'b')
    await use(pool, 'c')
    expect([evicted, live(pool)]).toEqual([[], 'ac'])
    setBusy(pool, 'c', 'soft')
    pool.check('c')
    await use(pool, 'd')
    expect([evicted, live(pool)]).toEqual([[], 'ac'])
    setBusy(pool, 'a', 'soft')
    const e = pool.acquire('e')
    await e.ready()
    setBusy(pool, 'e', 'soft')
    e.release()
    expect([evicted, live(pool)]).toEqual([['a'], 'ce'])
    expect(await pool.evict('c')).toBe(true)
    expect(evicted).toEqual(['a'])
  })

  test('what it acquires stays open, and the next one is closed in its place if need be', async () => {
    const pool = await softPool(2, 'a', 'b')
    during = (thing) => {
      if (thing.id === 'a') pool.acquire('a')
    }
    const c = pool.acquire('c')
    await c.ready()
    setBusy(pool, 'c', 'soft')
    c.release()
    expect([evicted, live(pool), pool.idle, pool.leases]).toEqual([['a'], 'abc', 2, 1])
  })

  test('what it acquires and releases at once is closed', async () => {
    const pool = await softPool(1, 'a')
    during = (thing) => {
      during = () => {}
      pool.acquire(thing.id).release()
    }
    const b = pool.acquire('b')
    await b.ready()
    setBusy(pool, 'b', 'soft')
    b.release()
    expect([pool.has('a'), pool.leases]).toEqual([false, 0])
  })
})
