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

declare module 'blind-peer-muxer' {
  export default class BlindPeerMuxer {
    constructor(stream: object, handlers: object)
    addCores(request: {
      priority: number
      referrer: Uint8Array | null
      announce: boolean
      cores: readonly { readonly key: Uint8Array; readonly length: number }[]
    }): void
  }
}

declare module 'blind-peer-encodings' {
  export const AddCoreEncoding: object
}

declare module 'protomux-rpc' {
  export default class ProtomuxRPC {
    constructor(stream: object, options: { id: Uint8Array })
    request(method: string, value: object, encoding: object): Promise<unknown>
  }
}
