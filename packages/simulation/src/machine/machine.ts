// A machine: a disk, and the store that lives on it until it closes or crashes. Then another one opens there.

import { Corestore } from '@coreyard/corestore'
import { PowerCut } from '@coreyard/random-access-kv/test'
import { storageEngine } from '@coreyard/storage'
import SecretStream from '@hyperswarm/secret-stream'
import Corestore7 from 'corestore-7'
import type { Endpoint } from '../network/network.js'
import type { Socket } from '../network/socket.js'
import type { MachineOptions } from '../options.js'
import { RunEnded } from '../run-ended.js'
import type { SimulatedCore } from '../simulated-core.js'
import type { World } from '../world.js'
import { Disk } from './disk.js'
import type { Loss, MountedDisk } from './mounted-disk.js'
import type { Session, Store } from './store.js'

/** How long a store may take to open or close, in milliseconds. */
const PATIENCE = 120_000

/** A copy of a store. */
export interface Copy {
  readonly bytes: Uint8Array
  /** Where each core's model was when it was made. */
  readonly states: ReadonlyMap<SimulatedCore, number>
}

export class Machine implements Endpoint {
  readonly index: number
  readonly name: string
  readonly options: MachineOptions
  readonly primaryKey: Uint8Array
  readonly #keyPair: { publicKey: Uint8Array; secretKey: Uint8Array }
  readonly #world: World
  readonly #disk: Disk
  #mounted: MountedDisk | null = null
  #store: Store | null = null
  /** Rejects when the store that is open crashes. */
  #crashed: Promise<never> = new Promise(() => {})
  #tellCrash: (error: Error) => void = () => {}
  /** Counts stores: what was begun on an earlier one may fail. */
  #incarnation = 0
  /** Cores that the app of this machine follows, whatever happens to the store. */
  readonly followed = new Map<SimulatedCore, Session | null>()
  /** Cores of which a copy was deleted here, and how often. */
  readonly #deletions = new Map<SimulatedCore, number>()

  constructor(index: number, options: MachineOptions, world: World) {
    this.index = index
    this.name = String.fromCharCode(65 + index)
    this.options = options
    this.#world = world
    const random = world.random.fork(`machine ${index}`)
    this.primaryKey = random.bytes(32)
    this.#keyPair = SecretStream.keyPair(random.bytes(32))
    this.#disk = new Disk(this.name, options.disk, world.clock, random, world.log)
  }

  get publicKey(): Uint8Array {
    return this.#keyPair.publicKey
  }

  get isUp(): boolean {
    return this.#store !== null
  }

