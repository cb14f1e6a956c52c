// The parts of Corestore 6 and 7 that the tests use: both have no types of their own.

interface NamedStore {
  /** 32 bytes; `null` until it is open. */
  readonly primaryKey: Uint8Array | null
  ready(): Promise<void>
  get(
    core:
      | Uint8Array
      | {
          name?: string
          key?: Uint8Array
          encryptionKey?: Uint8Array
          keyPair?: import('@coreyard/hypercore-types').KeyPair
        },
  ): import('@coreyard/hypercore-types').Hypercore
  namespace(name: string | Uint8Array): NamedStore
  createKeyPair(name: string): Promise<import('@coreyard/hypercore-types').KeyPair>
  replicate(
    target: boolean | import('@coreyard/hypercore-types').NoiseSecretStream,
  ): import('@coreyard/hypercore-types').ReplicationStream
  close(): Promise<void>
}

declare module 'corestore-6' {
  const Corestore6: new (
    storage: string | object,
    options?: { manifestVersion?: number; compat?: boolean; primaryKey?: Uint8Array },
  ) => NamedStore
  export default Corestore6
}

declare module 'corestore-7' {
  const Corestore7: new (
    storage: string | import('@coreyard/hypercore-types').CorestoreStorage,
    options?: { manifestVersion?: number; primaryKey?: Uint8Array; unsafe?: boolean },
  ) => NamedStore & {
    readonly ns: Uint8Array
    list(namespace?: Uint8Array): AsyncIterable<Uint8Array>
    staticify(
      core: import('@coreyard/hypercore-types').Hypercore,
    ): Promise<import('@coreyard/hypercore-types').Hypercore>
  }
  export default Corestore7
}
