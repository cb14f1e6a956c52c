// The parts of Corestore 6 and 7 whose directories the tests use.
interface NamedCore {
  readonly key: Uint8Array
  readonly length: number
  readonly writable: boolean
  ready(): Promise<void>
  append(blocks: string | string[]): Promise<unknown>
  session(options: { name: string }): NamedCore
  truncate(length: number): Promise<unknown>
  close(): Promise<void>
  get(index: number): Promise<Uint8Array | null>
}

interface NamedStore {
  readonly primaryKey: Uint8Array
  ready(): Promise<void>
  get(options: { name: string }): NamedCore
  close(): Promise<void>
}

declare module 'corestore-6' {
  const Corestore: new (storage: string) => NamedStore
  export default Corestore
}

declare module 'corestore-7' {
  import type { CorestoreStorage } from '@coreyard/hypercore-types'

  const Corestore: new (storage: string | CorestoreStorage) => NamedStore
  export default Corestore
}
