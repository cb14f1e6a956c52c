// Pools with idle resources, for the tests about them.
import { Pool, type PoolOptions } from '../src/index.js'
import type { Ledger, Thing } from './ledger.js'

/** A pool in which the given ids became idle in this order. */
export async function idlePool(ledger: Ledger, options: PoolOptions, ...ids: string[]): Promise<Pool<Thing>> {
  const pool = new Pool(ledger, options)
  for (const id of ids) await use(pool, id)
  return pool
}

export async function use(pool: Pool<Thing>, id: string): Promise<void> {
  using lease = pool.acquire(id)
  await lease.ready()
}

/** The ids of the live resources, oldest first. */
export function live(pool: Pool<Thing>): string {
  return [...pool].map((thing) => thing.id).join('')
}

export function setBusy(pool: Pool<Thing>, id: string, busy: Thing['busy']): void {
  const thing = pool.get(id)
  if (thing !== null) thing.busy = busy
}
