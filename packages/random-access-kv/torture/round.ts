// One round: work on a store is recorded, and a store is opened on what many power cuts and kills of it leave.

import { random } from '../src/test/index.js'
import type { Pair } from '../test/support/model.js'
import { check } from './check.js'
import { type Cut, cuts, type HowOften } from './cuts.js'
import { restart } from './platform.js'
import { type Counts, count, list, Recorder } from './recorder.js'
import type { Setup } from './setup.js'
import { States } from './states.js'
import { Workload } from './workload.js'

/** How many calls before a failure are shown. */
const SHOWN = 60

/** A disk, and the state of the store in it. */
export interface Left {
  readonly disk: Uint8Array
  readonly state: Pair[]
}

/** A check that failed, and the disk on which it did. */
export class Failure extends Error {
  readonly disk: Uint8Array | null

  constructor(message: string, disk: Uint8Array | null, cause: unknown) {
    super(message, { cause })
    this.disk = disk
  }
}

export class Round {
  readonly #name: string
  readonly #seed: number
  readonly #setup: Setup
  readonly #start: Left
  readonly #draw: () => number
  readonly #states: States
  readonly #recorder: Recorder
  readonly #counts: Counts

  constructor(name: string, seed: number, setup: Setup, start: Left, counts: Counts) {
    this.#name = name
    this.#seed = seed
    this.#setup = setup
    this.#start = start
    this.#counts = counts
    this.#draw = random(seed)
    this.#states = new States(start.state)
    this.#recorder = new Recorder(
      start.disk,
      setup.storage,
      this.#draw,
      (forgot) => this.#states.moment(forgot),
      counts,
    )
  }

  /** @param other the file of another store, for hostile values */
  async record(other: Uint8Array): Promise<void> {
    await restart(this.#seed, this.#setup.timePasses)
    try {
      await new Workload(this.#setup, this.#recorder, this.#states, this.#draw, other, this.#counts).play()
    } catch (error) {
      const { effects, disk } = this.#recorder
      throw new Failure(`${this.#name}\n${list(effects, effects.length, SHOWN)}`, disk.cache.copy(), error)
    }
    count(this.#counts, 'rounds')
    count(this.#counts, 'calls', this.#recorder.effects.length)
  }

  /** Checks the cuts. Returns what one of them has left, drawn among all. */
  async cut(howOften: HowOften): Promise<Left> {
    await restart(this.#seed, false)
    const { effects } = this.#recorder
    const last = this.#states.moment(false)
    let left = this.#start
    let seen = 0
    for (const cut of cuts(this.#start.disk, effects, last, this.#seed, howOften)) {
      const disk = cut.disk.copy()
      const state = await this.#check(cut, disk)
      count(this.#counts, cut.kind)
      if (this.#draw() < 1 / ++seen) left = { disk, state }
    }
    return left
  }

  async #check(cut: Cut, before: Uint8Array): Promise<Pair[]> {
    const possible = this.#states.possible(cut.from, cut.end)
    try {
      return await check(cut.disk, possible, this.#setup.options, this.#draw)
    } catch (error) {
      const calls = list(this.#recorder.effects, cut.at + 1, SHOWN)
      throw new Failure(`${this.#name}, ${cut.what}\n${calls}`, before, error)
    }
  }
}
