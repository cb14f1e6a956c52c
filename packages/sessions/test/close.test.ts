// The ends of resources that somebody asks for: `evict` and `close`.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Lease, Pool, type PoolError } from '../src/index.js'
import { flush, Ledger, type Thing } from './ledger.js'

let ledger: Ledger
let pool: Pool<Thing>

beforeEach(() => {
  ledger = new Ledger()
  pool = new Pool(ledger)
})

afterEach(() => {
  expect(ledger.violations).toEqual([])
})

async function opened(id: string): Promise<Lease<Thing>> {
  const lease = pool.acquire(id)
  await lease.ready()
  return lease
}

function force(...leases: Lease<Thing>[]): void {
  for (const lease of leases) lease.resource.forced = true
}

test('evict closes an idle resource and resolves once it has closed', async () => {
  const lease = await opened('a')
  lease.release()
  expect(await pool.evict('a')).toBe(true)
  expect(lease.resource.state).toBe('closed')
  expect([pool.size, pool.idle]).toEqual([0, 0])
})

test('evict leaves a leased or hard busy resource alone', async () => {
  const lease = await opened('a')
  expect(await pool.evict('a')).toBe(false)
  lease.resource.busy = 'hard'
  lease.release()
  expect(await pool.evict('a')).toBe(false)
  expect(pool.get('a')).toBe(lease.resource)
})

test('evict closes a softly busy resource', async () => {
  const lease = await opened('a')
  lease.resource.busy = 'soft'
  lease.release()
  expect(await pool.evict('a')).toBe(true)
})

test('evict with force closes a leased and busy resource; releasing it then does nothing', async () => {
  const lease = await opened('a')
  lease.resource.busy = 'hard'
  force(lease)
  expect(await pool.evict('a', { force: true })).toBe(true)
  expect(lease.resource.state).toBe('closed')
  const next = await opened('a')
  lease.release()
  expect([pool.leases, pool.get('a')]).toEqual([1, next.resource])
})

test('evict of an id that is not there resolves, after a close of it that is under way', async () => {
  expect(await pool.evict('a')).toBe(true)
  const lease = await opened('a')
  lease.release()
  ledger.held = true
  const both = Promise.all([pool.evict('a'), pool.evict('a')])
  await ledger.finishAll()
  expect(await both).toEqual([true, true])
  expect(ledger.ids('closed')).toEqual(['a'])
})

test('evict waits for an opening under way, and whoever still waits for it learns that it was closed', async () => {
  ledger.held = true
  const lease = pool.acquire('a')
  await flush()
  lease.release()
  const evicted = pool.evict('a')
  expect(pool.get('a')).toBe(null)
  await flush()
  expect(lease.resource.state).toBe('opening')
  await ledger.finishAll()
  expect(await evicted).toBe(true)
  await expect(lease.ready()).rejects.toMatchObject({ code: 'RESOURCE_CLOSED' })
})

test('evict of a resource that waits for its turn closes it unopened, after its turn', async () => {
  const first = await opened('a')
  ledger.held = true
  force(first)
  const evictedFirst = pool.evict('a', { force: true })
  const second = pool.acquire('a')
  second.release()
  const evictedSecond = pool.evict('a')
  const third = pool.acquire('a')
  await ledger.finishAll()
  expect(await Promise.all([evictedFirst, evictedSecond])).toEqual([true, true])
  await expect(second.ready()).rejects.toMatchObject({ code: 'RESOURCE_CLOSED' })
  expect((await third.ready()).state).toBe('open')
})

test('evict rejects with the error of the close, for everybody who waits for it, and the id opens again', async () => {
  const lease = await opened('a')
  lease.release()
  ledger.closeError = new Error('disk full')
  const both = await Promise.allSettled([pool.evict('a'), pool.evict('a')])
  expect(both).toEqual(Array(2).fill({ status: 'rejected', reason: ledger.closeError }))
  expect((await opened('a')).resource.state).toBe('open')
})

