// Power cuts: a session of work on a disk that loses power at a given call, and what must hold when the store is opened again.

import { type KvOptions, type Operation, RandomAccessKV } from '../../src/index.js'
import { assertSame, assertSound, contents, isSame, Model, type Pair } from './model.js'
import { PowerCut, random } from './storages.js'

export interface Session {
  readonly pageSize: number
  readonly sync: 'always' | 'checkpoint'
  /** Decides what is written, and what survives. */
  readonly seed: number
  readonly steps: number
  /** How often a sync fails although the power is there, from 0 to 1. */
  readonly failingSyncs?: number
  /** Whether a sync that fails forgets. */
  readonly forgets?: boolean
  /** How often a write fails, from 0 to 1; some of them arrive all the same. */
  readonly failingWrites?: number
  /** The disk has so many bytes until two thirds of the steps are done. */
  readonly capacity?: number
  /** Whether some values are pieces of stores: logs, meta pages and nodes, of this store and another. */
  readonly hostile?: Uint8Array
}

/** What a disk may hold when the power is back. */
export interface Aftermath {
  readonly disk: Uint8Array
  /** The state after each batch that may have been the last. */
  readonly possible: Pair[][]
  /** Calls that the storage has seen. */
  readonly calls: number
  /** Calls that failed although the power was there. */
  readonly faults: number
}

/** Works on a disk until the power goes at call `cutAt`, or the work is done and the power goes then. */
export async function work(
  session: Session,
  disk: Uint8Array,
  known: Pair[],
  cutAt: number,
): Promise<Aftermath> {
  const storage = new PowerCut(disk, cutAt, session.seed ^ cutAt)
  storage.failingSyncs = session.failingSyncs ?? 0
  storage.forgets = session.forgets ?? false
  storage.failingWrites = session.failingWrites ?? 0
  storage.capacity = session.capacity ?? Number.POSITIVE_INFINITY
  const options: KvOptions = {
    pageSize: session.pageSize,
    sync: session.sync,
    logSize: 4000,
    cacheSize: 30_000,
  }
  const kv = new RandomAccessKV(storage, options)
  const draw = random(session.seed)
  let model = new Model([...known])
  let possible = [model.list()]
  try {
    await attempt(() => kv.ready())
    for (let step = 0; step < session.steps; step++) {
      if (step > (session.steps * 2) / 3) storage.capacity = Number.POSITIVE_INFINITY
      const kind = draw()
      if (kind < 0.05) await Promise.all([attempt(() => kv.checkpoint()), commit()])
      else if (kind < 0.1) {
        if (await attempt(() => kv.sync())) possible = [model.list()]
      } else if (kind < 0.13) await Promise.all([attempt(() => kv.compact()), commit()])
      else if (kind < 0.15) await attempt(() => kv.iterator({ limit: 3 }).next())
      else await commit()
    }
    if (await attempt(() => kv.close())) possible = [model.list()]
  } catch (error) {
    if (!storage.isCut) throw error
  }
  return { disk: storage.survivors(), possible, calls: storage.calls, faults: storage.faults }

  async function commit(): Promise<void> {
    const operations = batch(draw, session, disk)
    const before = model.copy()
    model.apply(operations)
    // If it fails, it is not there, but may be after a power cut.
    possible.push(model.list())
    if (!(await attempt(() => kv.batch(operations)))) {
      model = before
      possible.push(model.list())
    } else if (session.sync === 'always') possible = [model.list()]
  }

  /** False if a sync or a write has failed, and only that. */
  async function attempt(action: () => Promise<unknown>): Promise<boolean> {
    try {
      await action()
      return true
    } catch (error) {
      const { code } = error as { code?: string }
      if (storage.isCut || (code !== 'EIO' && code !== 'ENOSPC')) throw error
      return false
    }
  }
}

function batch(draw: () => number, { pageSize, hostile }: Session, own: Uint8Array): Operation[] {
  return Array.from({ length: 1 + Math.floor(draw() * 12) }, () => {
    const kind = draw()
    const key = Buffer.from(`key ${Math.floor(draw() * 150)}`)
    if (kind < 0.1) return { type: 'del', key }
    if (kind < 0.13) return { type: 'clear', gte: key, lt: Buffer.concat([key, Buffer.from([0xff])]) }
    if (hostile !== undefined && kind > 0.9) {
      const from = draw() < 0.5 ? hostile : own
      const at = Math.floor(draw() * from.length)
      return { type: 'put', key, value: from.slice(at, at + Math.floor(draw() * 20_000)) }
    }
    // Large values go through the log, or, above 8 KB, past it.
    const most = kind > 0.97 ? 12_000 : kind > 0.9 ? pageSize * 2.5 : 90
    const value = Buffer.alloc(Math.floor(draw() * most), Math.floor(draw() * 256))
    return { type: 'put', key, value }
  })
}

/** Opens what is left. Throws unless it is sound and one of the possible states. Returns that state. */
export async function recoverFrom({ disk, possible }: Aftermath, pageSize: number): Promise<Pair[]> {
  const storage = new PowerCut(disk, Number.POSITIVE_INFINITY, 0)
  const kv = new RandomAccessKV(storage, { pageSize })
  const found = await contents(kv)
  await assertSound(kv, 'after the power came back')
  const state = possible.find((candidate) => isSame(found, candidate))
  if (state === undefined) {
    assertSame(
      found,
      possible[possible.length - 1] ?? [],
      `none of ${possible.length} possible states; the last`,
    )
  }
  return found
}