  /** The store that is open. Throws if none is. */
  get store(): Store {
    if (this.#store === null) throw new Error(`${this.name} has no open store`)
    return this.#store
  }

  /** The same, if it is one of ours. */
  get coreyard(): Corestore | null {
    return this.#store instanceof Corestore ? this.#store : null
  }

  /** Waits for work of the store. Of Corestore 7, it may never end when the machine has crashed. */
  whileUp<T>(work: Promise<T>): Promise<T> {
    return this.options.kind === 'coreyard' ? work : Promise.race([work, this.#crashed])
  }

  /** What tells whether the store and its copy of a core are still the same. */
  mark(core: SimulatedCore | null): string {
    return `${this.#incarnation} ${core === null ? 0 : (this.#deletions.get(core) ?? 0)}`
  }

  /** A copy of a core is being deleted, or was: the sessions that were opened until then may be closed. */
  deleting(core: SimulatedCore): void {
    this.#deletions.set(core, (this.#deletions.get(core) ?? 0) + 1)
  }

  /** Whether a store is open, opening or closing. */
  get isBusy(): boolean {
    return this.#mounted !== null
  }

  async open(): Promise<void> {
    const mounted = this.#disk.mount()
    const { sync, logSize, pageSize, pageCache } = this.options
    const randomAccess = defined({ sync, logSize, pageSize, cacheSize: pageCache })
    const store =
      this.options.kind === 'corestore-7'
        ? new Corestore7(storageEngine(() => mounted, { randomAccess }).storage, {
            primaryKey: this.primaryKey,
            unsafe: true,
          })
        : this.#makeCoreyard(mounted, randomAccess)
    this.#mounted = mounted
    this.#store = store
    this.#incarnation++
    this.#crashed = new Promise((_, reject) => {
      this.#tellCrash = reject
    })
    this.#crashed.catch(() => {})
    this.#world.log.event(this.name, 'opens')
    for (const core of this.followed.keys()) this.follow(core)
    await this.#unlessCrashed('opens', store.ready())
    if (this.#store === store) this.#world.network.up(this)
  }

  /** Closes the store in order. */
  async close(): Promise<void> {
    const { store } = this
    const mounted = this.#mounted
    this.#end()
    this.#world.log.event(this.name, 'closes')
    await this.#unlessCrashed('closes', this.whileUp(store.close()))
    if (this.#mounted !== mounted) return
    this.#mounted = null
    this.#world.network.down(this)
    this.#world.closed(this)
    this.#disk.unmount()
    if (mounted?.isReleased === false)
      this.#world.fail('leak', `${this.name} has closed, and its disk is in use`)
  }

  /** Makes a copy of the store that is open. */
  async copy(by: 'backup' | 'image'): Promise<Copy> {
    const states = this.#world.positions(this)
    if (by === 'image') return { bytes: this.#disk.content(), states }
    const disk = new PowerCut(new Uint8Array(0), Number.POSITIVE_INFINITY, 0)
    await this.coreyard?.backup(() => disk)
    return { bytes: disk.survivors(), states }
  }

  /** The disk becomes a copy that was made before. No store may be open. */
  restore({ bytes, states }: Copy): void {
    this.#world.log.event(this.name, 'is a copy')
    this.#disk.replace(bytes)
    this.#world.restored(this, states)
  }

  /** Loses the power or the process during one of the disk's writes to come, at the latest after a second. */
  async crash(loss: Loss, calls: number): Promise<void> {
    const mounted = this.#mounted
    const crash = () => {
      if (this.#mounted === mounted) this.#crash(loss)
    }
    mounted?.failAfter(calls, crash)
    await this.#world.clock.sleep(1000)
    crash()
  }

  #crash(loss: Loss): void {
    const store = this.#store
    this.#end()
    this.#mounted = null
    this.#world.log.event(this.name, loss === 'power' ? 'loses its power' : 'is killed')
    this.#world.network.down(this)
    this.#disk.crash(loss)
    this.#world.crashed(this, loss)
    this.#tellCrash(new Error(`${this.name} has crashed`))
    if (store === null) return
    // What is left of the store must come to an end, too, although its disk fails. Corestore 7 does not, if it is suspended.
    const closed = store.close().catch(() => {})
    if (!(store instanceof Corestore)) return
    this.#world.within(PATIENCE, `${this.name} closes after its disk has failed`, closed).catch(() => {})
  }

  /** Waits for what must succeed, unless the machine crashes or closes its store meanwhile. */
  async #unlessCrashed(what: string, work: Promise<void>): Promise<void> {
    const mounted = this.#mounted
    const incarnation = this.#incarnation
    try {
      await this.#world.within(PATIENCE, `${this.name} ${what}`, work)
    } catch (error) {
      if (error instanceof RunEnded) throw error
      // A store that closes while it opens does not open.
      if (this.#mounted !== mounted || this.#incarnation !== incarnation) return
      this.#world.fail('error', `${this.name} ${what}: ${error instanceof Error ? error.stack : error}`)
      throw new RunEnded()
    }
  }

  #end(): void {
    this.#store = null
    this.#incarnation++
    for (const core of this.followed.keys()) this.followed.set(core, null)
  }

  /** Opens a session of a core that downloads all of it. */
  follow(core: SimulatedCore): void {
    const session = this.store.get({ key: core.key })
    this.followed.set(core, session)
    this.#world.observe(this, core, session)
    session.download({ start: 0, end: -1 })
  }

  async unfollow(core: SimulatedCore): Promise<void> {
    const session = this.followed.get(core)
    this.followed.delete(core)
    await session?.close()
  }

  connect(socket: Socket, peer: Endpoint, isInitiator: boolean): void {
    const { log } = this.#world
    if (this.options.makesStreams) {
      const stream = this.store.replicate(isInitiator, { keyPair: this.#keyPair })
      stream.on('error', () => {})
      stream.noiseStream.on('error', (error) => log.detail(this.name, `${peer.name}: ${error.message}`))
      stream.once('close', () => socket.destroy())
      socket.once('close', () => stream.destroy())
      stream.pipe(socket).pipe(stream)
      return
    }
    const stream = new SecretStream(isInitiator, socket, { keyPair: this.#keyPair })
    stream.on('error', (error) => log.detail(this.name, `${peer.name}: ${error.message}`))
    this.store.replicate(stream)
  }

  #makeCoreyard(mounted: MountedDisk, randomAccess: object): Corestore {
    const { cacheSize, decides } = this.options
    const store = new Corestore(() => mounted, {
      primaryKey: this.primaryKey,
      randomAccess,
      ...defined({ cacheSize }),
      replicator: {
        authorize: (discoveryKey, remotePublicKey) => {
          const answer = () => this.#world.permits(this, discoveryKey, remotePublicKey)
          return decides === 0 ? answer() : this.#world.clock.sleep(decides).then(answer)
        },
      },
    })
    store.on('conflict', (core, length, fork) => {
      this.#world.fail(
        'conflict',
        `${this.name}: ${this.#world.labelOf(core.key)} at length ${length} of fork ${fork}`,
      )
    })
    return store
  }
}

/** Without what is undefined. */
function defined<T extends object>(options: T): { [Key in keyof T]: NonNullable<T[Key]> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never
}
