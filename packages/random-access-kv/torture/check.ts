// What must be true of a disk when a store is opened on it: it is sound, it is in a state that it may have, and it goes on working.

import { type KvOptions, type Operation, RandomAccessKV, type Snapshot } from '../src/index.js'
import type { Bytes } from '../src/test/index.js'
import { assertSame, assertSound, isSame, Model, type Pair } from '../test/support/model.js'
import { Memory } from '../test/support/storages.js'

/** The storage of a process that may be killed. */
class Mortal extends Memory {
  /** What it is given and gives is copied. */
  readonly isolated = true
  isKilled = false

  override read(
    offset: number,
    size: number,
    callback: (error: Error | null, data: Uint8Array) => void,
  ): void {
    if (!this.isKilled) super.read(offset, size, callback)
  }

  override write(offset: number, data: Uint8Array, callback: (error: Error | null) => void): void {
    if (!this.isKilled) super.write(offset, data, callback)
  }

  override truncate(size: number, callback: (error: Error | null) => void): void {
    if (!this.isKilled) super.truncate(size, callback)
  }

  override sync(callback: (error: Error | null) => void): void {
    if (!this.isKilled) super.sync(callback)
  }
}

/** Everything in a store, in order. */
export async function entries(store: RandomAccessKV | Snapshot): Promise<Pair[]> {
  const iterator = store.iterator()
  const found: Pair[] = []
  for (;;) {
    const some = await iterator.nextMany(1000)
    for (const { key, value } of some) found.push([key, value])
    if (some.length < 1000) break
  }
  await iterator.close()
  return found
}

export function assertState(found: readonly Pair[], expected: readonly Pair[], what: string): void {
  if (!isSame(found, expected)) assertSame(found, expected, what)
}

/** Opens a store in `disk` and works with it. Returns the state that was found. */
export async function check(
  disk: Bytes,
  possible: readonly Pair[][],
  given: KvOptions,
  draw: () => number,
): Promise<Pair[]> {
  // No timers: nobody lets them run.
  const options = typeof given.sync === 'number' ? { ...given, sync: 'checkpoint' as const } : given
  const storage = new Mortal(disk)
  const kv = new RandomAccessKV(storage, options)
  const found = await entries(kv)
  await assertSound(kv, 'opened')
  const state = possible.find((candidate) => isSame(found, candidate))
  if (state === undefined)
    throw new Error(`It is in none of ${possible.length} states. ${nearest(found, possible)}`)
  await goOn(kv, storage, options, found, draw)
  return found
}

async function goOn(
  kv: RandomAccessKV,
  storage: Mortal,
  options: KvOptions,
  state: Pair[],
  draw: () => number,
): Promise<void> {
  const model = new Model([...state])
  for (let batches = 1 + Math.floor(draw() * 3); batches > 0; batches--) {
    const batch = drawMore(draw, model)
    model.apply(batch)
    await kv.batch(batch)
    if (draw() < 0.2) await kv.checkpoint()
  }
  if (draw() < 0.2) await kv.compact()
  // A process that is killed may be writing a checkpoint.
  storage.isKilled = draw() < 0.2
  if (!storage.isKilled) await kv.close()
  const again = new RandomAccessKV(new Mortal(storage.bytes), options)
  const what = storage.isKilled ? 'opened after a kill' : 'opened after a close'
  assertState(await entries(again), model.list(), what)
  if (draw() < 0.2) await assertSound(again, 'opened again')
}

function drawMore(draw: () => number, model: Model): Operation[] {
  return Array.from({ length: 1 + Math.floor(draw() * 4) }, () => {
    const key = model.key(Math.floor(draw() * model.size)) ?? Buffer.from('key')
    if (draw() < 0.3) return { type: 'del', key }
    const length = Math.floor(draw() * (draw() < 0.1 ? 12_000 : 60))
    return { type: 'put', key, value: Buffer.alloc(length, Math.floor(draw() * 256)) }
  })
}

/** Says how what was found differs from the state that is most like it. The states are numbered from the last one, 0, backwards. */
function nearest(found: readonly Pair[], possible: readonly Pair[][]): string {
  const [first] = possible
    .map((state, i) => ({ i, keys: differences(found, state) }))
    .sort((one, other) => one.keys.length - other.keys.length)
  return first === undefined ? '' : `State -${first.i} is the nearest, it differs in ${first.keys.join(', ')}`
}

/** The keys whose values differ, each with the lengths of the values. */
function differences(found: readonly Pair[], expected: readonly Pair[]): string[] {
  const values = new Map(expected.map(([key, value]) => [Buffer.from(key).toString('latin1'), value]))
  const keys: string[] = []
  for (const [key, value] of found) {
    const name = Buffer.from(key).toString('latin1')
    const other = values.get(name)
    values.delete(name)
    if (other === undefined || Buffer.compare(other, value) !== 0)
      keys.push(`'${name.slice(0, 12)}' (${value.length} bytes, not ${other?.length ?? 'any'})`)
  }
  for (const [name, value] of values) keys.push(`'${name.slice(0, 12)}' (missing, not ${value.length} bytes)`)
  return keys
}
