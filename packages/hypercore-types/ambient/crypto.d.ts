// Hashes, signatures, ids and errors, which key derivation and Hypercore use.

declare module 'hypercore-crypto' {
  import type { Bytes, KeyPair, TreeNode } from '@coreyard/hypercore-types'

  const crypto: {
    /** Returns an Ed25519 key pair: derived from a seed of 32 bytes, or a random one. */
    keyPair(seed?: Uint8Array): KeyPair<Bytes>
    /** Whether the public key belongs to the secret key. */
    validateKeyPair(keyPair: KeyPair): boolean
    /** Returns the Ed25519 signature, 64 bytes. */
    sign(message: Uint8Array, secretKey: Uint8Array): Uint8Array
    verify(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean
    /** Returns the discovery key (32 bytes) of a key (32 bytes). */
    discoveryKey(key: Uint8Array): Bytes
    /** Returns `count` namespaces, or the namespaces with these numbers, 32 bytes each. */
    namespace(name: string | Uint8Array, count: number | readonly number[]): Uint8Array[]
    randomBytes(size: number): Bytes
    /** Returns the BLAKE2b hash (32 bytes) of one buffer, or of many as if they were one. */
    hash(data: Uint8Array | readonly Uint8Array[], out?: Uint8Array): Uint8Array
    /** Returns the hash (32 bytes) of a leaf of the tree, which is that of a block. */
    data(block: Uint8Array): Uint8Array
    /** Returns the hash (32 bytes) of the node above two nodes. */
    parent(left: TreeNode, right: TreeNode): Uint8Array
    /** Returns the hash (32 bytes) of a tree, computed from its roots. */
    tree(roots: readonly TreeNode[], out?: Uint8Array): Uint8Array
  }
  export default crypto
}

declare module 'hypercore-id-encoding' {
  import type { Bytes } from '@coreyard/hypercore-types'

  const id: {
    /** Encodes 32 bytes as 52 characters of z-base-32. */
    encode(key: Uint8Array): string
    /** Returns 32 bytes from 52 characters of z-base-32, 64 of hex, or the bytes themselves. Throws for anything else. */
    decode(id: string | Uint8Array): Bytes
    /** Returns `encode(decode(id))`. */
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

  /** An error with a code. Its message begins with the code, and ends with the core's id if a discovery key is given. */
  class HypercoreError extends Error {
    constructor(message: string, code: string, fn?: unknown, discoveryKey?: Uint8Array | null)
    readonly code: string
    /** 32 bytes: the discovery key of the core concerned. */
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
    /** Whether two buffers of the same length are equal, in constant time. */
    sodium_memcmp(a: Uint8Array, b: Uint8Array): boolean
    /** Zeroes the buffer. */
    sodium_memzero(buffer: Uint8Array): void
    /** Allocates memory that is not swapped to the disk, between guard pages; plain memory if the runtime has no such memory. */
    sodium_malloc(size: number): Uint8Array
    /** Zeroes and frees memory of `sodium_malloc`. It does not exist in browsers. */
    sodium_free?(buffer: Uint8Array): void
  }
  export default sodium
}

declare module 'z32' {
  const z32: {
    readonly ALPHABET: string
    /** Encodes bytes as z-base-32, 8 characters for 5 bytes. */
    encode(bytes: Uint8Array | string): string
    decode(text: string, out?: Uint8Array): Uint8Array
  }
  export default z32
}

declare module 'safety-catch' {
  /** For `promise.catch`: ignores every error except programming mistakes (such as `TypeError`), which it throws. */
  export default function safetyCatch(error: unknown): void
}
