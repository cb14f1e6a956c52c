// The parts of Corestore 6 and 7 that the comparison with them uses.
interface ComparedStore {
  ready(): Promise<void>
  namespace(name: string | Uint8Array): this
  createKeyPair(
    name: string | Uint8Array,
    namespace?: Uint8Array,
  ): Promise<{ publicKey: Uint8Array; secretKey: Uint8Array }>
  close(): Promise<void>
}

declare module 'corestore-6' {
  type Corestore = ComparedStore & { readonly _namespace: Uint8Array }
  const Corestore: new (storage: string, options: { primaryKey: Uint8Array }) => Corestore
  export default Corestore
}

declare module 'corestore-7' {
  type Corestore = ComparedStore & { readonly ns: Uint8Array }
  const Corestore: new (storage: string, options: { primaryKey: Uint8Array; unsafe: true }) => Corestore
  export default Corestore
}
