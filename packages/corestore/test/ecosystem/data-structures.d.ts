// The data structures that are built on a Corestore or on its cores, as far as the tests use them: none of the packages has types of
// its own. What takes a Corestore gets ours. The services around a store are in ecosystem.d.ts, and so are the types they share.

declare module 'hyperbee' {
  import type { Hypercore, ReadStream } from '@coreyard/hypercore-types'

  export interface Entry<Value> {
    seq: number
    key: string
    value: Value
  }

  export interface Range {
    gt?: string
    gte?: string
    lt?: string
    lte?: string
    reverse?: boolean
    limit?: number
  }

  export interface Batch<Value> {
    put(key: string, value: Value): Promise<void>
    del(key: string): Promise<void>
    get(key: string): Promise<Entry<Value> | null>
    flush(): Promise<void>
    close(): Promise<void>
  }

  /** Yields a pair of snapshots, after and before, for each change. */
  export interface Watcher<Snapshot> extends AsyncIterableIterator<[current: Snapshot, previous: Snapshot]> {
    ready(): Promise<void>
    close(): Promise<void>
  }

  export default class Hyperbee<Value> {
    constructor(
      core: Hypercore,
      options: { keyEncoding: 'utf-8'; valueEncoding: 'utf-8' | 'json'; extension?: false },
    )
    readonly core: Session
    readonly version: number
    ready(): Promise<void>
    put(
      key: string,
      value: Value,
      options?: { cas(previous: Entry<Value>, next: Entry<Value>): boolean },
    ): Promise<void>
    get(key: string): Promise<Entry<Value> | null>
    del(key: string): Promise<void>
    batch(options?: { update?: boolean }): Batch<Value>
    snapshot(): Hyperbee<Value>
    checkout(version: number): Hyperbee<Value>
    sub(prefix: string): Hyperbee<Value>
    watch(range?: Range): Watcher<Hyperbee<Value>>
    createReadStream(range?: Range): ReadStream<Entry<Value>>
    createHistoryStream(options?: {
      live?: boolean
      reverse?: boolean
      gte?: number
    }): ReadStream<Entry<Value> & { type: 'put' | 'del' }>
    createDiffStream(version: number): ReadStream<{ left: Entry<Value> | null; right: Entry<Value> | null }>
    update(): Promise<boolean>
    close(): Promise<void>
  }
}

declare module 'hyperblobs' {
  import type { ReadStream, WriteStream } from '@coreyard/hypercore-types'

  export interface BlobId {
    /** In blocks. */
    readonly blockOffset: number
    readonly blockLength: number
    /** In bytes. */
    readonly byteOffset: number
    readonly byteLength: number
  }

  export default class Hyperblobs {
    constructor(core: Session, options?: { blockSize?: number })
    readonly core: Session
    put(blob: Bytes): Promise<BlobId>
    get(id: BlobId, options?: { start?: number; length?: number; wait?: boolean }): Promise<Bytes | null>
    clear(id: BlobId): Promise<unknown>
    createReadStream(id: BlobId): ReadStream<Bytes>
    createWriteStream(): WriteStream<Bytes> & { readonly id: BlobId }
    close(): Promise<void>
  }
}

declare module 'hyperdrive' {
  import type { ReadStream, ReplicationStream } from '@coreyard/hypercore-types'
  import type Hyperbee from 'hyperbee'
  import type { Watcher } from 'hyperbee'
  import type Hyperblobs from 'hyperblobs'

  export interface DriveEntry {
    key: string
    value: { executable: boolean; linkname: string | null; metadata: unknown }
  }

  export interface Mirror {
    done(): Promise<void>
    readonly count: { files: number; add: number; remove: number; change: number }
  }

  export default class Hyperdrive {
    constructor(store: OurStore, key?: Bytes | null, options?: { encryptionKey?: Bytes })
    readonly key: Bytes
    readonly discoveryKey: Bytes
    readonly contentKey: Bytes | undefined
    readonly version: number
    readonly writable: boolean
    readonly core: Session
    readonly db: Hyperbee<unknown>
    ready(): Promise<void>
    put(path: string, content: Bytes, options?: { executable?: boolean; metadata?: unknown }): Promise<void>
    get(path: string): Promise<Bytes | null>
    del(path: string): Promise<void>
    symlink(path: string, target: string): Promise<void>
    entry(path: string, options?: { follow?: boolean }): Promise<DriveEntry | null>
    list(folder?: string): ReadStream<DriveEntry>
    readdir(folder: string): ReadStream<string>
    batch(): Hyperdrive
    flush(): Promise<void>
    checkout(version: number): Hyperdrive
    watch(folder?: string): Watcher<Hyperdrive>
    mirror(target: Hyperdrive): Mirror
    download(folder?: string): { done(): Promise<void> }
    has(path: string): Promise<boolean>
    getBlobs(): Promise<Hyperblobs | null>
    findingPeers(): () => void
    update(): Promise<boolean>
    replicate(isInitiator: boolean): ReplicationStream
    close(): Promise<void>
  }
}

declare module 'autobase' {
  import type {
    Emitter,
    Hypercore,
    KeyPair,
    ReplicationStream,
    ValueEncoding,
    ValueOf,
  } from '@coreyard/hypercore-types'

  /** Gives the cores that a view is kept in. */
  export interface ViewStore {
    get<Encoding extends ValueEncoding>(options: {
      name: string
      valueEncoding: Encoding
    }): Hypercore<ValueOf<Encoding>>
  }

  export interface Node<Message> {
    value: Message
    from: Session
  }

  export interface Host {
    addWriter(key: Bytes, options?: { indexer?: boolean }): Promise<void>
    removeWriter(key: Bytes): Promise<void>
  }

  export interface AutobaseOptions<Message, View> {
    open(store: ViewStore): View
    apply(nodes: Node<Message>[], view: View, host: Host): Promise<void>
    close?(view: View): Promise<void>
    valueEncoding: 'json'
    encryptionKey?: Bytes
    encrypted?: boolean
    /** Who this writer is. Default: a name of the store. */
    keyPair?: KeyPair
    /** In milliseconds; 0: none but those that are asked for. */
    ackInterval?: number
  }

  interface AutobaseEvents {
    update: []
    writable: []
    unwritable: []
    error: [error: Error]
  }

  const AutobaseEmitter: import('@coreyard/hypercore-types').EmitterConstructor<AutobaseEvents>

  export default class Autobase<Message, View> extends AutobaseEmitter implements Emitter<AutobaseEvents> {
    constructor(store: OurStore, bootstrap: Bytes | null, options: AutobaseOptions<Message, View>)
    readonly key: Bytes
    readonly store: OurStore
    readonly local: Session
    readonly view: View
    readonly writable: boolean
    readonly isIndexer: boolean
    readonly encryptionKey: Bytes | null
    readonly signedLength: number
    readonly length: number
    ready(): Promise<void>
    /** `null`: says nothing, but that all was heard. */
    append(message: Message | null): Promise<void>
    heads(): { key: Bytes; length: number }[]
    update(): Promise<void>
    replicate(isInitiator: boolean): ReplicationStream
    close(): Promise<void>
  }
}
