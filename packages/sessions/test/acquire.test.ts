// Leasing and opening: what `acquire`, `ready` and `release` promise.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Pool, PoolError } from '../src/index.js'
import { flush, Ledger, Thing } from './ledger.js'

let ledger: Ledger
let pool: Pool<Thing>

beforeEach(() => {
  ledger = new Ledger()
  pool = new Pool(ledger)
})

afterEach(() => {
  expect(ledger.violations).toEqual([])
})

test('a lease has its resource at once and says when it is open', async () => {
  const lease = pool.acquire('a')
  expect(lease.id).toBe('a')
  expect(lease.resource).toBe(ledger.things[0])
  expect(lease.resource.state).toBe('made')
  expect(await lease.ready()).toBe(lease.resource)
  expect(lease.resource.state).toBe('open')
})

test('a resource is made and opened once, however many acquire it at the same time', async () => {
  const leases = Array.from({ length: 100 }, () => pool.acquire('a'))
  const resources = await Promise.all(leases.map((lease) => lease.ready()))
  expect(new Set(resources).size).toBe(1)
  expect(ledger.things).toHaveLength(1)
  expect([pool.size, pool.leases, pool.idle]).toEqual([1, 100, 0])
})

test('ready() is one promise for all leases on a resource', () => {
  expect(pool.acquire('a').ready()).toBe(pool.acquire('a').ready())
})

test('options reach create when there is no resource yet, and only then', () => {
  const seen: string[] = []
  const options = new Pool<Thing, string>({
    create(id, option, turn) {
      seen.push(option)
      return ledger.create(id, undefined, turn)
    },
    open: (thing) => ledger.open(thing),
    close: (thing) => ledger.close(thing),
  })
  options.acquire('a', 'first')
  options.acquire('a', 'second')
  expect(seen).toEqual(['first'])
})

test('a resource becomes idle with the last release, and is the same one when acquired again', async () => {
  const first = pool.acquire('a')
  const second = pool.acquire('a')
  await first.ready()
  first.release()
  expect([pool.leases, pool.idle]).toEqual([1, 0])
  second.release()
  expect([pool.leases, pool.idle]).toEqual([0, 1])
  expect(pool.acquire('a').resource).toBe(first.resource)
  expect([pool.leases, pool.idle]).toEqual([1, 0])
})

test('releasing twice counts once', async () => {
  const lease = pool.acquire('a')
  pool.acquire('a')
  expect(lease.released).toBe(false)
  lease.release()
  lease.release()
  expect(lease.released).toBe(true)
  expect(pool.leases).toBe(1)
})

test('a lease releases itself at the end of its block', () => {
  {
    using lease = pool.acquire('a')
    expect(lease.released).toBe(false)
    expect(pool.leases).toBe(1)
  }
  expect(pool.leases).toBe(0)
})

test('a resource that is released while it opens becomes idle once it is open', async () => {
  ledger.held = true
  const lease = pool.acquire('a')
  lease.release()
  await flush()
  expect([pool.size, pool.idle, pool.has('a')]).toEqual([1, 0, true])
  ledger.steps[0]?.finish()
  await lease.ready()
  expect(pool.idle).toBe(1)
})

test('get, has and iteration see the opening and the open resources, without leasing them', async () => {
  ledger.held = true
  const a = pool.acquire('a')
  const b = pool.acquire('b')
  await flush()
  ledger.steps[0]?.finish()
  await a.ready()
  expect([...pool]).toEqual([a.resource, b.resource])
  expect(pool.get('b')).toBe(b.resource)
  expect(pool.get('c')).toBe(null)
  expect([pool.has('b'), pool.has('c')]).toEqual([true, false])
  expect(pool.leases).toBe(2)
})

