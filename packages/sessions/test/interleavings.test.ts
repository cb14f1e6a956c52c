// The life cycle under random interleavings: whatever is called in whatever order, and however openings and closes
// end, nothing opens twice at once, nothing leaks, nobody waits for ever. The ledger judges each call that the
// pool makes.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Busy, type Lease, Pool, type PoolError } from '../src/index.js'
import { flush, Ledger, type Thing } from './ledger.js'

const id = fc.constantFrom('a', 'b', 'c')
const busy = fc.constantFrom<Busy>('no', 'soft', 'hard')
/** Which of a list that varies in length. */
const nth = fc.nat(9)

/** Microtasks let the pool run on between two operations; 9 stands for as many as it takes. */
const operation = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('acquire'), id, createFails: rarely() }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('release'), nth }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('finish'), nth, fails: rarely() }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('microtasks'), count: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('busy'), id, busy, check: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('check'), id }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('evict'), id, force: fc.boolean() }) },
)

type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never

function rarely(): fc.Arbitrary<boolean> {
  return fc.nat(4).map((n) => n === 4)
}

class World {
  readonly ledger = new Ledger()
  readonly pool: Pool<Thing>
  readonly #maxIdle: number
  #leases: Lease<Thing>[] = []
  /** The resources that are known to be open. */
  readonly #opened = new Set<Thing>()
  #waiting = 0
  #closed = false

  constructor(maxIdle: number) {
    this.#maxIdle = maxIdle
    this.ledger.held = true
    this.pool = new Pool(this.ledger, { maxIdle })
  }

  async run(operation: Operation): Promise<void> {
    switch (operation.do) {
      case 'acquire':
        this.#acquire(operation.id, operation.createFails)
        break
      case 'release':
        this.#release(operation.nth)
        break
      case 'finish': {
        const step = this.ledger.steps[operation.nth % this.ledger.steps.length]
        if (operation.fails) step?.finish(new Error(`${step.kind} failed`))
        else step?.finish()
        break
      }
      case 'microtasks':
        if (operation.count === 9) await flush()
        for (let i = 0; i < operation.count; i++) await null
        break
      case 'busy': {
        const thing = this.pool.get(operation.id)
        if (thing !== null) thing.busy = operation.busy
        if (operation.check) this.pool.check(operation.id)
        break
      }
      case 'check':
        this.pool.check(operation.id)
        break
      case 'evict':
        this.#evict(operation.id, operation.force)
        break
    }
  }

  close(): void {
    this.#closed = true
    for (const thing of this.pool) thing.forced = true
    this.#wait(this.pool.close(), (error) => expect(error).toMatchObject({ code: 'CLOSE_FAILED' }))
  }

  checkCounts(): void {
    expect(this.ledger.violations).toEqual([])
    expect(this.pool.idle).toBeLessThanOrEqual(this.#maxIdle)
    expect(this.pool.size).toBe([...this.pool].length)
    const held = this.#leases.filter((lease) => this.pool.get(lease.id) === lease.resource)
    expect(this.pool.leases).toBe(held.length)
  }

  /** Gives back all leases and lets all that has begun end well. */
  async settle(): Promise<void> {
    while (this.#leases.length > 0) this.#release(0)
    await this.ledger.finishAll()
    for (const thing of this.pool) this.pool.check(thing.id)
    await this.ledger.finishAll()
  }

  checkSettled(): void {
    this.checkCounts()
    expect(this.#waiting).toBe(0)
    const live = [...this.pool]
    expect(live.every((thing) => thing.state === 'open')).toBe(true)
    expect(this.pool.idle).toBe(live.filter((thing) => thing.busy !== 'hard').length)
    const closed = this.ledger.things.filter((thing) => !live.includes(thing))
    expect(closed.every((thing) => thing.state === 'closed')).toBe(true)
  }

  #acquire(id: string, createFails: boolean): void {
    this.ledger.createError = createFails ? new Error('create failed') : null
    const known = this.pool.has(id)
    let lease: Lease<Thing>
    try {
      lease = this.pool.acquire(id)
    } catch (error) {
      expect(known).toBe(false)
      if (this.#closed) expect(error).toMatchObject({ code: 'POOL_CLOSED' })
      else expect(error).toBe(this.ledger.createError)
      return
    }
    const thing = lease.resource
    expect(this.pool.get(id)).toBe(thing)
    thing.leases++
    this.#leases.push(lease)
    const opened = lease.ready().then((resource) => {
      expect(resource.state).toBe('open')
      this.#opened.add(resource)
    })
    this.#wait(opened, (error: PoolError) => {
      if (error.message === 'open failed') return
      expect(error.code).toBe('RESOURCE_CLOSED')
      expect(thing.forced).toBe(true)
    })
  }

  #release(nth: number): void {
    const [lease] = this.#leases.splice(nth % this.#leases.length, 1)
    if (lease === undefined) return
    lease.resource.leases--
    lease.release()
  }

  #evict(id: string, force: boolean): void {
    const thing = this.pool.get(id)
    // Nobody asks a resource that is not open yet whether it is busy.
    if (thing !== null && (force || (thing.leases === 0 && !this.#opened.has(thing)))) thing.forced = true
    const evicted = this.pool.evict(id, { force }).then((done) => {
      if (thing === null || force) expect(done).toBe(true)
      if (done && thing !== null) expect(thing.state).toBe('closed')
    })
    this.#wait(evicted, (error: Error) => expect(error.message).toBe('close failed'))
  }

  /** Counts a promise until it settles. What `judge` finds wrong stays an unhandled rejection, which fails the run. */
  #wait(promise: Promise<unknown>, judge: (error: PoolError) => void): void {
    this.#waiting++
    promise.catch(judge).then(() => this.#waiting--)
  }
}

test('no interleaving opens twice, leaks, closes what is leased, or leaves anybody waiting', async () => {
  const operations = fc.array(operation, { maxLength: 60, size: 'max' })
  await fc.assert(
    fc.asyncProperty(fc.nat(2), operations, operations, async (maxIdle, before, after) => {
      const world = new World(maxIdle)
      for (const operation of before) {
        await world.run(operation)
        world.checkCounts()
      }
      await world.settle()
      world.checkSettled()

      for (const operation of after) {
        await world.run(operation)
        world.checkCounts()
      }
      world.close()
      for (const operation of before) {
        await world.run(operation)
        world.checkCounts()
      }
      await world.settle()
      world.checkSettled()
      expect([world.pool.size, world.pool.idle, world.pool.leases]).toEqual([0, 0, 0])
    }),
    { numRuns: 300 },
  )
})
