// Syncs that are in progress at the same time. A system reports an error of the disk to one of them only, and has forgotten what all of them
// should have made safe.

import { expect, test } from 'vitest'
import { type Operation, RandomAccessKV } from '../src/index.js'
import { Memory } from './support/storages.js'

type Callback = (error: Error | null) => void

/** Memory whose syncs are answered by the test. */
class Asked extends Memory {
  isHolding = false
  readonly held: Callback[] = []
  #wake: () => void = () => {}

  override sync(callback: Callback): void {
    if (!this.isHolding) {
      callback(null)
      return
    }
    this.held.push(callback)
    this.#wake()
  }

  /** Resolves once so many syncs are in progress. */
  async holding(count: number): Promise<void> {
    while (this.held.length < count) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
}

const FAILURE = Object.assign(new Error('EIO: simulated'), { code: 'EIO' })

function put(name: string): Operation[] {
  return [{ type: 'put', key: Buffer.from(name), value: Buffer.alloc(100) }]
}

/** Begins a sync and a checkpoint, so that a sync of each is in progress. */
async function both(): Promise<{ storage: Asked; results: Promise<PromiseSettledResult<void>[]> }> {
  const storage = new Asked()
  const kv = new RandomAccessKV(storage)
  await kv.batch(put('a'))
  storage.isHolding = true
  const synced = kv.sync()
  await storage.holding(1)
  const written = kv.checkpoint()
  await storage.holding(2)
  storage.isHolding = false
  return { storage, results: Promise.allSettled([synced, written]) }
}

for (const [name, failing] of [
  ['earlier', 0],
  ['later', 1],
] as const) {
  test(`a sync does not succeed if one that began ${name} is still in progress and then fails`, async () => {
    const { storage, results } = await both()
    const before = storage.bytes.copy()
    storage.held[1 - failing]?.(null)
    // Whatever follows an answer that is there has happened by then.
    await new Promise(setImmediate)
    expect(storage.bytes.copy().subarray(0, 8192)).toEqual(before.subarray(0, 8192))
    storage.held[failing]?.(FAILURE)
    for (const result of await results) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'EIO' } })
    }
  })
}

test('syncs succeed if all that are in progress at the same time do', async () => {
  const { storage, results } = await both()
  storage.held[1]?.(null)
  storage.held[0]?.(null)
  for (const { status } of await results) expect(status).toBe('fulfilled')
})