test('a failed open rejects every lease with its error, is closed, and is not remembered', async () => {
  ledger.openError = new Error('no such file')
  const leases = [pool.acquire('a'), pool.acquire('a')]
  for (const lease of leases) await expect(lease.ready()).rejects.toBe(ledger.openError)
  expect([pool.size, pool.leases, pool.get('a')]).toEqual([0, 0, null])
  ledger.openError = null
  expect((await pool.acquire('a').ready()).state).toBe('open')
  expect(ledger.of('a').map((thing) => thing.state)).toEqual(['closed', 'open'])
})

test('after a failed open the next one waits until the failed resource has closed', async () => {
  ledger.held = true
  const failed = pool.acquire('a')
  await flush()
  ledger.steps[0]?.finish(new Error('no such file'))
  await expect(failed.ready()).rejects.toThrow('no such file')
  const next = pool.acquire('a')
  await flush()
  expect(ledger.steps.map((step) => step.kind)).toEqual(['close'])
  await ledger.finishAll()
  expect((await next.ready()).state).toBe('open')
})

test('a failed open that nobody waits for is no unhandled rejection, and a failing close after it is not told', async () => {
  const told: unknown[] = []
  pool = new Pool(ledger, { onCloseError: (error) => told.push(error) })
  ledger.openError = new Error('no such file')
  ledger.closeError = new Error('not open')
  pool.acquire('a')
  await flush()
  expect(ledger.ids('closed')).toEqual(['a'])
  expect(told).toEqual([])
})

test('releasing a lease whose open has failed leaves the next resource of that id alone', async () => {
  ledger.openError = new Error('no such file')
  const failed = pool.acquire('a')
  await flush()
  ledger.openError = null
  const next = pool.acquire('a')
  await next.ready()
  failed.release()
  expect([pool.leases, pool.idle]).toEqual([1, 0])
})

test('acquire throws what create throws, and tries again the next time', () => {
  ledger.createError = new Error('bad name')
  expect(() => pool.acquire('a')).toThrow(ledger.createError)
  expect([pool.size, pool.leases]).toEqual([0, 0])
  ledger.createError = null
  expect(pool.acquire('a').resource.id).toBe('a')
})

test('an open that throws synchronously is a failed open', async () => {
  const failing = new Pool<Thing>({
    create: (id) => new Thing(id),
    open: () => {
      throw new Error('at once')
    },
    close: () => Promise.resolve(),
  })
  await expect(failing.acquire('a').ready()).rejects.toThrow('at once')
  expect(failing.size).toBe(0)
})

test('open may acquire and release the resource that it opens', async () => {
  const reentrant: Pool<Thing> = new Pool<Thing>({
    create: (id) => new Thing(id),
    open: async (thing) => reentrant.acquire(thing.id).release(),
    close: () => Promise.resolve(),
  })
  const lease = reentrant.acquire('a')
  await lease.ready()
  expect([reentrant.leases, reentrant.idle]).toEqual([1, 0])
})

test('create may acquire another resource, but not the one that it makes', () => {
  const parents: Pool<Thing> = new Pool<Thing>({
    create(id) {
      parents.acquire(id === 'child' ? 'parent' : id === 'parent' ? 'root' : 'root')
      return new Thing(id)
    },
    open: () => Promise.resolve(),
    close: () => Promise.resolve(),
  })
  expect(() => parents.acquire('child')).toThrow(expect.objectContaining({ code: 'REENTRANT' }))
  expect([parents.size, parents.leases]).toEqual([0, 0])
})

test.each([
  ['a negative maxIdle', { maxIdle: -1 }],
  ['a fractional maxIdle', { maxIdle: 1.5 }],
  ['a maxIdle that is not a number', { maxIdle: Number.NaN }],
  ['a negative idleTimeout', { idleTimeout: -1 }],
  ['an idleTimeout that is not a number', { idleTimeout: Number.NaN }],
])('%s is a bad argument', (_, options) => {
  expect(() => new Pool(ledger, options)).toThrow(PoolError)
  expect(() => new Pool(ledger, options)).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT' }))
})

test('an id that is not a string is a bad argument', () => {
  const id: unknown = 7
  expect(() => pool.acquire(id as string)).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT' }))
  expect(pool.size).toBe(0)
})
