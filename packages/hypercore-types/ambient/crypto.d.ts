// Hashes, signatures, ids and errors: what key derivation and Hypercore are made of.

declare module 'hypercore-crypto' {
  import type { Bytes, KeyPair, TreeNode } from '@coreyard/hypercore-types'

  const crypto: {
    /** An Ed25519 key pair, from a seed of 32 bytes or a new one. */
    keyPair(seed?: Uint8Array): KeyPair<Bytes>
    /** Whether the public key is that of the secret key. */
    validateKeyPair(keyPair: KeyPair): boolean
    /** 64 bytes: the Ed25519 signature. */
    sign(message: Uint8Array, secretKey: Uint8Array): Uint8Array
    verify(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean
    /** 32 bytes: the discovery key of a key (32 bytes). */
    discoveryKey(key: Uint8Array): Bytes
    /** 32 bytes each: `count` namespaces, or those with these numbers. */
    namespace(name: string | Uint8Array, count: number | readonly number[]): Uint8Array[]
    randomBytes(size: number): Bytes
    /** 32 bytes: BLAKE2b of one buffer, or of many as if they were one. */
    hash(data: Uint8Array | readonly Uint8Array[], out?: Uint8Array): Uint8Array
    /** 32 bytes: the hash of a leaf of the tree, that is of a block. */
    data(block: Uint8Array): Uint8Array
    /** 32 bytes: the hash of the node above two. */
    parent(left: TreeNode, right: TreeNode): Uint8Array
    /** 32 bytes: the hash of a tree, of its roots. */
    tree(roots: readonly TreeNode[], out?: Uint8Array): Uint8Array
  }
  export default crypto
}

declare module 'hypercore-id-encoding' {
  import type { Bytes } from '@coreyard/hypercore-types'

  const id: {
    /** 52 characters of z-base-32, of 32 bytes. */
    encode(key: Uint8Array): string
    /** 32 bytes, of 52 characters of z-base-32, 64 of hex, or the bytes themselves. Throws for anything else. */
    decode(id: string | Uint8Array): Bytes
    /** `encode(decode(id))` */
    normalize(id: string | Uint8Array): string
    isValid(id: unknown): boolean
  }
  export default id
}

declare module 'hypercore-errors' {
  /** Makes the error of one code; the code has a message of its own. */
  type Make = (message?: string, discoveryKey?: Uint8Array | null) => HypercoreError
  /** Makes the error of one code. */
  type MakeWithMessage = (message: string, discoveryKey?: Uint8Array | null) => HypercoreError

  /** An error with a code, which its message begins with; it ends with the core's id if that is given. */
  class HypercoreError extends Error {
    constructor(message: string, code: string, fn?: unknown, discoveryKey?: Uint8Array | null)
    readonly code: string
    /** 32 bytes: of the core concerned. */
    readonly discoveryKey: Uint8Array | null
    /** Its code is `ERR_ASSERTION`. */
    static ASSERTION: MakeWithMessage
    static BAD_ARGUMENT: MakeWithMessage
    static STORAGE_EMPTY: MakeWithMessage
    static STORAGE_CONFLICT: MakeWithMessage
    static INVALID_SIGNATURE: MakeWithMessage
    static INVALID_CAPABILITY: MakeWithMessage
    static INVALID_CHECKSUM: Make
    static INVALID_OPERATION: MakeWithMessage
    static INVALID_PROOF: Make
    static BLOCK_NOT_AVAILABLE: Make
    static SNAPSHOT_NOT_AVAILABLE: Make
    static REQUEST_CANCELLED: Make
    static REQUEST_TIMEOUT: Make
    static SESSION_NOT_WRITABLE: Make
    static SESSION_CLOSED: Make
    static SESSION_MOVED: Make
    static BATCH_UNFLUSHED: Make
    static WRITE_FAILED: Make
    static DECODING_ERROR: Make
  }
  export default HypercoreError
}

declare module 'sodium-universal' {
  const sodium: {
    readonly crypto_generichash_BYTES: number
    readonly crypto_generichash_KEYBYTES: number
    readonly crypto_sign_PUBLICKEYBYTES: number
    readonly crypto_sign_SECRETKEYBYTES: number
    readonly crypto_sign_SEEDBYTES: number
    readonly crypto_sign_BYTES: number
    /** BLAKE2b of `input` into `output`, keyed if a key is given. */
    crypto_generichash(output: Uint8Array, input: Uint8Array, key?: Uint8Array): void
    /** BLAKE2b of all inputs, as if they were one. */
    crypto_generichash_batch(output: Uint8Array, inputs: readonly Uint8Array[], key?: Uint8Array): void
    /** Fills both keys from a seed of 32 bytes. */
    crypto_sign_seed_keypair(publicKey: Uint8Array, secretKey: Uint8Array, seed: Uint8Array): void
    /** Fills both keys. */
    crypto_sign_keypair(publicKey: Uint8Array, secretKey: Uint8Array): void
    /** Fills 64 bytes of `signature`. */
    crypto_sign_detached(signature: Uint8Array, message: Uint8Array, secretKey: Uint8Array): void
    crypto_sign_verify_detached(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean
    randombytes_buf(buffer: Uint8Array): void
    /** Whether two buffers of one length are equal, in a time that does not tell where they differ. */
    sodium_memcmp(a: Uint8Array, b: Uint8Array): boolean
    /** Zeroes the buffer. */
    sodium_memzero(buffer: Uint8Array): void
    /** Memory that is not swapped to the disk, between guard pages; plain memory where there is none. */
    sodium_malloc(size: number): Uint8Array
    /** Zeroes and frees what `sodium_malloc` gave. Not there in browsers. */
    sodium_free?(buffer: Uint8Array): void
  }
  export default sodium
}

declare module 'z32' {
  const z32: {
    readonly ALPHABET: string
    /** z-base-32, 8 characters for 5 bytes. */
    encode(bytes: Uint8Array | string): string
    decode(text: string, out?: Uint8Array): Uint8Array
  }
  export default z32
}

declare module 'safety-catch' {
  /** For `promise.catch`: takes every error but programming mistakes (`TypeError` and the like), which it throws. */
  export default function safetyCatch(error: unknown): void
}
