// One round of work on a store whose storage is recorded and fails: what is called, and what must be true of the answers.

import { type Operation, RandomAccessKV, type Snapshot } from '../src/index.js'
import { assertSound, isSame, type Pair } from '../test/support/model.js'
import { drawBatch, type Sources } from './batches.js'
import { assertState, entries } from './check.js'
import { runTimers } from './platform.js'
import { type Counts, count, NO_FAULTS, type Recorder } from './recorder.js'
import type { Setup } from './setup.js'
import type { States } from './states.js'

/** How often opening is tried while calls fail. */
const OPENINGS = 4

export class Workload {
  readonly #setup: Setup
  readonly #recorder: Recorder
  readonly #states: States
  readonly #draw: () => number
  readonly #sources: Sources
  readonly #counts: Counts
  #kv: RandomAccessKV
  #kill: () => void
  #snapshot: [Snapshot, Pair[]] | null = null
  /** Steps until the disk is no longer full. */
  #fullFor = 0

  constructor(
    setup: Setup,
    recorder: Recorder,
    states: States,
    draw: () => number,
    other: Uint8Array,
    counts: Counts,
  ) {
    this.#setup = setup
    this.#recorder = recorder
    this.#states = states
    this.#draw = draw
    this.#counts = counts
    this.#sources = { other, own: () => recorder.disk.cache.view() }
    const { kv, kill } = this.#connect()
    this.#kv = kv
    this.#kill = kill
  }

  async play(): Promise<void> {
    await this.#open()
    this.#recorder.faults = this.#setup.faults
    for (let step = 0; step < this.#setup.steps; step++) {
      this.#fillDisk()
      await this.#step()
    }
    await this.#finish()
  }