test('close closes the leased, the idle, the busy and the opening, and resolves when all have closed', async () => {
  const leased = await opened('leased')
  const idle = await opened('idle')
  idle.release()
  const busy = await opened('busy')
  busy.resource.busy = 'hard'
  busy.release()
  ledger.held = true
  const opening = pool.acquire('opening')
  force(leased, busy, opening)
  await flush()

  let closed = false
  const closing = pool.close().then(() => {
    closed = true
  })
  expect([pool.size, pool.idle, pool.leases]).toEqual([0, 0, 0])
  await flush()
  expect(ledger.steps.map((step) => `${step.kind} ${step.thing.id}`)).toEqual([
    'open opening',
    'close leased',
    'close idle',
    'close busy',
  ])
  expect(closed).toBe(false)
  await ledger.finishAll()
  await closing
  expect(ledger.ids('closed')).toHaveLength(4)
  leased.release()
  expect(pool.leases).toBe(0)
})

test('after close is called acquire throws POOL_CLOSED, and ready() of what had not opened rejects', async () => {
  const lease = pool.acquire('a')
  force(lease)
  const closing = pool.close()
  expect(() => pool.acquire('a')).toThrow(expect.objectContaining({ code: 'POOL_CLOSED' }))
  expect(() => pool.acquire('b')).toThrow(expect.objectContaining({ code: 'POOL_CLOSED' }))
  await expect(lease.ready()).rejects.toMatchObject({ code: 'RESOURCE_CLOSED' })
  await closing
  expect(lease.resource.state).toBe('closed')
})

test('close does not begin to open what still waits for its turn', async () => {
  const first = await opened('a')
  first.release()
  ledger.held = true
  const evicted = pool.evict('a')
  const second = pool.acquire('a')
  force(second)
  const closing = pool.close()
  await flush()
  expect(ledger.steps.map((step) => step.kind)).toEqual(['close'])
  ledger.steps[0]?.finish()
  await flush()
  expect(ledger.steps.map((step) => step.kind)).toEqual(['close'])
  await ledger.finishAll()
  await Promise.all([evicted, closing])
  expect(ledger.ids('closed')).toEqual(['a', 'a'])
})

test('close waits for a close that has begun before it', async () => {
  const lease = await opened('a')
  lease.release()
  ledger.held = true
  const evicted = pool.evict('a')
  const closing = pool.close()
  await ledger.finishAll()
  await Promise.all([evicted, closing])
  expect(lease.resource.state).toBe('closed')
})

test('closing twice is one close', async () => {
  await opened('a').then((lease) => lease.release())
  expect(pool.close()).toBe(pool.close())
  await pool.close()
  expect(ledger.ids('closed')).toEqual(['a'])
})

test('a pool closes itself at the end of its block', async () => {
  {
    await using block = new Pool(ledger)
    block.acquire('a').release()
    await flush()
  }
  expect(ledger.ids('closed')).toEqual(['a'])
})

test('close rejects with all errors of closes that fail meanwhile, having closed all', async () => {
  for (const id of ['a', 'b', 'c']) (await opened(id)).release()
  ledger.held = true
  const closing = pool.close()
  await flush()
  const failures = [new Error('first'), new Error('second')]
  for (const failure of failures) ledger.steps[0]?.finish(failure)
  ledger.steps[0]?.finish()
  const error: PoolError = await closing.then(
    () => expect.unreachable(),
    (reason) => reason,
  )
  expect(error).toMatchObject({ name: 'PoolError', code: 'CLOSE_FAILED', cause: { errors: failures } })
  expect(ledger.ids('closed')).toHaveLength(3)
})

test('a close that began before the pool closed and fails then is told by the pool, once', async () => {
  const told: unknown[] = []
  pool = new Pool(ledger, { maxIdle: 0, onCloseError: (error) => told.push(error) })
  const lease = await opened('a')
  ledger.held = true
  lease.release()
  const closing = pool.close()
  await flush()
  ledger.steps[0]?.finish(new Error('disk full'))
  await expect(closing).rejects.toMatchObject({ code: 'CLOSE_FAILED' })
  expect(told).toEqual([])
})

test('a create that closes the pool makes acquire throw, and its resource is closed with the others', async () => {
  const closer: Pool<Thing> = new Pool<Thing>({
    create(id, options, turn) {
      closer.close()
      return ledger.create(id, options, turn)
    },
    open: (thing) => ledger.open(thing),
    close: (thing) => ledger.close(thing),
  })
  expect(() => closer.acquire('a')).toThrow(expect.objectContaining({ code: 'POOL_CLOSED' }))
  await closer.close()
  expect(ledger.ids('closed')).toEqual(['a'])
})
