// Hypercore and the packages that replicate it. The types are in ../src.

declare module 'hypercore' {
  import type { HypercoreConstructor, Hypercore as Session } from '@coreyard/hypercore-types'

  type Hypercore<T = Uint8Array> = Session<T>
  const Hypercore: HypercoreConstructor
  export default Hypercore
}

declare module 'hypercore-storage' {
  import type { CorestoreStorageConstructor, CorestoreStorage as Storage } from '@coreyard/hypercore-types'

  type CorestoreStorage = Storage
  const CorestoreStorage: CorestoreStorageConstructor
  export default CorestoreStorage
}

declare module 'protomux' {
  import type { Protomux as Muxer, ProtomuxConstructor } from '@coreyard/hypercore-types'

  type Protomux = Muxer
  const Protomux: ProtomuxConstructor
  export default Protomux
}

declare module '@hyperswarm/secret-stream' {
  import type { NoiseSecretStreamConstructor, NoiseSecretStream as Stream } from '@coreyard/hypercore-types'

  type NoiseSecretStream = Stream
  const NoiseSecretStream: NoiseSecretStreamConstructor
  export default NoiseSecretStream
}
