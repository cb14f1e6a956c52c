// The parts of packages without types that the tests use.

declare module 'random-access-memory' {
  type Storage = import('../../src/index.js').RandomAccessStorage
  const RAM: { new (): Storage; reusable(): (name: string) => Storage }
  export default RAM
}

declare module 'random-access-file' {
  type Storage = import('../../src/index.js').RandomAccessStorage
  const RandomAccessFile: new (filename: string) => Storage
  export default RandomAccessFile
}
