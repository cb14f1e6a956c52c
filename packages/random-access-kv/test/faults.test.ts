// Any single call to the storage fails: the caller hears of it, nothing is half done, and afterwards the store works again.

import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Operation, RandomAccessKV } from '../src/index.js'
import { assertSame, assertSound, contents, isSame, Model, type Pair } from './support/model.js'
import { Bytes, type Fault, Faulty, Memory, random } from './support/storages.js'

const PAGE = 512
/** Every call fails in CI, which sets `TEST_ALL`; by default every third one. */
const STRIDE = process.env.TEST_ALL ? 1 : 3
const OPTIONS = { pageSize: PAGE, logSize: 3000, cacheSize: 4000, sync: 'always' } as const

// The engine gives the event loop a turn by the clock. Without one every run makes the same calls.
beforeAll(() => {
  vi.spyOn(performance, 'now').mockReturnValue(0)
})
afterAll(() => {
  vi.restoreAllMocks()
})

function operations(draw: () => number): Operation[] {
  return Array.from({ length: 1 + Math.floor(draw() * 8) }, () => {
    const kind = draw()
    const key = Buffer.from(`key ${Math.floor(draw() * 80)}`)
    if (kind < 0.15) return { type: 'del', key }
    if (kind < 0.2) return { type: 'clear', gte: key, lt: Buffer.from('key 9') }
    const length = (kind > 0.95 ? 12_000 : kind > 0.85 ? PAGE * 3 : 60) * draw()
    return { type: 'put', key, value: Buffer.alloc(Math.floor(length), Math.floor(draw() * 256)) }
  })
}

interface Outcome {
  /** Calls that the storage saw while it might fail. */
  readonly calls: number
  readonly failures: number
  /** Errors that callers saw. */
  readonly errors: unknown[]
}

/** A scripted run on a storage that fails as told. Throws if the store loses, keeps or makes up anything it should not. */
async function run(fault: Fault | null): Promise<Outcome> {
  const bytes = new Bytes()
  const storage = new Faulty(bytes, fault)
  const errors: unknown[] = []
  const draw = random(42)
  const model = new Model()
  let failed: Operation[][] = []
  let kv = new RandomAccessKV(storage, OPTIONS)
  for (let step = 0; step < 40; step++) {
    const batch = operations(draw)
    if (await attempt(() => kv.batch(batch))) {
      model.apply(batch)
      failed = []
    } else {
      // A batch that failed is not there. Only after a crash it may be, if what failed was to make it safe.
      failed.push(batch)
      const left = storage.fault
      storage.fault = null
      assertSame(await contents(kv), model.list(), `after a failed batch at step ${step}`)
      await crashed(bytes, [model.list(), ...failed.map((maybe) => withBatch(model, maybe))])
      storage.fault = left
    }
    if (step % 7 === 3) await attempt(() => contents(kv))
    if (step % 11 === 5) await attempt(() => kv.checkpoint())
    if (step % 12 === 8) await attempt(() => kv.compact())
    if (step % 13 === 9) await attempt(() => kv.verify())
    if (step % 17 === 11) {
      await attempt(() => kv.close())
      kv = new RandomAccessKV(storage, OPTIONS)
      await attempt(() => kv.ready())
      if (failed.length > 0) await adopt()
    }
  }
  const { calls } = storage
  storage.fault = null
  assertSame(await contents(kv), model.list(), 'after the fault is gone')
  await assertSound(kv, 'after the fault is gone')
  const last = operations(draw)
  model.apply(last)
  await kv.batch(last)
  await crashed(bytes, [model.list()])
  await kv.close()
  await crashed(bytes, [model.list()])
  return { calls, failures: storage.failures, errors }

  /** A batch that failed may be there once the store was opened anew. */
  async function adopt(): Promise<void> {
    const left = storage.fault
    storage.fault = null
    const found = await contents(kv)
    const there = failed.find((batch) => isSame(found, withBatch(model, batch)))
    if (there !== undefined) model.apply(there)
    failed = []
    storage.fault = left
  }

  async function attempt(action: () => Promise<unknown>): Promise<boolean> {
    try {
      await action()
      return true
    } catch (error) {
      errors.push(error)
      return false
    }
  }
}

function withBatch(model: Model, batch: Operation[]): Pair[] {
  const copy = model.copy()
  copy.apply(batch)
  return copy.list()
}

/** What would be found if the process died now. */
async function crashed(bytes: Bytes, possible: Pair[][]): Promise<void> {
  const kv = new RandomAccessKV(new Memory(Bytes.from(bytes.copy())), OPTIONS)
  const found = await contents(kv)
  await assertSound(kv, 'after a crash')
  if (!possible.some((state) => isSame(found, state))) assertSame(found, possible[0] ?? [], 'after a crash')
  await kv.close()
}

for (const kind of ['ENOSPC', 'EIO', 'short', 'arrived'] as const) {
  for (const times of [1, 4]) {
    test(`reports ${times === 1 ? 'a single call' : `${times} calls in a row`} failing with ${kind}, at any position, and goes on`, async () => {
      const { calls } = await run(null)
      for (let at = 0; at < calls; at += STRIDE) {
        let outcome: Outcome
        try {
          outcome = await run({ at, kind, times })
        } catch (error) {
          throw new Error(`call ${at} failing with ${kind}, ${times} times`, { cause: error })
        }
        expect(outcome.failures, `call ${at} was made to fail`).toBeGreaterThan(0)
      }
    })
  }
}

test('passes the error of the storage on to whoever asked', async () => {
  const storage = new Faulty(new Bytes(), null)
  const kv = new RandomAccessKV(storage, OPTIONS)
  await kv.ready()
  storage.fault = { at: storage.calls, kind: 'ENOSPC', times: 1 }
  await expect(kv.put(Buffer.from('a'), Buffer.from('b'))).rejects.toMatchObject({ code: 'ENOSPC' })
  expect(await kv.get(Buffer.from('a'))).toBe(null)
  await kv.put(Buffer.from('a'), Buffer.from('c'))
  expect(await kv.get(Buffer.from('a'))).toEqual(Buffer.from('c'))
  await kv.close()
})

test('a checkpoint that cannot be written fails, is reported, and succeeds once there is room', async () => {
  const storage = new Faulty(new Bytes(), null)
  const kv = new RandomAccessKV(storage, { ...OPTIONS, sync: 'checkpoint', logSize: 1_000_000 })
  for (let i = 0; i < 200; i++) await kv.put(Buffer.from(`key ${i}`), Buffer.alloc(40, i))
  const { calls } = storage
  storage.fault = { at: calls, kind: 'ENOSPC', times: Number.POSITIVE_INFINITY }
  await expect(kv.checkpoint()).rejects.toMatchObject({ code: 'ENOSPC' })
  storage.fault = null
  await kv.checkpoint()
  await assertSound(kv, 'after the second attempt')
  expect((await kv.stats()).logBytes).toBe(0)
  await kv.close()
})
