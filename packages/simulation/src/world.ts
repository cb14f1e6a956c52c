// Everything that a run has: its time, chance, log, network, machines and cores, and what has gone wrong.

import { Log } from './log.js'
import { Machine } from './machine/machine.js'
import type { Loss } from './machine/mounted-disk.js'
import type { Session } from './machine/store.js'
import { Network } from './network/network.js'
import type { RunOptions } from './options.js'
import { Permissions } from './permissions.js'
import type { Failure, FailureKind } from './plan.js'
import { Clock } from './platform/clock.js'
import { Random } from './platform/random.js'
import { RunEnded } from './run-ended.js'
import { SimulatedCore } from './simulated-core.js'

export class World {
  readonly options: RunOptions
  readonly random: Random
  readonly clock: Clock
  readonly log: Log
  readonly network: Network
  readonly permissions: Permissions
  readonly machines: readonly Machine[]
  /** The cores of today: one that its writer has deleted is replaced by another. */
  readonly cores: SimulatedCore[]
  /** Those that were deleted. */
  readonly retired: SimulatedCore[] = []
  /** What went wrong first. */
  failure: Failure | null = null
  /** How often something has happened, by what it was. */
  readonly counts = new Map<string, number>()
  readonly #byDiscoveryKey = new Map<string, number>()

  constructor(options: RunOptions, verbose: boolean) {
    this.options = options
    this.random = new Random(options.seed)
    const effort = this.random.fork('effort')
    this.clock = new Clock(
      () => (options.effort === 0 ? 0 : effort.between(0, options.effort)),
      (error) => this.unhandled(error),
    )
    this.log = new Log(() => this.clock.now, verbose)
    this.network = new Network(this.clock, this.random.fork('network'), this.log)
    this.permissions = new Permissions(options.refusals)
    this.machines = options.machines.map((machine, index) => new Machine(index, machine, this))
    this.cores = options.cores.map((_, index) => this.#makeCore(index, 0))
    for (const { ends, conditions } of options.links) {
      this.network.add(this.machine(ends[0]), this.machine(ends[1]), conditions)
    }
  }

  machine(index: number): Machine {
    return at(this.machines, index)
  }

  core(index: number): SimulatedCore {
    return at(this.cores, index)
  }

  /** Its writer has deleted a core: from now on another one of a new name is in its place. */
  retire(core: SimulatedCore): void {
    const index = this.cores.indexOf(core)
    if (index === -1) return
    core.model.isRetired = true
    this.retired.push(core)
    const { length } = this.retired.filter(({ label }) => label.startsWith(core.label.replace(/'+$/, '')))
    this.cores[index] = this.#makeCore(index, length)
  }

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1)
  }

  fail(kind: FailureKind, message: string): void {
    this.log.event('!', `${kind}: ${message}`)
    this.failure ??= { kind, message }
  }

  unhandled(error: unknown): void {
    this.fail('unhandled', error instanceof Error ? (error.stack ?? error.message) : String(error))
  }

  /** Waits for something that must come about within some milliseconds. Else the run has failed. */
  async within<T>(milliseconds: number, what: string, work: Promise<T>): Promise<T> {
    let giveUp = () => {}
    const late = new Promise<never>((_, reject) => {
      giveUp = () => {
        this.fail('hangs', `${what}: not within ${milliseconds} ms`)
        reject(new RunEnded())
      }
    })
    const timer = this.clock.after(milliseconds, giveUp)
    try {
      return await Promise.race([work, late])
    } finally {
      timer.close()
    }
  }

  /** Whether a machine permits a core to a peer, by the core's discovery key and the peer's public key. */
  permits(machine: Machine, discoveryKey: Uint8Array, remotePublicKey: Uint8Array): boolean {
    const core = this.#byDiscoveryKey.get(hex(discoveryKey))
    const peer = this.machines.find(({ publicKey }) => hex(publicKey) === hex(remotePublicKey))
    if (core === undefined || peer === undefined) return false
    return this.permissions.permits(machine.index, peer.index, core)
  }

  labelOf(key: Uint8Array | null): string {
    const core = [...this.cores, ...this.retired].find((one) => key !== null && hex(one.key) === hex(key))
    return core?.label ?? 'an unknown core'
  }

  /** Watches over a session of a core as long as it is open. */
  observe(machine: Machine, core: SimulatedCore, session: Session): void {
    session.on('conflict', (length, fork) => {
      this.fail('conflict', `${machine.name}: ${core.label} at length ${length} of fork ${fork}`)
    })
    session.on('peer-add', ({ remotePublicKey }) => {
      const peer = this.machines.find(({ publicKey }) => hex(publicKey) === hex(remotePublicKey))
      const index = this.#byDiscoveryKey.get(hex(core.discoveryKey))
      if (peer === undefined || index === undefined) return
      if (this.permissions.refuses(machine.index, peer.index, index)) {
        this.fail('refused', `${machine.name} replicates ${core.label} with ${peer.name}`)
      }
    })
  }

  /** A machine has crashed. */
  crashed(machine: Machine, loss: Loss): void {
    this.count(loss === 'power' ? 'power cuts' : 'killed processes')
    if (loss === 'power') for (const core of this.#writtenBy(machine)) core.model.losePower()
  }

  /** Where the cores that a machine writes are in their histories. */
  positions(machine: Machine): Map<SimulatedCore, number> {
    return new Map(this.#writtenBy(machine).map((core) => [core, core.model.position]))
  }

  /** A machine goes on from a copy. */
  restored(machine: Machine, positions: ReadonlyMap<SimulatedCore, number>): void {
    this.count('restored copies')
    for (const core of this.#writtenBy(machine)) core.model.restore(positions.get(core) ?? 0)
  }

  /** A machine has closed its store: whatever it has come to be survives. */
  closed(machine: Machine): void {
    for (const core of this.#writtenBy(machine)) core.model.secureAll()
  }

  /**
   * Has a machine make everything safe that it has acknowledged so far.
   *
   * @param work what does that
   */
  async securing(machine: Machine, work: () => Promise<unknown>): Promise<void> {
    const states = this.#writtenBy(machine).map(({ model }) => ({ model, state: model.acknowledged }))
    await work()
    for (const { model, state } of states) model.secure(state)
  }

  #writtenBy({ index }: Machine): SimulatedCore[] {
    return this.cores.filter(({ owner }) => owner === index)
  }

  #makeCore(index: number, generation: number): SimulatedCore {
    const options = at(this.options.cores, index)
    const { name, primaryKey } = this.machine(options.owner)
    const core = new SimulatedCore(options, name, primaryKey, generation)
    this.#byDiscoveryKey.set(hex(core.discoveryKey), index)
    return core
  }
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index]
  if (item === undefined) throw new RangeError(`There is no ${index} of ${items.length}`)
  return item
}
