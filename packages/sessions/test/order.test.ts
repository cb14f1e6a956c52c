// Which idle resources stay open, held against a model that says it in a few lines and sorts where the pool has queues.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Busy, type Lease, Pool } from '../src/index.js'
import { flush, Ledger, type Thing } from './ledger.js'

class Model {
  readonly live = new Map<string, { leases: number; busy: Busy; used: number }>()
  readonly #maxIdle: number
  #clock = 0

  constructor(maxIdle: number) {
    this.#maxIdle = maxIdle
  }

  get idle(): string[] {
    return [...this.live].filter(([, it]) => it.leases === 0 && it.busy !== 'hard').map(([id]) => id)
  }

  lease(id: string, by: 1 | -1): void {
    const it = this.live.get(id) ?? { leases: 0, busy: 'no', used: 0 }
    it.leases += by
    this.live.set(id, it)
    if (by === -1) this.use(id)
  }

  use(id: string): void {
    const it = this.live.get(id)
    if (it === undefined || it.leases > 0) return
    it.used = ++this.#clock
    const cost = (idle: string): number => {
      const { busy, used } = this.live.get(idle) ?? { busy: 'no', used: 0 }
      return (busy === 'soft' ? 1e6 : 0) + used
    }
    const cheapest = this.idle.sort((a, b) => cost(a) - cost(b))
    for (const idle of cheapest.slice(0, Math.max(0, cheapest.length - this.#maxIdle))) this.live.delete(idle)
  }
}

const operation = fc.record({
  do: fc.constantFrom('lease', 'lease', 'release', 'release', 'check', 'evict', 'no', 'soft', 'hard'),
  id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
})

test('the pool keeps what the model keeps', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(4),
      fc.array(operation, { maxLength: 80, size: 'max' }),
      async (maxIdle, operations) => {
        const ledger = new Ledger()
        const pool = new Pool(ledger, { maxIdle })
        const model = new Model(maxIdle)
        const leases: Lease<Thing>[] = []
        for (const { do: what, id } of operations) {
          switch (what) {
            case 'lease':
              leases.push(pool.acquire(id))
              model.lease(id, 1)
              break
            case 'release': {
              const at = leases.findIndex((lease) => lease.id === id)
              if (at === -1) break
              leases.splice(at, 1)[0]?.release()
              model.lease(id, -1)
              break
            }
            case 'check':
              pool.check(id)
              model.use(id)
              break
            case 'evict':
              if (await pool.evict(id)) model.live.delete(id)
              break
            default: {
              const thing = pool.get(id)
              const it = model.live.get(id)
              if (thing !== null) thing.busy = what
              if (it !== undefined) it.busy = what
              pool.check(id)
              model.use(id)
            }
          }
          await flush()
          expect([...pool].map((thing) => thing.id).sort()).toEqual([...model.live.keys()].sort())
          expect(pool.idle).toBe(model.idle.length)
          expect(pool.leases).toBe(leases.length)
        }
        expect(ledger.violations).toEqual([])
      },
    ),
    { numRuns: 400 },
  )
})