  #connect(): { kv: RandomAccessKV; kill: () => void } {
    const { storage, kill } = this.#recorder.connect()
    return { kv: new RandomAccessKV(storage, this.#setup.options), kill }
  }

  async #open(): Promise<void> {
    for (let tries = 0; tries < OPENINGS; tries++) if (await this.#attempt(() => this.#kv.ready())) return
    await this.#withoutFaults(() => this.#kv.ready())
  }

  #fillDisk(): void {
    if (this.#fullFor > 0 && --this.#fullFor === 0) this.#recorder.capacity = Number.POSITIVE_INFINITY
    if (this.#fullFor > 0 || this.#draw() >= this.#setup.fullDisk) return
    this.#fullFor = 1 + Math.floor(this.#draw() * 12)
    this.#recorder.capacity = this.#recorder.disk.cache.length + Math.floor(this.#draw() ** 2 * 300_000)
  }

  async #step(): Promise<void> {
    const kind = this.#draw()
    if (kind < 0.6) await this.#commit(1)
    else if (kind < 0.68) await this.#commit(2 + Math.floor(this.#draw() * 2))
    else if (kind < 0.76) await this.#sync()
    else if (kind < 0.83) await this.#durably(() => this.#kv.checkpoint())
    else if (kind < 0.87) await this.#durably(() => this.#kv.compact())
    else if (kind < 0.9) await this.#look()
    else if (kind < 0.93) await this.#takeSnapshot()
    else if (kind < 0.95) runTimers()
    else if (kind < 0.97) await this.#reopen()
    else if (kind < 0.99) await this.#killProcess()
    else await this.#suspend()
  }

  async #commit(together: number): Promise<void> {
    const most = this.#draw() < 0.05 ? 60 : 8
    const batches = Array.from({ length: together }, () =>
      drawBatch(this.#draw, this.#setup, this.#sources, most),
    )
    const acknowledged = await this.#commitAll(batches)
    if (acknowledged.includes(false) && this.#draw() < 0.3) await this.#look()
  }

  async #commitAll(batches: Operation[][]): Promise<boolean[]> {
    this.#states.begin(batches)
    const acknowledged = await Promise.all(batches.map((batch) => this.#attempt(() => this.#kv.batch(batch))))
    this.#states.end(batches, acknowledged)
    count(this.#counts, 'batches', batches.length)
    if (this.#setup.options.sync === 'always' && acknowledged.includes(true)) this.#isSafe(this.#states.mark)
    return acknowledged
  }

  /** What was acknowledged up to a mark is safe from now on. */
  #isSafe(mark: { readonly acknowledged: number }): void {
    this.#states.safe(mark)
    // What was acknowledged later may be forgotten all the same.
    if (mark.acknowledged === this.#states.mark.acknowledged) this.#recorder.isSafe()
  }

  /** A sync covers each batch that was called before, whether or not it has ended. */
  async #sync(): Promise<void> {
    const { mark } = this.#states
    if (this.#draw() < 0.6) {
      if (await this.#attempt(() => this.#kv.sync())) this.#isSafe(mark)
      return
    }
    const batch = drawBatch(this.#draw, this.#setup, this.#sources, 8)
    const committed = this.#commitAll([batch])
    const synced = await this.#attempt(() => this.#kv.sync())
    const [acknowledged] = await committed
    if (synced) this.#isSafe(acknowledged ? this.#states.mark : mark)
  }

  /** A checkpoint makes safe what was acknowledged before; sometimes a batch is committed meanwhile. */
  async #durably(run: () => Promise<void>): Promise<void> {
    const { mark } = this.#states
    if (this.#draw() < 0.5) {
      if (!(await this.#attempt(run))) return
      this.#isSafe(mark)
      this.#states.exact()
      return
    }
    const durable = this.#attempt(run)
    const committed = this.#commitAll([drawBatch(this.#draw, this.#setup, this.#sources, 8)])
    if (await durable) this.#isSafe(mark)
    await committed
  }

  async #look(): Promise<void> {
    await this.#withoutFaults(async () => {
      assertState(await entries(this.#kv), this.#states.current, 'while it is open')
      if (this.#draw() < 0.3) await assertSound(this.#kv, 'while it is open')
    })
  }

  async #takeSnapshot(): Promise<void> {
    if (this.#snapshot === null) {
      this.#snapshot = [this.#kv.snapshot(), this.#states.current]
      return
    }
    await this.#closeSnapshot()
  }

  async #closeSnapshot(): Promise<void> {
    if (this.#snapshot === null) return
    const [snapshot, state] = this.#snapshot
    this.#snapshot = null
    await this.#withoutFaults(async () => assertState(await entries(snapshot), state, 'a snapshot'))
    await snapshot.close()
  }

  async #reopen(): Promise<void> {
    await this.#closeSnapshot()
    const isClosed = await this.#attempt(() => this.#kv.close())
    if (isClosed) this.#isSafe(this.#states.mark)
    if (isClosed) this.#states.exact()
    await this.#begin()
  }

  async #killProcess(): Promise<void> {
    this.#snapshot = null
    await this.#begin()
  }

  /** Another process opens the store. */
  async #begin(): Promise<void> {
    this.#kill()
    this.#recorder.evict()
    const { kv, kill } = this.#connect()
    this.#kv = kv
    this.#kill = kill
    await this.#open()
    await this.#withoutFaults(async () => {
      const moment = this.#states.moment(this.#recorder.hasForgotten)
      const possible = this.#states.possible(moment.acknowledged, moment.end)
      const found = await entries(kv)
      const state = possible.find((candidate) => isSame(found, candidate))
      if (state === undefined) assertState(found, possible[0] ?? [], 'in the next process')
      else this.#states.found(state)
      this.#recorder.hasForgotten = false
    })
  }

  async #suspend(): Promise<void> {
    const { mark } = this.#states
    const isSuspended = await this.#attempt(() => this.#kv.suspend())
    if (isSuspended) this.#isSafe(mark)
    await this.#withoutFaults(() => this.#kv.resume())
  }

  /** The faults are over: all is as it should be, and goes on. */
  async #finish(): Promise<void> {
    this.#recorder.faults = NO_FAULTS
    this.#recorder.capacity = Number.POSITIVE_INFINITY
    await this.#look()
    await this.#commitAll([drawBatch(this.#draw, this.#setup, this.#sources, 8)])
    await this.#closeSnapshot()
    await assertSound(this.#kv, 'once the faults are over')
    await this.#kv.close()
    this.#isSafe(this.#states.mark)
    this.#states.exact()
  }

  async #withoutFaults(run: () => Promise<void>): Promise<void> {
    const { faults, capacity } = this.#recorder
    this.#recorder.faults = NO_FAULTS
    this.#recorder.capacity = Number.POSITIVE_INFINITY
    await run()
    this.#recorder.faults = faults
    this.#recorder.capacity = capacity
  }

  /** False if a call of the storage has failed, and only that. */
  async #attempt(run: () => Promise<unknown>): Promise<boolean> {
    try {
      await run()
      return true
    } catch (error) {
      const { code } = error as { code?: string }
      if (code !== 'EIO' && code !== 'ENOSPC') throw error
      return false
    }
  }
}
