// The parts of Corestore 6 and 7 whose stores the tests use.
interface NamedCore {
  readonly key: Uint8Array
  readonly discoveryKey: Uint8Array
  readonly length: number
  readonly byteLength: number
  readonly fork: number
  readonly contiguousLength: number
  readonly writable: boolean
  readonly manifest: { readonly version: number } | null
  ready(): Promise<void>
  append(blocks: string | Uint8Array | (string | Uint8Array)[]): Promise<unknown>
  get(index: number, options?: { wait?: boolean }): Promise<Uint8Array | null>
  has(index: number): Promise<boolean>
  truncate(length: number, fork?: number): Promise<unknown>
  clear(start: number, end?: number): Promise<unknown>
  treeHash(): Promise<Uint8Array>
  setUserData(key: string, value: Uint8Array): Promise<void>
  getUserData(key: string): Promise<Uint8Array | null>
  session(options: { name: string }): NamedCore
  close(): Promise<void>
}

interface NamedStore {
  readonly primaryKey: Uint8Array
  ready(): Promise<void>
  get(core: Uint8Array | { name?: string; key?: Uint8Array }): NamedCore
  namespace(name: string): NamedStore
  replicate(isInitiator: boolean): import('@coreyard/hypercore-types').ReplicationStream
  close(): Promise<void>
}

declare module 'corestore-6' {
  const Corestore: new (
    storage: string | ((path: string) => object),
    options?: { manifestVersion?: number; compat?: boolean; primaryKey?: Uint8Array },
  ) => NamedStore
  export default Corestore
}

declare module 'corestore-7' {
  import type { CorestoreStorage } from '@coreyard/hypercore-types'

  const Corestore: new (storage: string | CorestoreStorage) => NamedStore
  export default Corestore
}
