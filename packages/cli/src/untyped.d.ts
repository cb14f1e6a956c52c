// Types of the untyped packages that only this package uses, as far as it uses them.

declare module 'blind-peer' {
  import type { Corestore } from '@coreyard/corestore'
  import type { EmitterConstructor, Hypercore, NoiseSecretStream } from '@coreyard/hypercore-types'
  import type { DhtOptions } from 'hyperdht'
  import type Hyperswarm from 'hyperswarm'
  import type { PeerInfo } from 'hyperswarm'

  /** What the database of a blind peer says of a core. */
  export interface CoreRecord {
    readonly key: Uint8Array
    /** In blocks; 0 while nothing has come. */
    readonly length: number
    readonly announce: boolean
    /** That count against `maxBytes`. */
    bytesAllocated: number
  }

  export interface AddCoresRequest {
    readonly cores: readonly { readonly key: Uint8Array; readonly length: number }[]
    readonly announce: boolean
  }

  interface BlindPeerEvents {
    /** A peer asks to keep cores; nothing is stored yet, and `announce` is false unless the peer is trusted. */
    'add-cores-received': [stream: NoiseSecretStream, request: AddCoresRequest]
    'add-cores-done': [stream: NoiseSecretStream, request: AddCoresRequest]
    /** A core is opened for a peer, until the stream closes. */
    'add-core': [record: CoreRecord, isAdded: true, stream: NoiseSecretStream]
    /** A core has a record that had none. */
    'add-new-core': [record: CoreRecord, isAdded: true, stream: NoiseSecretStream]
    'muxer-error': [error: Error, stream: NoiseSecretStream]
    /** Cores are about to be cleared, because there are too many bytes. */
    'gc-start': [what: { readonly bytesToClear: number }]
    /** The records could not be written. */
    'flush-error': [error: Error]
  }

  /** What a blind peer uses of a swarm. */
  export type BlindPeerSwarm = Pick<Hyperswarm, 'keyPair' | 'dht' | 'join' | 'leave' | 'listen'> & {
    on(event: 'connection', listener: (connection: NoiseSecretStream, info: PeerInfo) => void): unknown
  }

  const BlindPeerEmitter: EmitterConstructor<BlindPeerEvents>

  export default class BlindPeer extends BlindPeerEmitter {
    /** @param records a directory for its own records */
    constructor(
      records: string,
      options: {
        store: Corestore
        /** Default: one of its own, which `bootstrap` is for. */
        swarm?: BlindPeerSwarm
        bootstrap?: DhtOptions['bootstrap']
        maxBytes: number
        trustedPubKeys: readonly Uint8Array[]
      },
    )
    /** 32 bytes: by which peers connect. */
    readonly publicKey: Uint8Array
    readonly digest: { readonly cores: number; readonly bytesAllocated: number }
    /** The open cores, by discovery key in hex. */
    readonly activeReplication: ReadonlyMap<string, { readonly record: CoreRecord | null }>
    /** By key in z32. */
    readonly announcedCores: ReadonlyMap<string, Hypercore>
    readonly db: {
      /** Forgets a core that has a record, with the next `flush`. */
      deleteCore(key: Uint8Array): void
      /** Gives a core a record, unless it has one, with the next `flush`. */
      addCore(core: Pick<CoreRecord, 'key' | 'announce'> & { priority: number; referrer: null }): void
      /** Changes the record of a core, if it has one then, with the next `flush`. @param id the key in z32 */
      updateCore(record: CoreRecord, id: string): void
      getCoreRecord(key: Uint8Array): Promise<CoreRecord | null>
      /** All records, those first that were not active for the longest time. */
      createGcCandidateReadStream(): AsyncIterable<CoreRecord>
    }
    readonly closing: Promise<void> | null
    ready(): Promise<void>
    listen(): Promise<void>
    flush(): Promise<void>
    close(): Promise<void>
    registerMetrics(promClient: object): void
  }
}

declare module 'fs-native-extensions' {
  const locks: {
    /** Locks an open file for this process alone, until the file is closed; `false` if it is locked already. */
    tryLock(fd: number): boolean
  }
  export default locks
}

declare module 'blind-peering' {
  import type { Hypercore, NoiseSecretStream } from '@coreyard/hypercore-types'
  import type DHT from 'hyperdht'

  export default class BlindPeering {
    /** @param store is given each stream, to replicate it */
    constructor(dht: DHT, store: { replicate(stream: NoiseSecretStream): void }, options?: object)
    /** Asks the blind peers with these keys, again whenever they are connected. */
    addCoreBackground(
      core: Hypercore,
      options: { keys: Uint8Array[]; pick: number; announce: boolean; priority: number },
    ): void
    close(): Promise<void>
  }
}
