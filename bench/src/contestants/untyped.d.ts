// The parts of Corestore 6 and 7 that the benchmarks use: both have no types of their own.

interface PeerStore {
  ready(): Promise<void>
  get(core: { name: string } | { key: Uint8Array }): import('@coreyard/hypercore-types').Hypercore
  replicate(
    target: boolean | import('@coreyard/hypercore-types').NoiseSecretStream,
  ): import('@coreyard/hypercore-types').ReplicationStream
  close(): Promise<void>
}

declare module 'corestore-6' {
  const Corestore6: new (
    storage: string | ((name: string) => import('random-access-storage').default),
  ) => PeerStore
  export default Corestore6
}

declare module 'corestore-7' {
  const Corestore7: new (directory: string) => PeerStore & { list(): AsyncIterable<Uint8Array> }
  export default Corestore7
}
