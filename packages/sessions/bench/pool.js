// What leasing a resource costs, beside the least that anybody could write: a Map and a counter, which opens once
// but bounds nothing. It is run by `npm run bench`.
import { Pool } from '../dist/index.js'

const ROUNDS = 2_000_000
const IDS = Array.from({ length: 1000 }, (_, i) => `resource ${i}`)

class Resource {
  async open() {}
  async close() {}
}

const lifecycle = {
  create: () => new Resource(),
  open: (resource) => resource.open(),
  close: (resource) => resource.close(),
}

class Counted {
  #entries = new Map()

  acquire(id) {
    let entry = this.#entries.get(id)
    if (entry === undefined) {
      entry = { resource: new Resource(), leases: 0 }
      this.#entries.set(id, entry)
    }
    entry.leases++
    return { resource: entry.resource, release: () => entry.leases-- }
  }
}

async function filled(options) {
  const pool = new Pool(lifecycle, options)
  for (const id of IDS) {
    const lease = pool.acquire(id)
    await lease.ready()
    lease.release()
  }
  return pool
}

function measure(name, pool, work) {
  let best = Infinity
  for (let run = 0; run < 5; run++) {
    const start = process.hrtime.bigint()
    for (let i = 0; i < ROUNDS; i++) work(pool, IDS[i % IDS.length])
    best = Math.min(best, Number(process.hrtime.bigint() - start) / ROUNDS)
  }
  const rate = Math.round(1e9 / best)
    .toLocaleString('en')
    .padStart(12)
  console.log(`${name.padEnd(52)} ${best.toFixed(0).padStart(5)} ns ${rate}/s`)
}

const lease = (pool, id) => pool.acquire(id).release()

measure('acquire + release, Map and counter', new Counted(), lease)
measure('acquire + release, pool', await filled({}), lease)
measure('acquire + release, pool with idleTimeout', await filled({ idleTimeout: 60_000 }), lease)

const shared = await filled({})
for (const id of IDS) shared.acquire(id)
measure('acquire + release, pool, leased by another too', shared, lease)
measure('acquire + ready() + release, pool', await filled({}), (pool, id) => {
  const held = pool.acquire(id)
  held.ready()
  held.release()
})
measure('check, pool', await filled({}), (pool, id) => pool.check(id))

const start = process.hrtime.bigint()
const small = new Pool(lifecycle, { maxIdle: 100 })
const opens = 200_000
for (let i = 0; i < opens; i++) {
  const held = small.acquire(IDS[i % IDS.length])
  await held.ready()
  held.release()
}
const each = Number(process.hrtime.bigint() - start) / opens
console.log(`${'open + close, 1,000 ids through 100 idle'.padEnd(52)} ${each.toFixed(0).padStart(5)} ns`)
