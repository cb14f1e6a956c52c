// Bare Hypercore 11: what an application would write that has no store. It derives no keys and pools no cores, it only keeps
// what any application has to: which key pair a name has, and which cores are open. This is the floor for a facade.

import type {
  CorestoreStorage,
  Hypercore as HypercoreSession,
  NoiseSecretStream,
} from '@coreyard/hypercore-types'
import type Hypercore from 'hypercore'
import type Crypto from 'hypercore-crypto'
import type { Contestant, Store } from './contestant.js'

const common = { kind: 'hypercore' } as const

interface Modules {
  readonly Hypercore: typeof Hypercore
  readonly crypto: typeof Crypto
}

export const hypercore: readonly Contestant[] = [
  {
    ...common,
    id: 'hypercore-rocksdb',
    title: 'Hypercore 11, RocksDB',
    engine: 'rocksdb',
    maxCores: Number.POSITIVE_INFINITY,
    lacks: ['stored'],
    async load() {
      const modules = await load()
      const { default: HypercoreStorage } = await import('hypercore-storage')
      return (directory) => ({
        async open() {
          const storage = new HypercoreStorage(directory)
          await storage.ready()
          return new Cores(modules, storage)
        },
      })
    },
  },
  {
    ...common,
    id: 'hypercore-files',
    title: 'Hypercore 11, our files',
    engine: 'files',
    maxCores: 10_000,
    lacks: ['stored'],
    async load() {
      const modules = await load()
      const { storageEngine } = await import('@coreyard/storage')
      return (directory) => ({
        async open() {
          const engine = storageEngine(directory, { engine: 'random-access' })
          await engine.open()
          return new Cores(modules, engine.storage, () => engine.close())
        },
      })
    },
  },
  {
    ...common,
    id: 'hypercore-memory',
    title: 'Hypercore 11, our memory',
    engine: 'memory',
    maxCores: 10_000,
    lacks: ['stored', 'disk'],
    async load() {
      const modules = await load()
      const { memoryStorage, storageEngine } = await import('@coreyard/storage')
      return () => {
        const memory = memoryStorage()
        return {
          async open() {
            const engine = storageEngine(memory)
            await engine.open()
            return new Cores(modules, engine.storage, () => engine.close())
          },
        }
      }
    },
  },
]

async function load(): Promise<Modules> {
  const { default: Hypercore } = await import('hypercore')
  const { default: crypto } = await import('hypercore-crypto')
  return { Hypercore, crypto }
}

/** The cores of one storage, as an application keeps them that has no store. */
class Cores implements Store {
  readonly #modules: Modules
  readonly #storage: CorestoreStorage
  readonly #closeStorage: () => Promise<void>
  /** The open cores by name, and by key in hex. */
  readonly #open = new Map<string, HypercoreSession>()

  constructor(modules: Modules, storage: CorestoreStorage, closeStorage = () => storage.close()) {
    this.#modules = modules
    this.#storage = storage
    this.#closeStorage = closeStorage
  }

  named(name: string): Promise<HypercoreSession> {
    return this.#session(name, () => this.#openNamed(name))
  }

  byKey(key: Uint8Array): Promise<HypercoreSession> {
    return this.#session(hex(key), async () => this.#core({ key }))
  }

  replicate(target: boolean | NoiseSecretStream): ReturnType<Store['replicate']> {
    const { Hypercore } = this.#modules
    const stream = Hypercore.createProtocolStream(target)
    stream.noiseStream.setMaxListeners(0) // Hypercore adds some for each core
    const muxer = Hypercore.getProtocolMuxer(stream)
    muxer.cork()
    for (const core of new Set(this.#open.values())) core.replicate(stream)
    stream.noiseStream.opened.then(() => muxer.uncork())
    return stream
  }

  list(): AsyncIterable<Uint8Array> {
    return this.#storage.createDiscoveryKeyStream()
  }

  stored(): null {
    return null
  }

  watched(): null {
    return null
  }

  async close(): Promise<void> {
    const cores = [...new Set(this.#open.values())]
    await Promise.all(cores.flatMap((core) => core.sessions.map((session) => session.close())))
    await this.#closeStorage()
  }

  async #session(id: string, open: () => Promise<HypercoreSession>): Promise<HypercoreSession> {
    const found = this.#open.get(id)
    if (found !== undefined) {
      const session = found.session()
      await session.ready()
      return session
    }
    const core = await open()
    await core.ready()
    this.#open.set(id, core)
    if (core.key !== null) this.#open.set(hex(core.key), core)
    core.once('close', () => this.#forget(id, core))
    return core
  }

  #forget(id: string, core: HypercoreSession): void {
    this.#open.delete(id)
    if (core.key !== null) this.#open.delete(hex(core.key))
  }

  /** As the stores do it: a name is looked up in the storage, and derived if it is not there. */
  async #openNamed(name: string): Promise<HypercoreSession> {
    const { Hypercore, crypto } = this.#modules
    const alias = { name, namespace: NAMESPACE }
    const discoveryKey = await this.#storage.getAlias(alias)
    if (discoveryKey !== null) return this.#core({ discoveryKey })
    const keyPair = crypto.keyPair(crypto.hash(Buffer.from(name)))
    const manifest = { version: 1, signers: [{ publicKey: keyPair.publicKey }] }
    return this.#core({ key: Hypercore.key(manifest), keyPair, manifest, alias })
  }

  #core(options: NonNullable<Parameters<typeof Hypercore.createCore>[1]>): HypercoreSession {
    const { Hypercore } = this.#modules
    const core = Hypercore.createCore(this.#storage, {
      eagerUpgrade: true,
      compat: false,
      autoClose: true,
      ...options,
    })
    return new Hypercore(null, null, { core })
  }
}

const NAMESPACE = new Uint8Array(32)

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
