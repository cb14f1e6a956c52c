// Corestore 6, as far as a test uses it.

declare module 'corestore-6' {
  class Corestore {
    constructor(directory: string)
    get(options: { name: string }): { append(block: string): Promise<unknown> }
    close(): Promise<void>
  }
  export default Corestore
}
