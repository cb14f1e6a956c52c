// The parts of Corestore 7 that are used: it has no types of its own.

declare module 'corestore-7' {
  const Corestore7: new (
    storage: import('@coreyard/hypercore-types').CorestoreStorage,
    options: { primaryKey: Uint8Array; unsafe: true },
  ) => import('./machine/store.js').Store
  export default Corestore7
}
