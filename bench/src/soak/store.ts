// A program: the store of a soak, which listens on the loopback interface.

import { monitorEventLoopDelay } from 'node:perf_hooks'
import type Corestore from '@coreyard/corestore'
import type { StoreView } from '@coreyard/corestore'
import type { Hypercore } from '@coreyard/hypercore-types'
import { coreName, eachAtOnce, keyOf } from '../tasks/material.js'
import { listen } from '../tasks/program.js'
import { contentOf } from './content.js'
import type { StoreFigures, StoreOpened, StoreWanted } from './figures.js'

/** Cores that the store keeps open without a peer. */
const CACHE = 16
/** Sessions of its own, and those that are just closing. */
const SPARE = 16
/** Blocks of the followed core that are read each time. */
const CHECKED = 50

const VIEW: unique symbol = Symbol.for('@coreyard/corestore/view')

/** What of Hypercore's statistics its types do not have. */
interface Refusals {
  readonly invalidData: number
}

/** An open store, and what it serves. */
class Soaked {
  readonly #store: Corestore
  readonly #delay = monitorEventLoopDelay({ resolution: 10 })
  readonly #close: () => void
  readonly port: number
  #followed: Hypercore | null = null

  private constructor(store: Corestore, port: number, close: () => void) {
    this.#store = store
    this.port = port
    this.#close = close
    this.#delay.enable()
  }

  static async open(engine: string, directory: string): Promise<Soaked> {
    const { Corestore, memoryStorage } = await import('@coreyard/corestore')
    const options = { cacheSize: CACHE }
    const store =
      engine === 'memory'
        ? new Corestore(memoryStorage(), options)
        : new Corestore(directory, engine === 'files' ? { ...options, engine: 'random-access' } : options)
    await store.ready()
    const { port, close } = await listen({ replicate: (isInitiator) => store.replicate(isInitiator) })
    return new Soaked(store, port, close)
  }

  /** Writes cores of one block, and gives their keys in hex. None of them stays open. */
  async write(count: number): Promise<string[]> {
    const cores = Array.from({ length: count }, (_, index) => this.#store.get({ name: coreName(index) }))
    await eachAtOnce(cores, (core) => core.append(contentOf(0)))
    const keys = cores.map((core) => Buffer.from(keyOf(core)).toString('hex'))
    await eachAtOnce(cores, (core) => core.close())
    return keys
  }

  async follow(key: string): Promise<void> {
    this.#followed = this.#store.get({ key: Buffer.from(key, 'hex') })
    await this.#followed.ready()
    this.#followed.download({ start: 0, end: -1 })
  }

  async figures(): Promise<StoreFigures> {
    const view = viewOf(this.#store)
    const streams = [...view.streams()]
    const { rss, heapUsed } = process.memoryUsage()
    const { user, system } = process.cpuUsage()
    const stall = this.#delay.max / 1e6
    this.#delay.reset()
    return {
      rss,
      heap: heapUsed,
      openCores: this.#store.cores.size,
      mostCores: view.passive.capacity + CACHE + SPARE,
      asks: sum(streams.map(({ muxer }) => askedOf(muxer))),
      waiting: view.passive.waiting,
      channels: sum(streams.map((stream) => [...stream.channels()].length)),
      streams: streams.length,
      handles: process.getActiveResourcesInfo().length,
      stall,
      processor: user + system,
      ...(await this.#checked()),
    }
  }

  async close(): Promise<void> {
    this.#close()
    await this.#store.close()
  }

  /** How many blocks of the followed core are there without a gap, how many of them are wrong, and how many wrong ones were refused. */
  async #checked(): Promise<Pick<StoreFigures, 'followed' | 'refused' | 'wrong'>> {
    const core = this.#followed
    if (core === null) return { followed: 0, refused: 0, wrong: 0 }
    const followed = core.contiguousLength
    let wrong = 0
    for (let index = Math.max(0, followed - CHECKED); index < followed; index++) {
      const block = await core.get(index, { wait: false })
      if (block === null || !contentOf(index).equals(block)) wrong++
    }
    const { invalidData: refused = 0 } = (core.core?.replicator.stats ?? {}) as Partial<Refusals>
    return { followed, refused, wrong }
  }
}

/** The inside of a store, as the inspector reads it. */
function viewOf(store: Corestore): StoreView {
  if (!(VIEW in store)) throw new TypeError('The store cannot be looked into')
  return store[VIEW] as StoreView
}

/** How many requests of a peer have no answer. */
function askedOf(muxer: object): number {
  const { _infos: infos } = muxer as { readonly _infos: ReadonlyMap<string, { readonly pairing: number }> }
  return sum([...infos.values()].map(({ pairing }) => pairing))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

let soaked: Soaked | null = null

async function perform(wanted: StoreWanted): Promise<StoreOpened | StoreFigures | Record<string, never>> {
  if (wanted.kind === 'open') {
    soaked = await Soaked.open(wanted.engine, wanted.directory)
    return { port: soaked.port, keys: await soaked.write(wanted.cores) }
  }
  if (soaked === null) throw new TypeError('The store is not open')
  if (wanted.kind === 'figures') return soaked.figures()
  if (wanted.kind === 'follow') await soaked.follow(wanted.key)
  else await soaked.close()
  return {}
}

process.on('message', async (message) => {
  process.send?.(await perform(message as StoreWanted))
})

// The process that started it has ended.
process.once('disconnect', () => process.exit())
