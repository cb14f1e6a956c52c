// The services around a Corestore, as far as the tests use them: none of the packages has types of its own. Where they take a
// Corestore, ours is what they get. The data structures are in data-structures.d.ts.

type OurStore = import('../../src/index.js').Corestore
type Session = import('@coreyard/hypercore-types').Hypercore
type OpenCore = import('@coreyard/hypercore-types').Core
type Bytes = Uint8Array

declare module 'blind-peer' {
  import type { EmitterConstructor } from '@coreyard/hypercore-types'
  import type Hyperswarm from 'hyperswarm'

  interface BlindPeerEvents {
    /** A core has exchanged blocks; `record` is what the database says of it. */
    'core-activity': [core: Session, record: object | null]
    'gc-done': [result: { bytesCleared: number }]
    'announce-core': [core: Session]
    'announced-initial-cores': []
    'muxer-error': [error: Error]
  }

  const BlindPeerEmitter: EmitterConstructor<BlindPeerEvents>

  export default class BlindPeer extends BlindPeerEmitter {
    /** @param database a directory for its own records */
    constructor(
      database: string,
      options: { store: OurStore; swarm: Hyperswarm; maxBytes?: number; trustedPubKeys?: Bytes[] },
    )
    /** 32 bytes: by which peers connect. */
    readonly publicKey: Bytes
    readonly digest: { readonly cores: number; readonly bytesAllocated: number }
    listen(): Promise<void>
    flush(): Promise<void>
    close(): Promise<void>
  }
}

declare module 'blind-peering' {
  import type Autobase from 'autobase'
  import type DHT from 'hyperdht'

  interface AddOptions {
    announce?: boolean
  }

  export default class BlindPeering {
    constructor(dht: DHT, store: OurStore, options: { keys: Bytes[] })
    addCore(core: Session, options?: AddOptions): Promise<void>
    addAutobase<Message, View>(base: Autobase<Message, View>, options?: AddOptions): Promise<void>
    close(): Promise<void>
  }
}

declare module 'hypercore-stats' {
  import type { EmitterConstructor } from '@coreyard/hypercore-types'

  const StatsEmitter: EmitterConstructor<{ 'add-core': []; gc: []; 'internal-error': [error: Error] }>

  export default class HypercoreStats extends StatsEmitter {
    static fromCorestore(store: OurStore): HypercoreStats
    readonly totalCores: number
    readonly totalFullyDownloadedCores: number
    readonly totalWireDataReceived: number
    readonly totalWireDataTransmitted: number
    readonly totalGlobalCacheEntries: number | null
    getTotalLength(): number
    getTotalPeers(): number
    getTotalSessions(): number
    /** In bytes: of the disk that the first core is stored on; 0 without. */
    getFilesystemSizeBytes(): Promise<number>
    /** Otherwise what was counted is given again for 5 seconds. */
    clearCache(): void
  }
}

declare module 'passive-core-watcher' {
  import type { EmitterConstructor } from '@coreyard/hypercore-types'

  /** `gc`: the discovery key in hex of a core that has closed. */
  const WatcherEmitter: EmitterConstructor<{ gc: [id: string]; 'oncoreopen-error': [error: Error] }>

  export default class PassiveCoreWatcher extends WatcherEmitter {
    constructor(
      store: OurStore,
      options: {
        watch(core: OpenCore): boolean | Promise<boolean>
        open(session: Session): void | Promise<void>
      },
    )
    ensureTracked(key: Bytes): Promise<void>
    destroy(): void
  }
}
