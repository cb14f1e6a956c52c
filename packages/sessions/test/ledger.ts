// A life cycle for tests that ends openings and closes on cue, and keeps the books: whatever the pool does that it
// promised not to do is written into `violations`.
import { setImmediate } from 'node:timers/promises'
import type { Busy, Lifecycle } from '../src/index.js'

export class Thing {
  readonly id: string
  state: 'made' | 'opening' | 'open' | 'failed' | 'closing' | 'closed' = 'made'
  busy: Busy = 'no'
  /** The leases that the test holds. */
  leases = 0
  /** Set by a test that closes it by force. */
  forced = false

  constructor(id: string) {
    this.id = id
  }
}

interface Step {
  readonly kind: 'open' | 'close'
  readonly thing: Thing
  finish(error?: Error): void
}

export class Ledger implements Lifecycle<Thing> {
  readonly things: Thing[] = []
  readonly violations: string[] = []
  /** The openings and closes that wait to be finished by the test; only while `held`. */
  readonly steps: Step[] = []
  held = false
  /** How often a thing was asked whether it is busy. */
  asked = 0
  createError: Error | null = null
  openError: Error | null = null
  closeError: Error | null = null

  create(...[id, , turn]: Parameters<Lifecycle<Thing>['create']>): Thing {
    if (this.createError !== null) throw this.createError
    const unclosed = this.#unclosed(id)
    if (unclosed.some((thing) => thing.state === 'open' && thing.leases > 0 && !thing.forced))
      this.#violation('second of', id)
    if (unclosed.length > 0 && turn === null) this.#violation('no turn for', id)
    turn?.catch(() => this.#violation('rejected turn for', id))
    const thing = new Thing(id)
    this.things.push(thing)
    return thing
  }

  async open(thing: Thing): Promise<void> {
    if (thing.state !== 'made') this.#violation(`open while ${thing.state} of`, thing.id)
    this.#first('open', thing)
    thing.state = 'opening'
    try {
      await this.#step('open', thing, this.openError)
      thing.state = 'open'
    } catch (error) {
      thing.state = 'failed'
      throw error
    }
  }

  async close(thing: Thing): Promise<void> {
    if (thing.state !== 'made' && thing.state !== 'open' && thing.state !== 'failed') {
      this.#violation(`close while ${thing.state} of`, thing.id)
    }
    this.#first('close', thing)
    if (thing.state !== 'failed' && !thing.forced) {
      if (thing.leases > 0) this.#violation('close of leased', thing.id)
      if (thing.busy === 'hard') this.#violation('close of busy', thing.id)
    }
    thing.state = 'closing'
    try {
      await this.#step('close', thing, this.closeError)
    } finally {
      thing.state = 'closed'
    }
  }

  busy(thing: Thing): Busy {
    this.asked++
    if (thing.state !== 'open') this.#violation(`busy asked while ${thing.state} of`, thing.id)
    if (thing.leases > 0) this.#violation('busy asked of leased', thing.id)
    return thing.busy
  }

  /** The things of an id, oldest first. */
  of(id: string): Thing[] {
    return this.things.filter((thing) => thing.id === id)
  }

  /** The ids of the things in a state, oldest first. */
  ids(state: Thing['state']): string[] {
    return this.things.filter((thing) => thing.state === state).map((thing) => thing.id)
  }

  /** Finishes all steps that wait, and those that begin because of it. */
  async finishAll(): Promise<void> {
    await flush()
    while (this.steps.length > 0) {
      this.steps[0]?.finish()
      await flush()
    }
  }

  #unclosed(id: string): Thing[] {
    return this.of(id).filter((thing) => thing.state !== 'closed')
  }

  #first(what: string, thing: Thing): void {
    if (this.#unclosed(thing.id)[0] !== thing) this.#violation(`${what} before its turn of`, thing.id)
  }

  #step(kind: Step['kind'], thing: Thing, failure: Error | null): Promise<void> {
    if (!this.held) return failure === null ? Promise.resolve() : Promise.reject(failure)
    return new Promise((resolve, reject) => {
      const step = {
        kind,
        thing,
        finish: (error = failure) => {
          this.steps.splice(this.steps.indexOf(step), 1)
          if (error === null) resolve()
          else reject(error)
        },
      }
      this.steps.push(step)
    })
  }

  #violation(what: string, id: string): void {
    this.violations.push(`${what} ${id}`)
  }
}

/** Lets everything happen that waits for nothing outside. */
export function flush(): Promise<void> {
  return setImmediate()
}
