// Types of the untyped packages that only these tests use, as far as they use them.

declare module 'hyperbee' {
  export default class Hyperbee {
    constructor(core: object)
    put(key: string, value: string): Promise<void>
  }
}

declare module 'hyperdrive' {
  export default class Hyperdrive {
    constructor(store: object)
    put(path: string, file: Uint8Array): Promise<void>
  }
}
