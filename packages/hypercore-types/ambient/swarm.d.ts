// Finds peers and connects to them, on the public network or on this machine. It has the part that tests and examples use.

declare module 'hyperswarm' {
  import type { Emitter, EmitterConstructor, KeyPair, NoiseSecretStream } from '@coreyard/hypercore-types'
  import type DHT from 'hyperdht'
  import type { DhtOptions } from 'hyperdht'

  export interface SwarmOptions {
    /** Default: a new node. */
    dht?: DHT | undefined
    /** Nodes to begin with. Default: those of the public network. */
    bootstrap?: DhtOptions['bootstrap']
    keyPair?: KeyPair | undefined
    /** 32 bytes that the key pair is made of. */
    seed?: Uint8Array | undefined
    /** Default: 64. */
    maxPeers?: number | undefined
    /** Default: no limit. */
    maxClientConnections?: number | undefined
    /** Default: no limit. */
    maxServerConnections?: number | undefined
    /** How many peers it connects to at once. Default: 3. */
    maxParallel?: number | undefined
    /** Whether to refuse a peer. Default: none is. */
    firewall?: ((remotePublicKey: Uint8Array, payload: unknown) => boolean) | undefined
  }

  /** The peer of a connection. */
  export interface PeerInfo extends Emitter<Record<never, never>> {
    /** 32 bytes. */
    readonly publicKey: Uint8Array
    /** The topics by which the peer was found, 32 bytes each; none if the peer connected to this side. */
    readonly topics: readonly Uint8Array[]
    readonly prioritized: boolean
    /** Whether this side connected to the peer. */
    readonly client: boolean
    readonly server: boolean
    readonly banned: boolean
    ban(banned?: boolean): void
  }

  export interface JoinOptions {
    /** Whether to look for peers. Default: `true`. */
    client?: boolean | undefined
    /** Whether to be found. Default: `true`. */
    server?: boolean | undefined
    /** How many peers to look for. Default: no limit. */
    limit?: number | undefined
  }

  /** One `join`. */
  export interface PeerDiscovery {
    readonly topic: Uint8Array
    readonly destroyed: boolean
    /** Waits until the topic is announced and looked up. */
    flushed(): Promise<boolean>
    refresh(options?: JoinOptions): Promise<void>
    /** Leaves the topic, unless another discovery has joined it. */
    destroy(): Promise<void>
  }

  export interface SwarmEvents {
    /** A peer has connected. Listen to `error` of the stream. */
    connection: [stream: NoiseSecretStream, peer: PeerInfo]
    /** The connections, or those being made, have changed. */
    update: []
    ban: [peer: PeerInfo, error: Error]
  }

  const SwarmEmitter: EmitterConstructor<SwarmEvents>

  class Hyperswarm extends SwarmEmitter {
    constructor(options?: SwarmOptions)
    readonly keyPair: KeyPair
    readonly dht: DHT
    readonly connections: ReadonlySet<NoiseSecretStream>
    /** By public key in hex. */
    readonly peers: ReadonlyMap<string, PeerInfo>
    /** How many connections are being made. */
    readonly connecting: number
    readonly destroyed: boolean
    readonly suspended: boolean
    /** Announces and looks up a topic of 32 bytes, such as a discovery key. */
    join(topic: Uint8Array, options?: JoinOptions): PeerDiscovery
    leave(topic: Uint8Array): Promise<void>
    /** Connects to that peer, and reconnects when the connection ends. */
    joinPeer(publicKey: Uint8Array): void
    leavePeer(publicKey: Uint8Array): void
    /** Returns the discovery of a topic; `null` if it has not been joined. */
    status(topic: Uint8Array): PeerDiscovery | null
    listen(): Promise<void>
    /** Waits until topics are announced and the peers found so far are connected; `false` if destroyed before. */
    flush(): Promise<boolean>
    suspend(): Promise<void>
    resume(): Promise<void>
    /** Leaves every topic and closes every connection, and the DHT node. */
    destroy(options?: { force?: boolean | undefined }): Promise<void>
  }
  export default Hyperswarm
}

declare module 'hyperdht' {
  import type { Emitter, KeyPair, NoiseSecretStream } from '@coreyard/hypercore-types'

  export interface DhtAddress {
    host: string
    port: number
  }

  export interface DhtOptions {
    /** Nodes to begin with. Default: those of the public network. */
    bootstrap?: readonly (string | DhtAddress)[] | undefined
    keyPair?: KeyPair | undefined
    /** 32 bytes that the key pair is made of. */
    seed?: Uint8Array | undefined
    /** Address to listen on. Default: all. */
    host?: string | undefined
    /** Default: 49737, or any that is free. */
    port?: number | undefined
    ephemeral?: boolean | undefined
    firewalled?: boolean | undefined
  }

  export interface DhtServer extends Emitter<{ connection: [stream: NoiseSecretStream]; close: [] }> {
    /** 32 bytes: the public key that peers connect to. */
    readonly publicKey: Uint8Array
    listen(keyPair?: KeyPair): Promise<unknown>
    close(): Promise<void>
  }

  class DHT {
    constructor(options?: DhtOptions)
    readonly defaultKeyPair: KeyPair
    readonly destroyed: boolean
    /** Whether it has asked the bootstrap nodes, answered or not. */
    readonly bootstrapped: boolean
    /** Its counters since it was created. */
    readonly stats: { readonly requests: { readonly responses: number } }
    /** Waits until it knows other nodes. */
    fullyBootstrapped(): Promise<void>
    ready(): Promise<void>
    /** The address that it listens on; `null` until it listens. */
    address(): DhtAddress | null
    connect(publicKey: Uint8Array, options?: { keyPair?: KeyPair | undefined }): NoiseSecretStream
    createServer(onconnection?: (stream: NoiseSecretStream) => void): DhtServer
    destroy(options?: { force?: boolean | undefined }): Promise<void>
    static keyPair(seed?: Uint8Array): KeyPair
    /** Creates a bootstrap node. */
    static bootstrapper(port: number, host: string, options?: DhtOptions): DHT
  }
  export default DHT
}

declare module '@hyperswarm/testnet' {
  import type DHT from 'hyperdht'
  import type { DhtAddress, DhtOptions } from 'hyperdht'

  export interface Testnet extends Iterable<DHT> {
    readonly nodes: DHT[]
    readonly bootstrap: DhtAddress[]
    /** A node on 127.0.0.1 that is destroyed with the rest. */
    createNode(options?: DhtOptions): DHT
    destroy(): Promise<void>
  }

  export interface TestnetOptions {
    /** Default: 127.0.0.1. */
    host?: string | undefined
    /** Of the first node. Default: any that is free. */
    port?: number | undefined
    bootstrap?: readonly DhtAddress[] | undefined
  }

  /** A network of `size` DHT nodes on this machine. */
  export default function createTestnet(size?: number, options?: TestnetOptions): Promise<Testnet>
}
