// The smallest store that a replicator can be tested with: real Hypercores in a temporary directory, each opened once.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onDownloading } from '@coreyard/hypercore-port/replication'
import type {
  Core,
  CoreOptions,
  CorestoreStorage,
  KeyPair,
  ManifestInput,
  Hypercore as Session,
} from '@coreyard/hypercore-types'
import SecretStream from '@hyperswarm/secret-stream'
import Hypercore from 'hypercore'
import type { CoreSource, ReplicableCore, Replicator, Stored } from '../replicator.js'

type OpenCore = Core & ReplicableCore

/** A store of real Hypercores around the replicator under test. */
export class TestStore<R extends Replicator> implements CoreSource {
  /** The key pair of the store on the streams that `connect` makes. */
  readonly identity: KeyPair = SecretStream.keyPair()
  readonly replicator: R
  /** Called before each look-up for a peer. A test may set it to record, delay or fail. */
  onlookup: (discoveryKey: Uint8Array) => void | Promise<void> = () => {}
  /** What a core waits for before it is opened for a peer; `null` for nothing. */
  capacity: Promise<unknown> | null = null
  readonly #directory: string
  readonly #storage: CorestoreStorage
  readonly #cores = new Map<string, Core>()

  private constructor(replicator: R, directory: string) {
    this.replicator = replicator
    this.#directory = directory
    this.#storage = Hypercore.defaultStorage(directory)
    replicator.start(this)
  }

  static async open<R extends Replicator>(replicator: R): Promise<TestStore<R>> {
    return new TestStore(replicator, await mkdtemp(join(tmpdir(), 'coreyard-replicator-')))
  }

  *openCores(): Generator<ReplicableCore> {
    for (const core of this.#cores.values()) if (isOpen(core)) yield core
  }

  async withStored(discoveryKey: Uint8Array, use: (core: ReplicableCore) => void): Promise<Stored> {
    await this.onlookup(discoveryKey)
    if (!(await this.has(discoveryKey))) return false
    const serve = async () => use(await this.#open({ discoveryKey, createIfMissing: false }))
    if (this.capacity !== null) return { settled: this.capacity.then(serve) }
    await serve()
    return true
  }

  /** Whether the core is stored. */
  has(discoveryKey: Uint8Array): Promise<boolean> {
    return this.#storage.hasCore(discoveryKey)
  }

  /** A session of a writable core that holds `blocks`; of a new one, or the one of a key pair. */
  async write(blocks: string[], keyPair = SecretStream.keyPair()): Promise<Session> {
    const session = await this.#session({ key: keyOf(keyPair), keyPair, manifest: manifestOf(keyPair) })
    await session.append(blocks.map((block) => Buffer.from(block)))
    return session
  }

  /** A session of the core of a key. An inactive one does not download. */
  get(key: Uint8Array, { active = true } = {}): Promise<Session> {
    return this.#session({ key }, active)
  }

  /** Closes one core and all its sessions; it stays stored. */
  async evict(discoveryKey: Uint8Array): Promise<void> {
    const id = toHex(discoveryKey)
    const core = this.#cores.get(id)
    if (core === undefined) return
    this.#cores.delete(id)
    await core.closeAllSessions()
    await core.close()
  }

  async close(): Promise<void> {
    await this.replicator.close()
    for (const id of [...this.#cores.keys()]) await this.evict(Buffer.from(id, 'hex'))
    await this.#storage.close()
    await rm(this.#directory, { recursive: true })
  }

  async #session(options: CoreOptions, active = true): Promise<Session> {
    const session = new Hypercore(null, null, { core: await this.#open(options), active })
    await session.ready()
    return session
  }

  async #open(options: CoreOptions): Promise<OpenCore> {
    const discoveryKey = options.discoveryKey ?? Hypercore.discoveryKey(options.key ?? new Uint8Array(32))
    const id = toHex(discoveryKey)
    let core = this.#cores.get(id)
    if (core === undefined) {
      core = Hypercore.createCore(this.#storage, { ...options, discoveryKey })
      this.#cores.set(id, core)
      this.#offer(core)
    }
    await core.ready()
    if (!isOpen(core)) throw new Error(`Core ${id} has no discovery key although it is open`)
    return core
  }

  #offer(core: Core): void {
    const offer = () => {
      if (isOpen(core)) this.replicator.offer(core)
    }
    onDownloading(core, offer)
    core.ready().then(offer, () => {})
  }
}

/** 32 bytes: the key of the core that a key pair writes. */
export function keyOf(keyPair: KeyPair): Uint8Array {
  return Hypercore.key(manifestOf(keyPair))
}

function manifestOf({ publicKey }: KeyPair): ManifestInput {
  return { version: 1, signers: [{ publicKey }] }
}

function isOpen(core: Core): core is OpenCore {
  return core.opened && core.closing === null && core.discoveryKey !== null
}

function toHex(discoveryKey: Uint8Array): string {
  return Buffer.from(discoveryKey).toString('hex')
}
